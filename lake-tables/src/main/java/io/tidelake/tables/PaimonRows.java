package io.tidelake.tables;

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
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DecimalType;
import org.apache.paimon.types.MapType;

/** A few rows written by this process, without a Flink job. */
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
    BatchWriteBuilder builder = table.newBatchWriteBuilder();
    try (BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      for (InternalRow row : rows) {
        write.write(row);
      }
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
