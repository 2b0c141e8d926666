package io.tidelake.backfill;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Whole minutes at which something happens, in UTC. */
final class CronExpression {

  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final Cron cron;
  private final ExecutionTime times;

  private CronExpression(Cron cron) {
    this.cron = cron;
    this.times = ExecutionTime.forCron(cron);
  }

  /**
   * Reads an expression of five fields.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static CronExpression parse(String text) {
    return new CronExpression(PARSER.parse(text).validate());
  }

  /** The expression with single spaces: equal for texts that differ in blanks only. */
  String text() {
    return cron.asString();
  }

  /** The expression as an English phrase. */
  String inWords() {
    return CronDescriptor.instance(Locale.ENGLISH).describe(cron);
  }

  /** The first time after another; empty when there is none any more. */
  Optional<Instant> after(Instant time) {
    return times.nextExecution(minute(time)).map(ZonedDateTime::toInstant);
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
    Instant before = until.plus(Duration.ofMinutes(1));
    for (int found = 0; found < most; found++) {
      Optional<Instant> time = times.lastExecution(minute(before)).map(ZonedDateTime::toInstant);
      if (time.isEmpty() || !time.get().isAfter(after)) {
        break;
      }
      oldest = time;
      before = time.get();
    }
    return oldest;
  }

  private static ZonedDateTime minute(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).atZone(ZoneOffset.UTC);
  }
}
