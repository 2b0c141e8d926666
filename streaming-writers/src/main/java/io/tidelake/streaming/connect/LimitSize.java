/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.connect;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Replaces change events that are larger than Kafka takes. Without it one of them ends capture of
 * all tables. In the place of such an event comes one with the same topic and key, whose value says
 * what became of it:
 *
 * <pre>{"op": "u", "source": {…}, "key": {…}, "unreadable": "an event of 20971811 bytes, more than
 * the limit of 16777216 bytes"}</pre>
 *
 * <p>Sizes are those of the value as JSON, in bytes; both images of an update count. What has no
 * {@code op} passes.
 *
 * @param <R> records of a source or a sink; Connect's own type
 */
public final class LimitSize<R extends ConnectRecord<R>> implements Transformation<R> {

  /** The limit of the local stack: 16 MB. */
  public static final int LIMIT_BYTES = 16 << 20;

  /** What Kafka must take of one record: the largest value, its key and what goes with them. */
  public static final int KAFKA_BYTES = LIMIT_BYTES + (1 << 20);

  static final String LIMIT = "limit.bytes";
  static final String UNREADABLE = "unreadable";

  private static final String OP = "op";
  private static final String SOURCE = "source";
  private static final String KEY = "key";

  /** At most so many bytes become of one byte of text in JSON: \\u0000. */
  private static final int WORST_ESCAPE = 6;

  /** Names and numbers of two images of a row of 4,096 columns, the most that MariaDB knows. */
  private static final long MOST_OF_OTHERS = 1 << 20;

  private static final ConfigDef OPTIONS =
      new ConfigDef()
          .define(
              LIMIT,
              ConfigDef.Type.LONG,
              ConfigDef.NO_DEFAULT_VALUE,
              ConfigDef.Range.atLeast(1),
              ConfigDef.Importance.HIGH,
              "How many bytes the value of an event may have as JSON.");

  /** Its properties in a connector. */
  public static Map<String, String> properties(long limitBytes) {
    return Map.of("type", LimitSize.class.getName(), LIMIT, String.valueOf(limitBytes));
  }

  private final JsonConverter json = new JsonConverter();
  private long limit;

  @Override
  public void configure(Map<String, ?> properties) {
    limit = new AbstractConfig(OPTIONS, properties).getLong(LIMIT);
    json.configure(Map.of("schemas.enable", false), false);
  }

  /** The record, or what stands for it when it is too large. */
  @Override
  public R apply(R event) {
    if (!(event.value() instanceof Struct value) || value.schema().field(OP) == null) {
      return event;
    }
    long bytes = bytes(event);
    return bytes <= limit ? event : replacement(event, value, bytes);
  }

  @Override
  public ConfigDef config() {
    return OPTIONS;
  }

  @Override
  public void close() {
    json.close();
  }

  /** Exact where that decides; else what its texts have, which are most of a large event. */
  private long bytes(R event) {
    long texts = texts(event.value());
    if (texts > limit || texts * WORST_ESCAPE + MOST_OF_OTHERS <= limit) {
      return texts;
    }
    return json.fromConnectData(event.topic(), event.valueSchema(), event.value()).length;
  }

  private static long texts(Object value) {
    if (value instanceof String text) {
      return Utils.utf8Length(text);
    }
    if (value instanceof byte[] bytes) {
      return base64(bytes.length);
    }
    if (value instanceof ByteBuffer bytes) {
      return base64(bytes.remaining());
    }
    long sum = 0;
    if (value instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        sum += texts(struct.getWithoutDefault(field.name()));
      }
    }
    return sum;
  }

  private static long base64(int bytes) {
    return (bytes + 2L) / 3 * 4;
  }

  private R replacement(R event, Struct value, long bytes) {
    SchemaBuilder schema = SchemaBuilder.struct().field(OP, Schema.STRING_SCHEMA);
    Field source = value.schema().field(SOURCE);
    if (source != null) {
      schema.field(SOURCE, source.schema());
    }
    if (event.key() != null && event.keySchema() != null) {
      schema.field(KEY, event.keySchema());
    }
    Struct replacement = new Struct(schema.field(UNREADABLE, Schema.STRING_SCHEMA).build());
    replacement.put(OP, value.getString(OP));
    if (source != null) {
      replacement.put(SOURCE, value.get(source));
    }
    if (event.key() != null && event.keySchema() != null) {
      replacement.put(KEY, event.key());
    }
    replacement.put(
        UNREADABLE,
        "an event of %d bytes, more than the limit of %d bytes".formatted(bytes, limit));
    return event.newRecord(
        event.topic(),
        event.kafkaPartition(),
        event.keySchema(),
        event.key(),
        replacement.schema(),
        replacement,
        event.timestamp(),
        event.headers());
  }
}
