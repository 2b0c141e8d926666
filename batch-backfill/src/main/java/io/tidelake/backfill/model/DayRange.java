/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A choice of closed days.
 *
 * @param from the first day; NULL when any day may be the first
 * @param before the day after the last
 * @param days these days only; NULL for all between
 */
public record DayRange(String from, String before, Set<String> days) {

  /** Some closed days. */
  public static DayRange of(Collection<String> days, String before) {
    return new DayRange(null, before, new TreeSet<>(days));
  }

  /** All closed days on which rows of the given first day and later ones may fall. */
  public static DayRange since(String first, String before) {
    return new DayRange(plusDays(first, -1), before, null);
  }

  public boolean contains(String day) {
    return day.compareTo(before) < 0
        && (from == null || day.compareTo(from) >= 0)
        && (days == null || days.contains(day));
  }

  /** The choice as a condition on the column dt. */
  public String toSql() {
    StringBuilder sql = new StringBuilder("dt < ").append(literal(before));
    if (from != null) {
      sql.append(" AND dt >= ").append(literal(from));
    }
    if (days != null) {
      sql.append(
          days.stream()
              .map(DayRange::literal)
              .collect(Collectors.joining(", ", " AND dt IN (", ")")));
    }
    return sql.toString();
  }

  /** The day so many days later; the same text when it is no day. */
  public static String plusDays(String day, int count) {
    try {
      return LocalDate.parse(day).plusDays(count).toString();
    } catch (DateTimeParseException e) {
      return day;
    }
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
