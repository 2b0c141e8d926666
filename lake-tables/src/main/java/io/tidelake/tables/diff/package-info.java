/**
 * Comparing two states of a table, row by row, and counting what differs, column group by column
 * group, without Flink: what a commit changed, whether two tables agree.
 *
 * <p>May not know backfills or jobs: they ask it.
 */
package io.tidelake.tables.diff;
