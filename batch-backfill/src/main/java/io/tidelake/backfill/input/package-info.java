/**
 * Offline snapshots: folders of Parquet, tables of a Hive Metastore, statements; which files and
 * partitions there are, and reading their rows. A file that cannot be read is met here ({@link
 * io.tidelake.backfill.input.ParquetRows}): it is one rejected record with its reason, and {@code
 * max-rejects} says how many end the run.
 *
 * <p>May not write.
 */
package io.tidelake.backfill.input;
