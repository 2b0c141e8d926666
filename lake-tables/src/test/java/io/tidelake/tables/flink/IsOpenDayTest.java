/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.model.OpenDays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsOpenDayTest {

  @Test
  void firstOpenDayIsCountedFromToday() {
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

  @ParameterizedTest
  @CsvSource({
    "Asia/Shanghai,    2026-08-29T15:59:59.999Z, 2026-06-30",
    "Asia/Shanghai,    2026-08-29T16:00:00Z,     2026-07-01",
    "America/New_York, 2026-08-30T03:59:59.999Z, 2026-06-30",
    "America/New_York, 2026-08-30T04:00:00Z,     2026-07-01",
    // In winter its midnight comes an hour later.
    "America/New_York, 2026-12-30T04:59:59.999Z, 2026-10-30",
    "America/New_York, 2026-12-30T05:00:00Z,     2026-10-31"
  })
  void todayBeginsAtMidnightOfTheBusinessTimeZone(String zone, Instant now, String firstOpenDay) {
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of("time-zone", zone, "open-days", "60"));
    assertThat(OpenDays.of(config).firstAt(now)).isEqualTo(firstOpenDay);
  }

  /** It is never the same day in both zones. */
  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "Etc/GMT+12"})
  void streamClosesDaysAtMidnightOfTheBusinessTimeZone(String name) {
    ZoneId zone = ZoneId.of(name);
    LocalDate before = LocalDate.now(zone);
    IsOpenDay stream = IsOpenDay.ofStream(new OpenDays(0, zone));
    boolean isYesterdayOpen = stream.eval(before.minusDays(1).toString());
    boolean isTodayOpen = stream.eval(before.toString());
    assumeThat(LocalDate.now(zone)).as("midnight passed while the test ran").isEqualTo(before);
    assertThat(isYesterdayOpen).isFalse();
    assertThat(isTodayOpen).isTrue();
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
