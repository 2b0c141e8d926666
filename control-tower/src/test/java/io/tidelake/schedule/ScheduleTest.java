/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.ScheduleConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  private static final Instant FIRE = Instant.parse("2026-03-01T02:30:00Z");

  @Test
  void hasDefaults() {
    Schedule schedule = only(Map.of("cron", "30 2 * * *", "command", "backfill sweep"));
    assertThat(schedule.name()).isEqualTo("nightly");
    assertThat(schedule.cron()).isEqualTo("30 2 * * *");
    assertThat(schedule.attempts()).isEqualTo(3);
    assertThat(schedule.timeout()).isEqualTo(Duration.ofHours(6));
    assertThat(schedule.catchUp()).isEqualTo(ScheduleConfig.CatchUp.latest);
    ScheduleRun failed =
        ScheduleRun.begun(schedule, FIRE, 1, FIRE)
            .ended(ScheduleRun.State.waiting, 1, "full", FIRE.plusSeconds(7));
    assertThat(schedule.retryOf(failed)).isEqualTo(FIRE.plusSeconds(307));
  }

  @Test
  void fillsInTheScheduledTime() {
    Schedule schedule =
        only(
            Map.of(
                "cron",
                "30 2 * * *",
                "command",
                "backfill run t --parquet '/export/a b' --days ${day-before}"
                    + " --as-of ${fire-day}T00:00:00Z --note=\"${fire-time} it's\""));
    assertThat(schedule.wordsAt(FIRE))
        .containsExactly(
            "backfill",
            "run",
            "t",
            "--parquet",
            "/export/a b",
            "--days",
            "2026-02-28",
            "--as-of",
            "2026-03-01T00:00:00Z",
            "--note=2026-03-01T02:30:00Z it's");
    assertThat(schedule.commandAt(FIRE)).contains("--days 2026-02-28 --as-of 2026-03-01T00");
  }

  @ParameterizedTest
  @CsvSource({
    // 07:30 of June 19th, 19:30 of June 18th
    "Asia/Shanghai,    2026-06-18T23:30:00Z, 2026-06-19, 2026-06-18, 2026-06-18T16:00:00Z",
    "America/New_York, 2026-06-18T23:30:00Z, 2026-06-18, 2026-06-17, 2026-06-18T04:00:00Z",
    // Clocks are set that night, after midnight.
    "America/New_York, 2026-03-08T07:00:00Z, 2026-03-08, 2026-03-07, 2026-03-08T05:00:00Z"
  })
  void daysAreThoseOfTheBusinessTimeZone(
      String zone, Instant fire, String day, String before, String start) {
    Schedule schedule =
        only(
            Map.of(
                "cron", "30 2 * * *",
                "command", "x ${fire-time} ${fire-day} ${day-before} ${day-start}"),
            Map.of("time-zone", zone));
    assertThat(schedule.wordsAt(fire)).containsExactly("x", fire.toString(), day, before, start);
    assertThat(schedule.cron()).isEqualTo("30 2 * * * " + zone);
  }

  @Test
  void aProjectNeedsNone() {
    Map<String, ScheduleConfig> real = config(Map.of()).schedules();
    assertThat(real).containsKey("dimension-repair");
    LakeConfig none = config(Map.of());
    none.schedules().clear();
    assertThat(Schedule.of(none)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cron        | 61 2 * * *         | 61",
        "cron        | 0 0 30 2 *         | 0 0 30 2 *",
        "cron        | ''                 | no cron expression",
        "command     | ' '                | no command",
        "command     | sweep ${fire-hour} | ${fire-hour}",
        "command     | sweep 'a           | quote"
      })
  void refusesWhatItCannotRun(String name, String value, String part) {
    Map<String, String> values =
        new HashMap<>(Map.of("cron", "30 2 * * *", "command", "backfill sweep"));
    values.put(name, value);
    assertThatThrownBy(() -> only(values))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SCHEDULE_INVALID))
        .hasMessageContaining("The schedule nightly cannot be run: ")
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @CsvSource({
    "retries, -1, -1",
    "retry-after, soon, soon",
    "retry-after, -5 min, -5 min",
    "timeout, 0 s, 0 ms"
  })
  void theConfigurationRefusesWrongValues(String name, String value, String told) {
    assertThatThrownBy(
            () -> only(Map.of("cron", "30 2 * * *", "command", "backfill sweep", name, value)))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining("'schedules/nightly/" + name + "' is ")
        .hasMessageContaining(told);
  }

  @Test
  void refusesANameThatIsNoNameOfAFolder() {
    assertThatThrownBy(() -> Schedule.of(config(Map.of("schedules/../cron", "* * * * *"))))
        .isInstanceOf(LakeException.class);
    assertThatThrownBy(
            () ->
                Schedule.of(
                    config(
                        Map.of("schedules/a b/cron", "* * * * *", "schedules/a b/command", "x"))))
        .hasMessageContaining("The schedule a b cannot be run");
  }

  private static Schedule only(Map<String, String> values) {
    return only(values, Map.of());
  }

  private static Schedule only(Map<String, String> values, Map<String, String> others) {
    Map<String, String> overrides = new HashMap<>(others);
    values.forEach((name, value) -> overrides.put("schedules/nightly/" + name, value));
    LakeConfig config = config(overrides);
    List<Schedule> schedules = Schedule.of(config);
    return schedules.stream().filter(s -> s.name().equals("nightly")).findFirst().orElseThrow();
  }

  private static LakeConfig config(Map<String, String> overrides) {
    return LakeConfig.load(ProjectFile.find(), overrides);
  }
}
