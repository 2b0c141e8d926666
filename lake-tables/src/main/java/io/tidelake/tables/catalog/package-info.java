/**
 * The lake's catalog: opening it, finding tables, definitions and snapshots, in a folder, on an
 * object store or in a Hive Metastore. {@link io.tidelake.tables.catalog.CommitSafety} refuses a
 * set-up in which two commits could overwrite each other; where they see each other, Paimon repeats
 * the one that came second ({@code commit.max-retries}).
 *
 * <p>One place opens catalogs, and it is this. May not start Flink jobs.
 */
package io.tidelake.tables.catalog;
