/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.connect;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import io.debezium.time.IsoDate;
import io.debezium.time.IsoTimestamp;
import io.debezium.time.ZonedTimestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Makes NULL of dates that are none, as 0000-00-00 and 2026-02-00, in columns that know no NULL.
 * Debezium itself makes the column's default of them, or the year 1970, and nobody could tell such
 * a value from a real one. All other values come in the form of {@code
 * time.precision.mode=isostring}.
 */
public final class ZeroDates implements CustomConverter<SchemaBuilder, RelationalColumn> {

  /** Its properties in a connector, where it is named {@code name}. */
  public static Map<String, String> properties(String name) {
    return Map.of("converters", name, name + ".type", ZeroDates.class.getName());
  }

  @Override
  public void configure(Properties properties) {
    // Nothing can be configured.
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    String type = column.typeName().toUpperCase(Locale.ROOT);
    if (type.equals("DATE")) {
      registration.register(
          IsoDate.builder().optional(), value -> text(value, v -> IsoDate.toIsoString(v, null)));
    } else if (type.equals("DATETIME")) {
      registration.register(
          IsoTimestamp.builder().optional(),
          value -> text(value, v -> IsoTimestamp.toIsoString(v, null)));
    } else if (type.equals("TIMESTAMP")) {
      registration.register(
          ZonedTimestamp.builder().optional(),
          value ->
              text(
                  isEpoch(value) ? null : value,
                  v -> ZonedTimestamp.toIsoString(v, ZoneOffset.UTC, null, null)));
    }
  }

  /** A default comes as text already. */
  private static Object text(Object value, Function<Object, String> iso) {
    return value == null || value instanceof String ? value : iso.apply(value);
  }

  /** MariaDB's least TIMESTAMP is a second later: this is how it writes the zero date. */
  private static boolean isEpoch(Object value) {
    return value instanceof ZonedDateTime zoned && zoned.toInstant().equals(Instant.EPOCH)
        || value instanceof OffsetDateTime offset && offset.toInstant().equals(Instant.EPOCH);
  }
}
