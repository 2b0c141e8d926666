/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.iceberg;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.format.SimpleColStats;
import org.apache.paimon.io.DataFileMeta;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.stats.SimpleStats;
import org.apache.paimon.types.DataField;

/**
 * What Paimon knows of the values in a file, as Iceberg says it; readers skip files by it. A column
 * of which nothing is known is left out.
 */
public final class ColumnStatistics {

  private final Schema schema;
  private final long rows;
  private final Map<Integer, Long> values = new HashMap<>();
  private final Map<Integer, Long> nulls = new HashMap<>();
  private final Map<Integer, ByteBuffer> lower = new HashMap<>();
  private final Map<Integer, ByteBuffer> upper = new HashMap<>();

  private ColumnStatistics(Schema schema, long rows) {
    this.schema = schema;
    this.rows = rows;
  }

  /**
   * The statistics of one of Paimon's files.
   *
   * @param schema the table's schema now
   * @param written the schema that the file was written with
   */
  public static Metrics of(DataFileMeta file, TableSchema written, Schema schema) {
    ColumnStatistics statistics = new ColumnStatistics(schema, file.rowCount());
    SimpleStats stats = file.valueStats();
    List<DataField> columns =
        file.valueStatsCols() == null
            ? written.fields()
            : written.projectedLogicalRowType(file.valueStatsCols()).getFields();
    if (file.writeCols() == null && stats.minValues().getFieldCount() == columns.size()) {
      for (int i = 0; i < columns.size(); i++) {
        InternalRow.FieldGetter getter = InternalRow.createFieldGetter(columns.get(i).type(), i);
        statistics.add(
            columns.get(i),
            getter.getFieldOrNull(stats.minValues()),
            getter.getFieldOrNull(stats.maxValues()),
            stats.nullCounts().isNullAt(i) ? null : stats.nullCounts().getLong(i));
      }
    }
    return statistics.metrics();
  }

  /** The statistics of a file just written, one for each column. */
  public static Metrics of(
      long rows, List<DataField> columns, SimpleColStats[] stats, Schema schema) {
    ColumnStatistics statistics = new ColumnStatistics(schema, rows);
    for (int i = 0; i < columns.size(); i++) {
      statistics.add(columns.get(i), stats[i].min(), stats[i].max(), stats[i].nullCount());
    }
    return statistics.metrics();
  }

  private void add(DataField column, Object min, Object max, Long nullCount) {
    NestedField field = schema.findField(column.id());
    if (field == null || !field.type().isPrimitiveType()) {
      return;
    }
    if (nullCount != null) {
      values.put(field.fieldId(), rows);
      nulls.put(field.fieldId(), nullCount);
    }
    put(lower, field, min);
    put(upper, field, max);
  }

  private static void put(Map<Integer, ByteBuffer> bounds, NestedField field, Object value) {
    Object converted = value == null ? null : icebergValue(value, field.type());
    if (converted != null) {
      bounds.put(field.fieldId(), Conversions.toByteBuffer(field.type(), converted));
    }
  }

  /** NULL for types whose bounds are of no use. */
  public static Object icebergValue(Object value, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> value;
      case INTEGER, DATE -> ((Number) value).intValue();
      case LONG -> ((Number) value).longValue();
      case FLOAT -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case STRING -> value.toString();
      case DECIMAL -> decimal((Decimal) value);
      case TIMESTAMP -> ((Timestamp) value).toMicros();
      default -> null;
    };
  }

  private static BigDecimal decimal(Decimal value) {
    return value.toBigDecimal();
  }

  private Metrics metrics() {
    return new Metrics(rows, null, values, nulls, null, lower, upper);
  }
}
