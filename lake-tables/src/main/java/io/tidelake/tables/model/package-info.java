/**
 * What a table is, in plain records: columns, keys, column groups, options, the view that hides
 * deleted rows, one change of a schema. {@link io.tidelake.tables.model.MergeLawCheck} refuses
 * definitions that would break the merge law.
 *
 * <p>May not depend on Flink or Paimon: files are read in {@code tables.schema}, the catalog is
 * asked in {@code tables.catalog}.
 */
package io.tidelake.tables.model;
