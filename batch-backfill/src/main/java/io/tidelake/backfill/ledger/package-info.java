/**
 * What is recorded of backfills and kept after they end: runs and receipts in tables {@code ops_…},
 * the tag of each commit, the lock of each partition, the consumer that keeps the snapshots of a
 * run.
 *
 * <p>May not write data of the tables that are filled.
 */
package io.tidelake.backfill.ledger;
