/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.paimon.format.parquet.ParquetSchemaConverter;
import org.apache.paimon.format.parquet.ParquetUtil;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;
import org.apache.paimon.options.Options;
import org.apache.paimon.shade.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.paimon.shade.org.apache.parquet.schema.MessageType;
import org.apache.paimon.shade.org.apache.parquet.schema.PrimitiveType;
import org.apache.paimon.shade.org.apache.parquet.schema.Type;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.LocalZonedTimestampType;
import org.apache.paimon.types.RowType;
import org.apache.paimon.types.TimestampType;

/**
 * What the end of a Parquet file says about it, whoever wrote it.
 *
 * @param type its columns, all of which may be NULL
 * @param rows how many rows it has
 */
record ParquetFooter(RowType type, long rows) {

  /**
   * Reads the end of a file.
   *
   * @throws IOException when it is no whole Parquet file; runtime exceptions say the same
   */
  static ParquetFooter read(FileIO fileIO, ParquetFiles.File file) throws IOException {
    try (ParquetFileReader reader =
        ParquetUtil.getParquetReader(fileIO, new Path(file.path()), file.size(), new Options())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      List<DataField> fields = new ArrayList<>();
      for (int i = 0; i < schema.getFieldCount(); i++) {
        Type type = schema.getType(i);
        DataField field = ParquetSchemaConverter.convertToPaimonField(withIds(type, i));
        fields.add(isInt96(type) ? field.newType(asInstant(field.type())) : field);
      }
      return new ParquetFooter(
          new RowType(
              fields.stream().map(field -> field.newType(field.type().copy(true))).toList()),
          reader.getRecordCount());
    }
  }

  private static boolean isInt96(Type type) {
    return type.isPrimitive()
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT96;
  }

  /** Files of other writers have no field ids, which Paimon asks for. */
  private static Type withIds(Type type, int id) {
    return type.isPrimitive()
        ? type.withId(id)
        : type.asGroupType()
            .withNewFields(
                type.asGroupType().getFields().stream().map(field -> withIds(field, 0)).toList())
            .withId(id);
  }

  /** The type of a timestamp that became an instant; other types stay. */
  static DataType asInstant(DataType type) {
    return type instanceof TimestampType time
        ? new LocalZonedTimestampType(time.isNullable(), time.getPrecision())
        : type;
  }
}
