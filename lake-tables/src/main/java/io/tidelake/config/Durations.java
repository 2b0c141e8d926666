/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.util.TimeUtils;

/** Durations as the configuration writes them: a number and a unit, or {@code forever}. */
public final class Durations {

  /** Without an end. */
  public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

  private static final String FOREVER_TEXT = "forever";

  private static final Map<ChronoUnit, String> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put(ChronoUnit.DAYS, "d");
    UNITS.put(ChronoUnit.HOURS, "h");
    UNITS.put(ChronoUnit.MINUTES, "min");
    UNITS.put(ChronoUnit.SECONDS, "s");
  }

  private Durations() {}

  /**
   * Reads a duration; units are those of Flink's options.
   *
   * @param text as {@code 7 d}, {@code 90 min}, {@code 500 ms} or {@code forever}
   * @throws IllegalArgumentException when it is none
   */
  public static Duration parse(String text) {
    return text.strip().equals(FOREVER_TEXT) ? FOREVER : TimeUtils.parseDuration(text);
  }

  /** Writes a duration in the largest unit that fits. */
  public static String format(Duration duration) {
    if (duration.equals(FOREVER)) {
      return FOREVER_TEXT;
    }
    for (Map.Entry<ChronoUnit, String> unit : UNITS.entrySet()) {
      Duration one = unit.getKey().getDuration();
      if (!duration.isZero() && duration.equals(one.multipliedBy(duration.dividedBy(one)))) {
        return duration.dividedBy(one) + " " + unit.getValue();
      }
    }
    return duration.toMillis() + " ms";
  }
}
