/**
 * The publisher: it mirrors each snapshot of each table into Iceberg metadata, so that Trino and
 * other readers see the tables without Paimon ({@code lake publish}). Here is the loop over all
 * tables ({@code Publisher}), the removal of tables that were dropped ({@code DroppedTables}), and
 * what is told of both: states, report and status.
 *
 * <p>May not write data of the lake, and may not touch tables that are not its own. The work on one
 * table is in {@code publish.mirror}.
 */
package io.tidelake.publish;
