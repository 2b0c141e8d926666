/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatWriter;
import org.apache.paimon.fs.PositionOutputStream;
import org.apache.paimon.fs.local.LocalFileIO;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataTypeJsonParser;
import org.apache.paimon.types.RowType;

/**
 * A Parquet file with the columns of a table that an offline warehouse has: no partition's, and
 * none that only orders records in the lake.
 */
public final class ExportFile implements AutoCloseable {

  private static final String COMPRESSION = "zstd";

  private final RowType type;
  private final PositionOutputStream out;
  private final FormatWriter writer;

  private ExportFile(RowType type, PositionOutputStream out, FormatWriter writer) {
    this.type = type;
    this.out = out;
    this.writer = writer;
  }

  /**
   * Begins a file.
   *
   * @param definition the table whose columns it has
   * @param file must not exist; its folder is created when missing
   */
  public static ExportFile create(TableDefinition definition, Path file) throws IOException {
    RowType type = columns(definition);
    Files.createDirectories(file.getParent());
    PositionOutputStream out =
        LocalFileIO.create().newOutputStream(new org.apache.paimon.fs.Path(file.toUri()), false);
    FormatWriter writer =
        FileFormat.fromIdentifier("parquet", new Options())
            .createWriterFactory(type)
            .create(out, COMPRESSION);
    return new ExportFile(type, out, writer);
  }

  private static RowType columns(TableDefinition definition) {
    RowType.Builder type = RowType.builder();
    for (Column column : definition.columns()) {
      if (!definition.partitionKeys().contains(column.name())
          && !column.name().endsWith("_version")
          && !column.name().equals("log_position")) {
        type.field(column.name(), DataTypeJsonParser.parseAtomicTypeSQLString(column.type()));
      }
    }
    return type.build();
  }

  /**
   * Adds a row.
   *
   * @param row a value for each column of the file, as {@link PaimonRows#value} takes it; what it
   *     has more is left out
   */
  public void write(Map<String, Object> row) throws IOException {
    GenericRow values = new GenericRow(type.getFieldCount());
    for (int i = 0; i < type.getFieldCount(); i++) {
      DataField column = type.getFields().get(i);
      if (!row.containsKey(column.name())) {
        throw new IllegalStateException(
            "Nothing is known of the column " + column.name() + ", only " + row.keySet());
      }
      values.setField(i, PaimonRows.value(row.get(column.name()), column.type()));
    }
    writer.addElement(values);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      writer.close();
    }
  }
}
