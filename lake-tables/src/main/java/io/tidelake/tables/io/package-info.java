/**
 * Rows and files of single tables without Flink: the lake's own records (tables {@code ops_…}),
 * values between Paimon and Java, how many rows a query would see, counted deletions.
 *
 * <p>May not decide what is written; it only reads and writes.
 */
package io.tidelake.tables.io;
