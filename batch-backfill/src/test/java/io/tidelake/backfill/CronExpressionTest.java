package io.tidelake.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

  private static final ZoneId UTC = ZoneOffset.UTC;
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
      CronExpression cron = CronExpression.parse(randomText(random), UTC);
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
  }

  @ParameterizedTest
  @ValueSource(strings = {"61 * * * *", "* * * *", "0 0 30 2 * 2026", "daily", "0 25 * * *"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> CronExpression.parse(text, UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
