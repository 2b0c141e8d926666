package io.tidelake.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IsOpenDayTest {

  @Test
  void firstOpenDayIsCountedFromTheDayInUtc() {
    OpenDays sixty = new OpenDays(60, ZoneOffset.UTC);
    assertThat(sixty.firstAt(Instant.parse("2026-08-29T23:59:59.999Z"))).isEqualTo("2026-06-30");
    assertThat(sixty.firstAt(Instant.parse("2026-08-30T00:00:00Z"))).isEqualTo("2026-07-01");
    assertThat(new OpenDays(0, ZoneOffset.UTC).firstAt(Instant.parse("2026-08-30T12:00:00Z")))
        .isEqualTo("2026-08-30");
    assertThat(
            new OpenDays(365 * 2000, ZoneOffset.UTC).firstAt(Instant.parse("2026-08-30T12:00:00Z")))
        .as("a year of four digits, so that texts are in the order of time")
        .hasSize(10)
        .startsWith("00");
  }

  @Test
  void streamMaintainsOpenDaysOnly() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    IsOpenDay stream = IsOpenDay.ofStream(new OpenDays(3, ZoneOffset.UTC));
    assertThat(stream.eval(today.toString())).isTrue();
    assertThat(stream.eval(today.plusDays(1).toString())).isTrue();
    // Midnight may pass while the test runs.
    assertThat(stream.eval(today.minusDays(2).toString())).isTrue();
    assertThat(stream.eval(today.minusDays(4).toString())).isFalse();
    assertThat(stream.eval(null)).isNull();
    assertThat(stream.isDeterministic()).isFalse();
  }

  @Test
  void batchMaintainsAllDays() {
    IsOpenDay batch = IsOpenDay.ofBatch();
    assertThat(batch.eval("2000-01-01")).isTrue();
    assertThat(batch.eval(null)).isNull();
  }
}
