/**
 * Writing a snapshot into a table: the mapping of its columns, rows one by one with their rejects,
 * one Flink job per partition, limits of rate and of rejects.
 *
 * <p>May not decide which partitions, nor what follows.
 */
package io.tidelake.backfill.write;
