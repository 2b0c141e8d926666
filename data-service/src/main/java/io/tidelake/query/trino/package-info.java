/**
 * Trino over JDBC: its address, a session, its errors in plain words.
 *
 * <p>May not format results.
 */
package io.tidelake.query.trino;
