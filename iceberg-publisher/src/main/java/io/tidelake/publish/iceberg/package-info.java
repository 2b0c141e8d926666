/**
 * Iceberg's side of a publication: the catalog in which tables are shown, schemas, column
 * statistics, files on the lake's storage.
 *
 * <p>May not know how Paimon lays out a snapshot.
 */
package io.tidelake.publish.iceberg;
