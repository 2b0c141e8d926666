/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.io;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.GenericMap;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DecimalType;
import org.apache.paimon.types.MapType;

/** Rows written by this process, without a Flink job. */
public final class PaimonRows {

  private PaimonRows() {}

  /**
   * Writes rows in one commit.
   *
   * @param rows their row kinds count
   * @throws Exception when they cannot be written; none of them is visible then
   */
  public static void write(FileStoreTable table, List<? extends InternalRow> rows)
      throws Exception {
    write(
        table,
        writer -> {
          for (InternalRow row : rows) {
            writer.write(row);
          }
        });
  }

  /** Hands rows to a writer, one after the other. */
  @FunctionalInterface
  public interface Rows {
    void writeTo(BatchTableWrite writer) throws Exception;
  }

  /**
   * The same for many rows, which need not be in memory together.
   *
   * @param rows are asked once
   */
  public static void write(FileStoreTable table, Rows rows) throws Exception {
    BatchWriteBuilder builder = table.newBatchWriteBuilder();
    try (IOManager spill = IOManager.create(System.getProperty("java.io.tmpdir"));
        BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      write.withIOManager(spill);
      rows.writeTo(write);
      commit.commit(write.prepareCommit());
    }
  }

  /**
   * A value as Paimon's rows hold it.
   *
   * @param value a text, an {@link Instant}, a {@link BigDecimal}, a map of these, or what Paimon
   *     takes as it is; NULL stays NULL
   * @param type of its column
   */
  public static Object value(Object value, DataType type) {
    if (value instanceof String text) {
      return BinaryString.fromString(text);
    }
    if (value instanceof Instant instant) {
      return Timestamp.fromInstant(instant);
    }
    if (value instanceof BigDecimal amount) {
      DecimalType decimal = (DecimalType) type;
      return Decimal.fromBigDecimal(amount, decimal.getPrecision(), decimal.getScale());
    }
    if (value instanceof Map<?, ?> map) {
      MapType entry = (MapType) type;
      Map<Object, Object> converted = new HashMap<>();
      map.forEach(
          (key, item) ->
              converted.put(value(key, entry.getKeyType()), value(item, entry.getValueType())));
      return new GenericMap(converted);
    }
    return value;
  }
}
