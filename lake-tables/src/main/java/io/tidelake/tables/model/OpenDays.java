/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import io.tidelake.config.LakeConfig;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Which days are open: those that streaming aggregation maintains. All others are closed, and only
 * batch rewrites them. Days are texts {@code yyyy-MM-dd} and are compared as texts.
 *
 * @param count a day is open while it is at most so many days before today
 * @param zone where it is today: the business time zone
 */
public record OpenDays(int count, ZoneId zone) implements Serializable {

  // The same width for every year, or texts would not be in the order of time.
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);

  /** The open days of a configuration. */
  public static OpenDays of(LakeConfig config) {
    return new OpenDays(config.openDays(), config.timeZone());
  }

  /** The first open day at an instant; the days before it are closed. */
  public String firstAt(Instant now) {
    return DAY.format(LocalDate.ofInstant(now, zone).minusDays(count));
  }
}
