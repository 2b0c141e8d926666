/**
 * Questions to the lake over JDBC: connecting to Trino, its errors in plain words, results in each
 * format, query files with parameters.
 *
 * <p>May not know commands or screens.
 */
package io.tidelake.query;
