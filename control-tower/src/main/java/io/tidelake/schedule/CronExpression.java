/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;
import java.util.Optional;

/**
 * Whole minutes at which something happens, by the clocks of a time zone. When these go forward,
 * the times that they skip come together in the moment after; when they go back, a time that comes
 * twice counts once, the first time.
 */
final class CronExpression {

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final Cron cron;
  private final ExecutionTime times;
  private final ZoneId zone;

  private CronExpression(Cron cron, ZoneId zone) {
    this.cron = cron;
    this.times = ExecutionTime.forCron(cron);
    this.zone = zone;
  }

  /**
   * Reads an expression of five fields.
   *
   * @param zone whose clocks say the time
   * @throws IllegalArgumentException when it is not one
   */
  static CronExpression parse(String text, ZoneId zone) {
    return new CronExpression(PARSER.parse(text).validate(), zone);
  }

  /**
   * The expression with single spaces, and the time zone behind it unless that is UTC: equal for
   * texts that differ in blanks only.
   */
  String text() {
    return zone.normalized().equals(ZoneOffset.UTC)
        ? cron.asString()
        : cron.asString() + " " + zone;
  }

  /** The expression as an English phrase. */
  String inWords() {
    return CronDescriptor.instance(Locale.ENGLISH).describe(cron);
  }

  /** The first time after another; empty when there is none any more. */
  Optional<Instant> after(Instant time) {
    Optional<LocalDateTime> next = nextLocal(local(time));
    // One that comes twice may have come already.
    while (next.isPresent() && !instant(next.get()).isAfter(time)) {
      next = nextLocal(next.get());
    }
    return next.map(this::instant);
  }

  /** The last time before another, which is a whole minute; empty when there was none. */
  private Optional<Instant> before(Instant time) {
    // Where clocks went back since, they showed later times before.
    LocalDateTime now = local(time);
    LocalDateTime then = local(time, zone.getRules().getOffset(time.minus(Duration.ofDays(1))));
    Optional<LocalDateTime> last = lastLocal(now.isAfter(then) ? now : then);
    while (last.isPresent() && !instant(last.get()).isBefore(time)) {
      last = lastLocal(last.get());
    }
    return last.map(this::instant);
  }

  /**
   * The oldest of the newest times of a span; empty when the span has none. It looks back from the
   * end, so that a long span costs nothing.
   *
   * @param after begin of the span, exclusive
   * @param until end of the span, inclusive
   * @param most how many of the newest times count, 1 for the newest alone
   */
  Optional<Instant> oldestOfNewest(Instant after, Instant until, int most) {
    Optional<Instant> oldest = Optional.empty();
    Instant before = until.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    for (int found = 0; found < most; found++) {
      Optional<Instant> time = before(before);
      if (time.isEmpty() || !time.get().isAfter(after)) {
        break;
      }
      oldest = time;
      before = time.get();
    }
    return oldest;
  }

  private LocalDateTime local(Instant time) {
    return local(time, zone.getRules().getOffset(time));
  }

  private static LocalDateTime local(Instant time, ZoneOffset offset) {
    return LocalDateTime.ofInstant(time, offset).truncatedTo(ChronoUnit.MINUTES);
  }

  private Instant instant(LocalDateTime local) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap() ? change.getInstant() : local.atZone(zone).toInstant();
  }

  // The library gets times of clocks that never change: it has other rules for those that do.

  private Optional<LocalDateTime> nextLocal(LocalDateTime time) {
    return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  private Optional<LocalDateTime> lastLocal(LocalDateTime time) {
    return times.lastExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }
}
