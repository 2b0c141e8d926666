/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import io.tidelake.merge.law.Version;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonToRowDataConverters;
import org.apache.flink.formats.json.JsonToRowDataConverters.JsonToRowDataConverter;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.BooleanNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.IntNode;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the bytes of a change event into rows: one, or two for an update that changes the key,
 * which is a delete and a create. Never fails on what the bytes hold, unless it is to be strict.
 *
 * <p>A row has the columns of the source table, then the metadata that is wanted, and two more
 * fields for {@link LogClock}, which sets the version: the partition, and the commit time in
 * microseconds since 1970 as far as the log tells it.
 */
public final class ChangeEventDecoder implements KafkaRecordDeserializationSchema<RowData> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ChangeEventDecoder.class);

  /** How the reason of an event begins that says that the source has emptied its table. */
  public static final String EMPTIED = "the source has emptied this table (TRUNCATE)";

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_MILLI = 1_000;

  /** Of a change of which the log does not tell the time: right after the one before it. */
  private static final long UNKNOWN_TIME = 0;

  private final RowType columns;
  private final List<ChangeEventMetadata> metadata;
  private final ChangeEventOptions options;

  private transient ObjectMapper json;
  private transient JsonToRowDataConverter[] converters;
  private transient String[] names;
  private transient Set<String> known;
  private transient boolean[] isKey;
  private transient boolean[] isLocalTime;
  private transient boolean wantsBefore;
  private transient Set<String> told;

  /** Why an event cannot be read; expected, so without a stack trace. */
  private static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * A decoder of one source table.
   *
   * @param columns of the source table
   * @param metadata what follows them
   */
  ChangeEventDecoder(
      RowType columns, List<ChangeEventMetadata> metadata, ChangeEventOptions options) {
    this.columns = columns;
    this.metadata = metadata;
    this.options = options;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    json =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    told = new HashSet<>();
    wantsBefore = metadata.contains(ChangeEventMetadata.BEFORE);
    names = columns.getFieldNames().toArray(String[]::new);
    known = Set.of(names);
    converters = new JsonToRowDataConverter[names.length];
    isKey = new boolean[names.length];
    isLocalTime = new boolean[names.length];
    JsonToRowDataConverters all =
        new JsonToRowDataConverters(true, false, TimestampFormat.ISO_8601);
    for (int i = 0; i < names.length; i++) {
      LogicalType type = columns.getTypeAt(i);
      converters[i] = all.createConverter(type);
      isKey[i] = options.keyColumns().contains(names[i]);
      isLocalTime[i] =
          type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
              && !options.zone().normalized().equals(ZoneOffset.UTC)
              && !options.instantColumns().contains(names[i]);
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<RowData> out) {
    if (message.value() == null) {
      // A tombstone, for the compaction of the topic.
      return;
    }
    long committed = UNKNOWN_TIME;
    try {
      JsonNode event = json.readTree(message.value());
      committed = committedMicros(event, message);
      String op = op(event);
      JsonNode before = event.path("before");
      GenericRowData values = values(op.equals("d") ? before : event.path("after"), op);
      boolean tellsBefore = op.equals("u") && before.isObject();
      if (tellsBefore && changesKey(before, event.get("after"))) {
        out.collect(row(message, values(before, "d"), "d", null, null, null, committed));
      }
      String updated = tellsBefore && wantsBefore ? before.toString() : null;
      out.collect(row(message, values, op, updated, null, null, committed));
    } catch (IOException e) {
      out.collect(unreadable(message, "not JSON: " + firstLine(e), committed));
    } catch (UnreadableEventException e) {
      out.collect(unreadable(message, e.getMessage(), committed));
    }
  }

  /** The type of all fields that a row has here. */
  @Override
  public TypeInformation<RowData> getProducedType() {
    LogicalType[] types = new LogicalType[arity() + 2];
    for (int i = 0; i < columns.getFieldCount(); i++) {
      types[i] = columns.getTypeAt(i);
    }
    for (int i = 0; i < metadata.size(); i++) {
      // The version is not known yet.
      types[columns.getFieldCount() + i] = metadata.get(i).type().getLogicalType().copy(true);
    }
    types[arity()] = new IntType(false);
    types[arity() + 1] = new BigIntType(false);
    return InternalTypeInfo.ofFields(types);
  }

  private int arity() {
    return columns.getFieldCount() + metadata.size();
  }

  /**
   * When the source committed a change, in microseconds since 1970. A log that tells whole seconds
   * means any moment of the second: the last one is taken, so that what is known as of an earlier
   * moment does not pass for later. No change is committed after its message was written, whatever
   * the clock of a session at the source says.
   */
  private static long committedMicros(JsonNode event, ConsumerRecord<byte[], byte[]> message) {
    JsonNode source = event.path("source");
    long micros = source.path("ts_us").asLong(source.path("ts_ms").asLong() * MICROS_PER_MILLI);
    if (micros <= 0) {
      return UNKNOWN_TIME;
    }
    if (micros % MICROS_PER_SECOND == 0) {
      micros += MICROS_PER_SECOND - 1;
    }
    long written =
        message.timestamp() > 0
            ? (message.timestamp() + 1) * MICROS_PER_MILLI - 1
            : Version.MAX_MICROS;
    return Math.min(micros, Math.min(written, Version.MAX_MICROS));
  }

  private static String op(JsonNode event) throws UnreadableEventException {
    JsonNode reason = event.get("unreadable");
    if (reason != null && reason.isTextual()) {
      throw new UnreadableEventException(reason.asText());
    }
    JsonNode op = event.get("op");
    if (op == null || !op.isTextual()) {
      throw new UnreadableEventException("no \"op\": not a change event without schema");
    }
    return switch (op.asText()) {
      case "c", "u", "d", "r" -> op.asText();
      case "t" ->
          throw new UnreadableEventException(
              EMPTIED
                  + ", which deletes no rows here:"
                  + " `lake sources reread "
                  + event.path("source").path("table").asText()
                  + "` does");
      default -> throw new UnreadableEventException("unknown \"op\": " + op.asText());
    };
  }

  private boolean changesKey(JsonNode before, JsonNode after) {
    for (int i = 0; i < names.length; i++) {
      JsonNode value = before.get(names[i]);
      if (isKey[i] && value != null && !value.equals(after.get(names[i]))) {
        return true;
      }
    }
    return false;
  }

  private GenericRowData values(JsonNode image, String op) throws UnreadableEventException {
    if (!image.isObject()) {
      throw new UnreadableEventException(
          "an event of op " + op + " without its row: the source must log full rows");
    }
    GenericRowData values = new GenericRowData(arity() + 2);
    int missing = 0;
    for (int i = 0; i < names.length; i++) {
      JsonNode value = image.get(names[i]);
      if (value == null) {
        missing++;
        differs(names[i], "is missing");
      } else if (op.equals("d") && !isKey[i]) {
        // A value that cannot be read must not keep a deleted row.
        values.setField(i, valueOrNull(i, value));
      } else {
        values.setField(i, value(i, value));
      }
      if (isKey[i] && values.isNullAt(i)) {
        throw new UnreadableEventException("required column " + names[i] + " is NULL");
      }
    }
    if (image.size() > names.length - missing) {
      reportNewColumns(image);
    }
    return values;
  }

  private Object valueOrNull(int column, JsonNode value) {
    try {
      return value(column, value);
    } catch (UnreadableEventException e) {
      return null;
    }
  }

  /**
   * The value of a column. Flink's converter makes NULL of a decimal that is too large for its
   * column, rounds one with too many digits and cuts the fraction off a whole number, all without a
   * word: the source's column was widened, and the amounts would be wrong from then on.
   */
  private Object value(int column, JsonNode value) throws UnreadableEventException {
    if (value.isNull()) {
      return null;
    }
    Object converted;
    try {
      converted = converters[column].convert(asWanted(value, columns.getTypeAt(column)));
    } catch (RuntimeException e) {
      throw new UnreadableEventException("column " + names[column] + ": " + firstLine(e));
    }
    if (!isKept(value, converted)) {
      throw new UnreadableEventException(
          "column "
              + names[column]
              + ": "
              + value.asText()
              + " does not fit "
              + columns.getTypeAt(column).asSummaryString());
    }
    return isLocalTime[column] ? instant((TimestampData) converted) : converted;
  }

  /**
   * A TINYINT(1) comes as 0 or 1, and as false or true when a statement in the log called it
   * BOOLEAN; Flink's converter makes false of every number.
   */
  private static JsonNode asWanted(JsonNode value, LogicalType type) {
    if (value.isNumber() && type.is(LogicalTypeRoot.BOOLEAN)) {
      return BooleanNode.valueOf(value.decimalValue().signum() != 0);
    }
    if (value.isBoolean() && type.is(LogicalTypeFamily.NUMERIC)) {
      return IntNode.valueOf(value.booleanValue() ? 1 : 0);
    }
    return value;
  }

  /**
   * The instant of a local time of the source. One that a change of clocks skips or repeats is
   * taken with the offset before the change.
   */
  private TimestampData instant(TimestampData local) {
    LocalDateTime time = LocalDateTime.ofInstant(local.toInstant(), ZoneOffset.UTC);
    return TimestampData.fromInstant(time.atZone(options.zone()).toInstant());
  }

  private static boolean isKept(JsonNode value, Object converted) {
    if (converted instanceof DecimalData decimal) {
      return decimal.toBigDecimal().compareTo(new BigDecimal(value.asText().trim())) == 0;
    }
    if (converted instanceof Integer || converted instanceof Long) {
      return !value.isFloatingPointNumber()
          || value.decimalValue().compareTo(BigDecimal.valueOf(((Number) converted).longValue()))
              == 0;
    }
    return converted != null;
  }

  private void reportNewColumns(JsonNode image) {
    for (Iterator<String> names = image.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        differs(name, "is new and left out");
      }
    }
  }

  /** Says once that the source has other columns than its file. */
  private void differs(String column, String how) {
    if (options.strict()) {
      throw new FlinkRuntimeException(
          "SOURCE_CHANGED: in an event of a strict source the column "
              + column
              + " "
              + how
              + ". `lake sources check` says what to write to adopt the change.");
    }
    if (told.add(column)) {
      LOG.warn("The column {} {} in change events of {}", column, how, columns.getFieldNames());
    }
  }

  private RowData unreadable(
      ConsumerRecord<byte[], byte[]> message, String reason, long committed) {
    GenericRowData values = new GenericRowData(arity() + 2);
    String key = message.key() == null ? "" : text(message.key()) + " ";
    return row(message, values, null, null, reason, key + text(message.value()), committed);
  }

  private RowData row(
      ConsumerRecord<byte[], byte[]> message,
      GenericRowData row,
      String op,
      String before,
      String error,
      String payload,
      long committed) {
    int next = names.length;
    for (ChangeEventMetadata key : metadata) {
      row.setField(
          next++,
          switch (key) {
            case OP -> StringData.fromString(op);
            case BEFORE -> StringData.fromString(before);
            case ERROR -> StringData.fromString(error);
            case PAYLOAD -> StringData.fromString(payload);
            case ROW_VERSION -> null;
            case TOPIC -> StringData.fromString(message.topic());
            case PARTITION -> message.partition();
            case OFFSET -> message.offset();
            case PLACE -> StringData.fromString(message.partition() + "/" + message.offset());
            case TIMESTAMP -> TimestampData.fromEpochMillis(message.timestamp());
          });
    }
    row.setField(next, message.partition());
    row.setField(next + 1, committed);
    return row;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }
}
