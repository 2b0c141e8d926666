/**
 * Answers questions by Flink in batch inside this process, where there is no Trino: the tables as
 * they are now, read only.
 *
 * <p>May not know Trino, commands or screens.
 */
package io.tidelake.query.flink;
