/**
 * Tables as SQL files: reading them, comparing them with the catalog ({@code TableDiff}), putting
 * the difference into Paimon's words ({@code SchemaChanges}), and making the catalog equal ({@code
 * TableUpdate}; {@code lake tables plan} and {@code apply}). {@link
 * io.tidelake.tables.schema.SqlScript} reads every SQL file of a project, those of pipelines and
 * queries too.
 *
 * <p>May not read or write rows.
 */
package io.tidelake.tables.schema;
