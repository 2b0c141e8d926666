/**
 * The lake's catalog: opening it, finding tables, definitions and snapshots, in a folder, on an
 * object store or in a Hive Metastore. {@link io.tidelake.tables.catalog.CommitSafety} refuses a
 * set-up in which two commits could overwrite each other; where they see each other, Paimon repeats
 * the one that came second ({@code commit.max-retries}).
 *
 * <p>One place opens catalogs ({@link io.tidelake.tables.catalog.CatalogContexts}), one connects to
 * metastores ({@link io.tidelake.tables.catalog.HiveMetastore}), and one knows what a metastore
 * makes different ({@code HiveRegistration}). Which changes a table needs is found in {@code
 * tables.schema}; here they are only done. May not start Flink jobs.
 */
package io.tidelake.tables.catalog;
