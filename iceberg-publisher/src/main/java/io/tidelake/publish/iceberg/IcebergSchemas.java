/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.iceberg;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.schema.TypeWidening;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.SpecialFields;
import org.apache.paimon.types.ArrayType;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeChecks;
import org.apache.paimon.types.DataTypeFamily;
import org.apache.paimon.types.MapType;
import org.apache.paimon.types.RowType;

/**
 * Iceberg's schema of a Paimon table. Columns keep Paimon's field ids, which are those in the data
 * files; so renamed, moved and added columns are read right from older files.
 */
public final class IcebergSchemas {

  /** The greatest precision of a timestamp that is stored in microseconds. */
  private static final int MICROSECONDS = 6;

  private static final int MILLISECONDS = 3;

  private IcebergSchemas() {}

  /**
   * The schema. Columns of the primary key are required; others are optional, also those that
   * Paimon calls NOT NULL, since an older file need not have them.
   *
   * @throws LakeException when Iceberg readers have no such type; names all such columns
   */
  public static Schema of(String table, TableSchema paimon) {
    List<String> unsupported = new ArrayList<>();
    List<NestedField> columns = new ArrayList<>();
    for (DataField field : paimon.fields()) {
      try {
        columns.add(
            column(field, paimon.primaryKeys().contains(field.name()), type(field.type(), field)));
      } catch (UnsupportedTypeException e) {
        unsupported.add(field.name() + " " + field.type().asSQLString() + " (" + e.why + ")");
      }
    }
    if (!unsupported.isEmpty()) {
      throw new LakeException(
          ErrorCode.TABLE_NOT_PUBLISHABLE,
          "The table "
              + table
              + " has columns that Iceberg readers cannot read: "
              + String.join(", ", unsupported)
              + ".",
          "Give these columns another type in " + table + ".sql, then run `lake tables plan`.");
    }
    return new Schema(columns);
  }

  private static NestedField column(DataField field, boolean required, Type type) {
    return NestedField.builder()
        .withId(field.id())
        .withName(field.name())
        .isOptional(!required)
        .ofType(type)
        .withDoc(field.description())
        .build();
  }

  /** The partitions of a table, as its columns have them. */
  public static PartitionSpec partitions(TableSchema paimon, Schema schema) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    paimon.partitionKeys().forEach(spec::identity);
    return spec.build();
  }

  /** The greatest field id of a schema, those inside of columns included. */
  public static int lastColumnId(Schema schema) {
    return TypeUtil.indexById(schema.asStruct()).keySet().stream()
        .mapToInt(Integer::intValue)
        .max()
        .orElse(0);
  }

  /**
   * Whether an Iceberg reader makes of files of one schema what Paimon makes of them under another.
   *
   * @param file the schema that the files were written with
   * @param now the schema of the table
   */
  public static boolean isReadableAs(TableSchema file, TableSchema now) {
    Map<Integer, DataType> written = new HashMap<>();
    file.fields().forEach(field -> written.put(field.id(), field.type()));
    return now.fields().stream()
        .allMatch(
            field ->
                !written.containsKey(field.id())
                    || isReadableAs(written.get(field.id()), field.type()));
  }

  private static boolean isReadableAs(DataType from, DataType to) {
    if (from.copy(true).equals(to.copy(true))) {
      return true;
    }
    if (!TypeWidening.keepsEveryValue(from, to)) {
      return false;
    }
    // Iceberg's timestamps all have six digits: to it, one that gets more of them stays the same.
    return to.is(DataTypeFamily.TIMESTAMP)
        || TypeUtil.isPromotionAllowed(type(from, 0, 0), type(to, 0, 0).asPrimitiveType());
  }

  private static Type type(DataType type, DataField column) {
    return type(type, column.id(), 0);
  }

  private static Type type(DataType type, int column, int depth) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> Types.BooleanType.get();
      case TINYINT, SMALLINT, INTEGER -> Types.IntegerType.get();
      case BIGINT -> Types.LongType.get();
      case FLOAT -> Types.FloatType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DECIMAL ->
          Types.DecimalType.of(DataTypeChecks.getPrecision(type), DataTypeChecks.getScale(type));
      case CHAR, VARCHAR -> Types.StringType.get();
      case BINARY, VARBINARY -> Types.BinaryType.get();
      case DATE -> Types.DateType.get();
      case TIMESTAMP_WITHOUT_TIME_ZONE -> {
        if (DataTypeChecks.getPrecision(type) > MICROSECONDS) {
          throw new UnsupportedTypeException("at most 6 digits of a second");
        }
        yield Types.TimestampType.withoutZone();
      }
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {
        // Paimon stores up to three digits in milliseconds, which Trino does not read.
        int precision = DataTypeChecks.getPrecision(type);
        if (precision <= MILLISECONDS || precision > MICROSECONDS) {
          throw new UnsupportedTypeException("4 to 6 digits of a second");
        }
        yield Types.TimestampType.withZone();
      }
      case ARRAY -> {
        DataType element = ((ArrayType) type).getElementType();
        yield Types.ListType.ofOptional(
            SpecialFields.getArrayElementFieldId(column, depth + 1),
            type(element, column, depth + 1));
      }
      case MAP -> {
        MapType map = (MapType) type;
        yield Types.MapType.ofOptional(
            SpecialFields.getMapKeyFieldId(column, depth + 1),
            SpecialFields.getMapValueFieldId(column, depth + 1),
            type(map.getKeyType(), column, depth + 1),
            type(map.getValueType(), column, depth + 1));
      }
      case ROW ->
          Types.StructType.of(
              ((RowType) type)
                  .getFields().stream()
                      .map(field -> column(field, false, type(field.type(), field)))
                      .toList());
      default -> throw new UnsupportedTypeException("no such type");
    };
  }

  private static final class UnsupportedTypeException extends RuntimeException {

    private final String why;

    private UnsupportedTypeException(String why) {
      this.why = why;
    }
  }
}
