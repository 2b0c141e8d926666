/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Asia/Shanghai",
          "America/New_York",
          "Europe/Berlin",
          "America/Santiago",
          "Australia/Lord_Howe");
  private static final Instant NOON = Instant.parse("2026-06-20T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "30 2 * * *;      2026-06-20T00:00:00Z; 2026-06-20T02:30:00Z",
        "30 2 * * *;      2026-06-20T02:30:00Z; 2026-06-21T02:30:00Z",
        "30 2 * * *;      2026-06-20T02:29:59.999Z; 2026-06-20T02:30:00Z",
        "*/10 * * * *;    2026-06-20T23:51:30Z; 2026-06-21T00:00:00Z",
        "0 6-8,20 * * *;  2026-06-20T08:00:00Z; 2026-06-20T20:00:00Z",
        "0 0 1 * *;       2026-06-20T00:00:00Z; 2026-07-01T00:00:00Z",
        "0 0 29 2 *;      2026-06-20T00:00:00Z; 2028-02-29T00:00:00Z",
        "0 0 * * 0;       2026-06-20T00:00:00Z; 2026-06-21T00:00:00Z",
        "0 0 * * 7;       2026-06-20T00:00:00Z; 2026-06-21T00:00:00Z",
        "0 0 * * MON-FRI; 2026-06-20T00:00:00Z; 2026-06-22T00:00:00Z",
        // A Monday before the 1st: as in cron, one of the two days is enough.
        "0 0 1 * 1;       2026-06-20T00:00:00Z; 2026-06-22T00:00:00Z"
      })
  void findsTheNextTime(String text, Instant time, Instant next) {
    assertThat(CronExpression.parse(text, UTC).after(time)).contains(next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "30 2 * * *; Asia/Shanghai;    2026-06-19T18:29:00Z; 2026-06-19T18:30:00Z",
        "0 0 1 * *;  Asia/Shanghai;    2026-06-20T00:00:00Z; 2026-06-30T16:00:00Z",
        "0 0 * * 0;  America/New_York; 2026-06-20T00:00:00Z; 2026-06-21T04:00:00Z",
        // On March 8th clocks go from 02:00 to 03:00, at 07:00 UTC.
        "30 1 * * *;   America/New_York; 2026-03-07T12:00:00Z; 2026-03-08T06:30:00Z",
        "30 2 * * *;   America/New_York; 2026-03-07T12:00:00Z; 2026-03-08T07:00:00Z",
        "30 2 * * *;   America/New_York; 2026-03-08T07:00:00Z; 2026-03-09T06:30:00Z",
        "30 3 * * *;   America/New_York; 2026-03-07T12:00:00Z; 2026-03-08T07:30:00Z",
        "*/10 2 * * *; America/New_York; 2026-03-08T06:59:00Z; 2026-03-08T07:00:00Z",
        "*/10 2 * * *; America/New_York; 2026-03-08T07:00:00Z; 2026-03-09T06:00:00Z",
        "0 * * * *;    America/New_York; 2026-03-08T06:00:00Z; 2026-03-08T07:00:00Z",
        "0 * * * *;    America/New_York; 2026-03-08T07:00:00Z; 2026-03-08T08:00:00Z",
        // On November 1st they go from 02:00 to 01:00, at 06:00 UTC.
        "30 0 * * *;   America/New_York; 2026-10-31T12:00:00Z; 2026-11-01T04:30:00Z",
        "30 1 * * *;   America/New_York; 2026-10-31T12:00:00Z; 2026-11-01T05:30:00Z",
        "30 1 * * *;   America/New_York; 2026-11-01T05:30:00Z; 2026-11-02T06:30:00Z",
        "30 1 * * *;   America/New_York; 2026-11-01T06:10:00Z; 2026-11-02T06:30:00Z",
        "30 2 * * *;   America/New_York; 2026-11-01T05:30:00Z; 2026-11-01T07:30:00Z",
        "0 * * * *;    America/New_York; 2026-11-01T05:00:00Z; 2026-11-01T07:00:00Z",
        "*/10 * * * *; America/New_York; 2026-11-01T05:50:00Z; 2026-11-01T07:00:00Z",
        // There midnight of September 6th does not exist.
        "0 0 * * *;    America/Santiago; 2026-09-05T12:00:00Z; 2026-09-06T04:00:00Z"
      })
  void goesByTheClocksOfItsTimeZone(String text, ZoneId zone, Instant time, Instant next) {
    assertThat(CronExpression.parse(text, zone).after(time)).contains(next);
  }

  @Test
  void looksBackOverClocksThatWereSet() {
    CronExpression nightly = CronExpression.parse("30 1 * * *", NEW_YORK);
    assertThat(nightly.oldestOfNewest(Instant.EPOCH, Instant.parse("2026-11-01T06:45:00Z"), 1))
        .as("the second 01:45")
        .contains(Instant.parse("2026-11-01T05:30:00Z"));
    CronExpression often = CronExpression.parse("*/10 * * * *", NEW_YORK);
    assertThat(often.oldestOfNewest(Instant.EPOCH, Instant.parse("2026-11-01T06:45:00Z"), 1))
        .contains(Instant.parse("2026-11-01T05:50:00Z"));
    assertThat(often.oldestOfNewest(Instant.EPOCH, Instant.parse("2026-03-08T07:10:00Z"), 3))
        .as("03:10, 03:00 and all that did not exist, 01:50")
        .contains(Instant.parse("2026-03-08T06:50:00Z"));
  }

  @Test
  void findsTheNewestTimesOfASpan() {
    CronExpression hourly = CronExpression.parse("0 * * * *", UTC);
    assertThat(hourly.oldestOfNewest(NOON.minusSeconds(3 * 3600), NOON, 1)).contains(NOON);
    assertThat(hourly.oldestOfNewest(NOON.minusSeconds(3 * 3600), NOON, 2))
        .contains(NOON.minusSeconds(3600));
    assertThat(hourly.oldestOfNewest(NOON.minusSeconds(3 * 3600), NOON, 31))
        .as("the begin is exclusive")
        .contains(NOON.minusSeconds(2 * 3600));
    assertThat(hourly.oldestOfNewest(NOON, NOON.plusSeconds(3599), 31)).isEmpty();
    assertThat(hourly.oldestOfNewest(Instant.EPOCH, NOON.plusMillis(1), 1))
        .as("a long span")
        .contains(NOON);
  }

  /** Otherwise a scheduler would wait for times that it then does not find, or run one twice. */
  @Test
  void looksBackAsItLooksAhead() {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("CronExpressionTest: -Dlake.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      CronExpression cron = CronExpression.parse(randomText(random), zone);
      Instant time = NOON.plusSeconds(random.nextInt(400 * 86400));
      for (int step = 0; step < 5; step++) {
        Instant next = cron.after(time).orElseThrow();
        String what = cron.text() + " after " + time;
        assertThat(next).as(what).isAfter(time);
        assertThat(cron.oldestOfNewest(time, next, 2)).as(what).contains(next);
        assertThat(cron.oldestOfNewest(time, next.minusMillis(1), 2)).as(what).isEmpty();
        time = next;
      }
    }
  }

  private static String randomText(Random random) {
    return String.join(
        " ",
        field(random, 0, 59),
        field(random, 0, 23),
        field(random, 1, 28),
        field(random, 1, 12),
        field(random, 0, 7));
  }

  private static String field(Random random, int least, int most) {
    int from = least + random.nextInt(most - least);
    int to = from + 1 + random.nextInt(most - from);
    return switch (random.nextInt(6)) {
      case 0 -> "" + from;
      case 1 -> from + "-" + to;
      case 2 -> from + "," + to;
      case 3 -> "*/" + (2 + random.nextInt(3));
      default -> "*";
    };
  }

  @Test
  void saysItInWords() {
    assertThat(CronExpression.parse("30  2 * * *", UTC).inWords()).isEqualTo("at 02:30");
    assertThat(CronExpression.parse("30  2 * * *", UTC).text()).isEqualTo("30 2 * * *");
    assertThat(CronExpression.parse("30  2 * * *", NEW_YORK).text())
        .isEqualTo("30 2 * * * America/New_York");
  }

  @ParameterizedTest
  @ValueSource(strings = {"61 * * * *", "* * * *", "0 0 30 2 * 2026", "daily", "0 25 * * *"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> CronExpression.parse(text, UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
