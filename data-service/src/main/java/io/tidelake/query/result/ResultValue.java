/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import io.trino.jdbc.Row;
import io.trino.jdbc.RowField;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of a result in Java, and as text. */
public final class ResultValue {

  private ResultValue() {}

  /**
   * A value of the current row.
   *
   * @param column from 1
   */
  public static Object read(ResultSet rows, int column) throws SQLException {
    return switch (rows.getMetaData().getColumnType(column)) {
      // The driver's java.sql types would show the time zone of this machine.
      case Types.TIMESTAMP_WITH_TIMEZONE -> instant(rows.getObject(column, ZonedDateTime.class));
      case Types.TIMESTAMP -> rows.getObject(column, LocalDateTime.class);
      case Types.DATE -> rows.getObject(column, LocalDate.class);
      default -> plain(rows.getObject(column), rows, column);
    };
  }

  private static Instant instant(ZonedDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Object plain(Object value, ResultSet rows, int column) throws SQLException {
    return value == null
            || isPlain(value)
            || value instanceof Array
            || value instanceof Row
            || value instanceof Map<?, ?>
        ? nested(value)
        : rows.getString(column);
  }

  private static Object nested(Object value) throws SQLException {
    if (value instanceof Array array) {
      return nested(Arrays.asList((Object[]) array.getArray()));
    }
    if (value instanceof List<?> items) {
      List<Object> converted = new ArrayList<>();
      for (Object item : items) {
        converted.add(nested(item));
      }
      return converted;
    }
    if (value instanceof Row row) {
      Map<String, Object> converted = new LinkedHashMap<>();
      for (RowField field : row.getFields()) {
        converted.put(
            field.getName().orElse("field" + field.getOrdinal()), nested(field.getValue()));
      }
      return converted;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<String, Object> converted = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        converted.put(text(entry.getKey()), nested(entry.getValue()));
      }
      return converted;
    }
    return value == null || isPlain(value) ? value : value.toString();
  }

  private static boolean isPlain(Object value) {
    return value instanceof Number || value instanceof Boolean || value instanceof String;
  }

  /** As people read it; NULL is the text NULL. */
  static String text(Object value) {
    if (value == null) {
      return "NULL";
    }
    return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
  }
}
