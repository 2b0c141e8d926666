/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.flink.LogicalTypeConversion;
import org.apache.paimon.schema.Schema;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;

/** Definitions as Paimon's schemas, and back. */
public final class PaimonSchemas {

  private PaimonSchemas() {}

  /** The schema with which Paimon creates a table. */
  public static Schema schema(TableDefinition definition) {
    Schema.Builder schema =
        Schema.newBuilder()
            .primaryKey(definition.primaryKey())
            .partitionKeys(definition.partitionKeys())
            .options(definition.options())
            .comment(definition.comment());
    for (Column column : definition.columns()) {
      schema.column(column.name(), type(column.type()), column.comment());
    }
    return schema.build();
  }

  /** What a table of Paimon is; no column says that it was renamed. */
  public static TableDefinition definition(FileStoreTable table) {
    List<Column> columns = new ArrayList<>();
    for (DataField field : table.rowType().getFields()) {
      columns.add(
          new Column(
              field.name(),
              field.type().asSQLString(),
              Objects.requireNonNullElse(field.description(), ""),
              null));
    }
    return new TableDefinition(
        table.name(),
        table.comment().orElse(""),
        columns,
        table.primaryKeys(),
        table.partitionKeys(),
        options(table.schema()));
  }

  /** The options of a schema that a file can set: without the table's place, which Paimon adds. */
  public static Map<String, String> options(TableSchema schema) {
    Map<String, String> options = new HashMap<>(schema.options());
    options.remove(CoreOptions.PATH.key());
    return options;
  }

  /**
   * Paimon's type of a {@link Column}.
   *
   * @param sql the SQL type, as {@code DECIMAL(12, 2) NOT NULL}
   */
  public static DataType type(String sql) {
    // Paimon itself parses the text of simple types only.
    return LogicalTypeConversion.toDataType(
        LogicalTypeParser.parse(sql, PaimonSchemas.class.getClassLoader()));
  }
}
