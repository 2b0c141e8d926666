package io.tidelake.tables;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Which days are open: those that streaming aggregation maintains. All others are closed, and only
 * batch rewrites them. Days are texts {@code yyyy-MM-dd}, in UTC, and are compared as texts.
 *
 * @param count a day is open while it is at most so many days before today
 */
public record OpenDays(int count) implements Serializable {

  // The same width for every year, or texts would not be in the order of time.
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);

  /** The first open day at an instant; the days before it are closed. */
  public String firstAt(Instant now) {
    return DAY.format(LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(count));
  }
}
