/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.ScheduleConfig;
import io.tidelake.config.ScheduleConfig.CatchUp;
import io.tidelake.project.ProjectFile;
import io.tidelake.schedule.CommandRunner.Attempt;
import io.tidelake.schedule.CommandRunner.Outcome;
import io.tidelake.schedule.ScheduleRun.State;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {

  private static final Outcome DONE = new Outcome(0, null);
  private static final Outcome FAILED = new Outcome(1, "error DISK_FULL: no space");

  /** A time that tests set. */
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-06-20T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("only UTC");
    }
  }

  /** Takes the place of the process that a test ends. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @TempDir private Path folder;

  private final TestClock clock = new TestClock();
  private final Map<String, ScheduleConfig> schedules = new LinkedHashMap<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private Duration commandTakes = Duration.ofSeconds(2);
  private LakeConfig config;
  private LakeCatalog catalog;
  private ScheduleRuns runs;

  @BeforeEach
  void makeTable() {
    config = LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("w"));
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
    runs = ScheduleRuns.open(catalog);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void runsEachTimeOnceInOrderOfTheirTimes() throws Exception {
    schedule("hourly", "0 * * * *", CatchUp.latest);
    schedule("half", "30 * * * *", CatchUp.latest);
    runUntil("2026-06-20T02:10:00Z");
    assertThat(fired())
        .containsExactly(
            "half 2026-06-20T00:30:00Z 1",
            "hourly 2026-06-20T01:00:00Z 1",
            "half 2026-06-20T01:30:00Z 1",
            "hourly 2026-06-20T02:00:00Z 1");
    assertThat(attempts.get(0).words()).containsExactly("backfill", "sweep", "2026-06-19");
    assertThat(attempts.get(0).timeout()).isEqualTo(Duration.ofHours(1));
    assertThat(runs.all("half"))
        .extracting(ScheduleRun::state)
        .containsExactly(State.added, State.done, State.done);
    ScheduleRun last = runs.latest("hourly").orElseThrow();
    assertThat(last)
        .isEqualTo(
            new ScheduleRun(
                "hourly",
                Instant.parse("2026-06-20T02:00:00Z"),
                "0 * * * *",
                "backfill sweep 2026-06-19",
                State.done,
                1,
                0,
                null,
                Instant.parse("2026-06-20T02:00:00Z"),
                Instant.parse("2026-06-20T02:00:02Z")));
    assertThat(events)
        .contains(
            "2026-06-20T00:00:00Z  hourly is new: it runs from now on",
            "2026-06-20T01:00:00Z  hourly 2026-06-20T01:00:00Z attempt 1 of 3: lake backfill sweep"
                + " 2026-06-19",
            "2026-06-20T01:00:02Z  hourly 2026-06-20T01:00:00Z done in 2 s");
  }

  @Test
  void catchesUpTheNewestMissedTime() throws Exception {
    schedule("daily", "30 2 * * *", CatchUp.latest);
    runUntil("2026-06-20T01:00:00Z");
    clock.now = Instant.parse("2026-06-25T12:00:00Z");
    runUntil("2026-06-26T03:00:00Z");
    assertThat(fired())
        .as("no time before the schedule was known, one of those that were missed, the next")
        .containsExactly("daily 2026-06-25T02:30:00Z 1", "daily 2026-06-26T02:30:00Z 1");
    assertThat(attempts.get(0).words()).as("the scheduled day").contains("2026-06-24");
  }

  @Test
  void catchesUpAllMissedTimesInOrder() throws Exception {
    schedule("daily", "30 2 * * *", CatchUp.all);
    runUntil("2026-06-20T01:00:00Z");
    clock.now = Instant.parse("2026-06-23T12:00:00Z");
    runUntil("2026-06-23T13:00:00Z");
    assertThat(fired())
        .containsExactly(
            "daily 2026-06-20T02:30:00Z 1",
            "daily 2026-06-21T02:30:00Z 1",
            "daily 2026-06-22T02:30:00Z 1",
            "daily 2026-06-23T02:30:00Z 1");
  }

  @Test
  void catchesUpNoMoreThanTheLast31() throws Exception {
    schedule("minutes", "* * * * *", CatchUp.all);
    runUntil("2026-06-20T00:00:30Z");
    clock.now = Instant.parse("2027-06-20T12:00:10Z");
    commandTakes = Duration.ZERO;
    runUntil("2027-06-20T12:00:20Z");
    assertThat(attempts).hasSize(31);
    assertThat(attempts.get(0).fireTime()).isEqualTo("2027-06-20T11:30:00Z");
    assertThat(attempts.get(30).fireTime()).isEqualTo("2027-06-20T12:00:00Z");
  }

  @Test
  void skipsMissedTimesWhenAskedTo() throws Exception {
    schedule("repair", "0 * * * *", CatchUp.none);
    runUntil("2026-06-20T01:30:00Z");
    clock.now = Instant.parse("2026-06-20T08:30:00Z");
    runUntil("2026-06-20T09:30:00Z");
    assertThat(fired())
        .containsExactly("repair 2026-06-20T01:00:00Z 1", "repair 2026-06-20T09:00:00Z 1");
    assertThat(runs.all("repair"))
        .filteredOn(run -> run.state() == State.skipped)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.fireTime()).isEqualTo("2026-06-20T08:00:00Z");
              assertThat(run.message()).contains("catch-up is none");
            });
  }

  @Test
  void aTimeThatWaitedForAnotherCommandIsNotMissed() throws Exception {
    schedule("long", "0 * * * *", CatchUp.latest);
    schedule("repair", "*/10 * * * *", CatchUp.none);
    runUntil("2026-06-20T00:55:00Z");
    attempts.clear();
    commandTakes = Duration.ofMinutes(11);
    runUntil("2026-06-20T01:15:00Z");
    assertThat(fired())
        .as("the newest of those that came while another command ran")
        .containsExactly("long 2026-06-20T01:00:00Z 1", "repair 2026-06-20T01:10:00Z 1");
  }

  @Test
  void repeatsAFailedRunAtItsScheduledTimeBeforeLaterOnes() throws Exception {
    schedule("daily", "58 23 * * *", CatchUp.latest);
    outcomes.addAll(List.of(FAILED, new Outcome(null, "ended after 1 h"), DONE));
    runUntil("2026-06-21T12:00:00Z");
    assertThat(fired())
        .containsExactly(
            "daily 2026-06-20T23:58:00Z 1",
            "daily 2026-06-20T23:58:00Z 2",
            "daily 2026-06-20T23:58:00Z 3");
    assertThat(attempts)
        .as("the day of the scheduled time, also after midnight")
        .allSatisfy(attempt -> assertThat(attempt.words()).contains("2026-06-19"));
    ScheduleRun done = runs.latest("daily").orElseThrow();
    assertThat(done.state()).isEqualTo(State.done);
    assertThat(done.attempts()).isEqualTo(3);
    assertThat(done.message()).isNull();
    assertThat(done.startedAt()).isEqualTo("2026-06-21T00:08:04Z");
    assertThat(events)
        .contains(
            "2026-06-20T23:58:02Z  daily 2026-06-20T23:58:00Z attempt 1 failed, next at"
                + " 2026-06-21T00:03:02Z: error DISK_FULL: no space");
  }

  @Test
  void givesUpAndGoesOn() throws Exception {
    schedule("hourly", "0 * * * *", CatchUp.latest);
    schedule("other", "5 1 * * *", CatchUp.latest);
    outcomes.addAll(List.of(FAILED, DONE, FAILED, FAILED));
    runUntil("2026-06-20T02:01:00Z");
    assertThat(fired())
        .as("another schedule runs while a repeat waits")
        .containsExactly(
            "hourly 2026-06-20T01:00:00Z 1",
            "other 2026-06-20T01:05:00Z 1",
            "hourly 2026-06-20T01:00:00Z 2",
            "hourly 2026-06-20T01:00:00Z 3",
            "hourly 2026-06-20T02:00:00Z 1");
    assertThat(runs.all("hourly"))
        .filteredOn(run -> run.state() == State.failed)
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.exitCode()).isEqualTo(1);
              assertThat(run.message()).isEqualTo(FAILED.message());
              assertThat(run.attempts()).isEqualTo(3);
            });
  }

  @Test
  void wrongUsageIsNotRepeated() throws Exception {
    schedule("hourly", "0 * * * *", CatchUp.latest);
    outcomes.add(new Outcome(2, "Unknown option: '--dayz'"));
    runUntil("2026-06-20T01:30:00Z");
    assertThat(fired()).containsExactly("hourly 2026-06-20T01:00:00Z 1");
    assertThat(runs.latest("hourly").orElseThrow().state()).isEqualTo(State.failed);
  }

  @Test
  void aRefusedRunIsNotRepeated() throws Exception {
    schedule("hourly", "0 * * * *", CatchUp.latest);
    outcomes.add(new Outcome(3, "error MAPPING_INVALID: no such column"));
    runUntil("2026-06-20T01:30:00Z");
    assertThat(fired()).containsExactly("hourly 2026-06-20T01:00:00Z 1");
    assertThat(runs.latest("hourly").orElseThrow().state()).isEqualTo(State.failed);
    runUntil("2026-06-20T02:30:00Z");
    assertThat(fired()).as("but at its next time").endsWith("hourly 2026-06-20T02:00:00Z 1");
  }

  @Test
  void aKilledRunCountsAsAttemptAndIsRepeated() throws Exception {
    schedule("daily", "30 2 * * *", CatchUp.latest);
    runUntil("2026-06-20T01:00:00Z");
    for (int kill = 1; kill <= 3; kill++) {
      clock.now = Instant.parse("2026-06-20T05:00:00Z").plusSeconds(kill * 3600L);
      Scheduler killed =
          scheduler(
              attempt -> {
                attempts.add(attempt);
                throw new Killed();
              });
      assertThatThrownBy(() -> killed.run(this::await)).isInstanceOf(Killed.class);
      assertThat(runs.latest("daily").orElseThrow().state()).isEqualTo(State.running);
    }
    clock.now = clock.now.plusSeconds(60);
    runUntil("2026-06-21T03:00:00Z");
    assertThat(fired())
        .containsExactly(
            "daily 2026-06-20T02:30:00Z 1",
            "daily 2026-06-20T02:30:00Z 2",
            "daily 2026-06-20T02:30:00Z 3",
            "daily 2026-06-21T02:30:00Z 1");
    assertThat(runs.all("daily"))
        .filteredOn(run -> run.state() == State.failed)
        .singleElement()
        .satisfies(run -> assertThat(run.message()).startsWith("interrupted"));
  }

  @Test
  void aRepeatThatWaitedIsMadeByTheNextScheduler() throws Exception {
    schedule("daily", "30 2 * * *", CatchUp.latest);
    outcomes.add(FAILED);
    runUntil("2026-06-20T02:31:00Z");
    clock.now = Instant.parse("2026-06-20T02:33:00Z");
    runUntil("2026-06-20T03:00:00Z");
    assertThat(fired())
        .containsExactly("daily 2026-06-20T02:30:00Z 1", "daily 2026-06-20T02:30:00Z 2");
    assertThat(runs.latest("daily").orElseThrow().startedAt())
        .as("not before retry-after")
        .isEqualTo("2026-06-20T02:35:02Z");
  }

  @Test
  void aChangedExpressionBeginsAnew() throws Exception {
    schedule("daily", "30 2 * * *", CatchUp.all);
    runUntil("2026-06-20T03:00:00Z");
    schedule("daily", "0 * * * *", CatchUp.all);
    clock.now = Instant.parse("2026-06-20T12:30:00Z");
    runUntil("2026-06-20T13:30:00Z");
    assertThat(fired())
        .containsExactly("daily 2026-06-20T02:30:00Z 1", "daily 2026-06-20T13:00:00Z 1");
  }

  @Test
  void runsAtTheTimesOfTheBusinessTimeZone() throws Exception {
    config = config.withTimeZone(ZoneId.of("America/New_York"));
    clock.now = Instant.parse("2026-03-07T12:00:00Z");
    schedule("daily", "30 2 * * *", CatchUp.all);
    runUntil("2026-03-09T12:00:00Z");
    assertThat(fired())
        .as("02:30, which did not exist on March 8th")
        .containsExactly("daily 2026-03-08T07:00:00Z 1", "daily 2026-03-09T06:30:00Z 1");
    assertThat(attempts.get(0).words()).containsExactly("backfill", "sweep", "2026-03-07");

    // A zone that changes is a schedule that changes.
    config = config.withTimeZone(ZoneId.of("Asia/Shanghai"));
    clock.now = Instant.parse("2026-03-10T12:00:00Z");
    runUntil("2026-03-10T19:00:00Z");
    assertThat(fired()).hasSize(3).last().isEqualTo("daily 2026-03-10T18:30:00Z 1");
    assertThat(attempts.get(2).words()).containsExactly("backfill", "sweep", "2026-03-10");
  }

  @Test
  void runsOnceWhatIsDueForACallerThatRepeatsTheCall() throws Exception {
    schedule("repair", "0 * * * *", CatchUp.none);
    schedule("daily", "30 2 * * *", CatchUp.all);
    assertThat(runOnce()).as("the first call begins").isEmpty();
    clock.now = Instant.parse("2026-06-21T03:10:00Z");
    outcomes.add(FAILED);
    assertThat(runOnce())
        .extracting(run -> run.schedule() + " " + run.fireTime() + " " + run.state())
        .containsExactly("daily 2026-06-20T02:30:00Z waiting", "repair 2026-06-21T03:00:00Z done");
    assertThat(runOnce()).as("nothing is due").isEmpty();
    clock.now = Instant.parse("2026-06-21T03:20:00Z");
    assertThat(runOnce())
        .extracting(run -> run.fireTime() + " " + run.state() + " " + run.attempts())
        .containsExactly("2026-06-20T02:30:00Z done 2", "2026-06-21T02:30:00Z done 1");
  }

  private void schedule(String name, String cron, CatchUp catchUp) {
    schedules.put(
        name,
        new ScheduleConfig(
            cron,
            "backfill sweep ${day-before}",
            2,
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            catchUp));
  }

  /** Goes on with a new scheduler until a time; later ones are not waited for. */
  private void runUntil(String end) throws InterruptedException {
    Instant until = Instant.parse(end);
    Alarm alarm =
        time -> {
          if (time.isAfter(until)) {
            throw new InterruptedException("the end of the test");
          }
          await(time);
        };
    assertThatThrownBy(() -> scheduler(this::run).run(alarm))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("the end of the test");
    await(until);
  }

  private List<ScheduleRun> runOnce() throws InterruptedException {
    return scheduler(this::run).runOnce();
  }

  private Scheduler scheduler(CommandRunner runner) {
    LakeConfig with = config.withSchedules(schedules);
    return new Scheduler(Schedule.of(with), runs, runner, clock, events::add);
  }

  private void await(Instant time) {
    if (time.isAfter(clock.now)) {
      clock.now = time;
    }
  }

  private Outcome run(Attempt attempt) {
    attempts.add(attempt);
    clock.now = clock.now.plus(commandTakes);
    return outcomes.isEmpty() ? DONE : outcomes.poll();
  }

  private List<String> fired() {
    return attempts.stream()
        .map(attempt -> attempt.schedule() + " " + attempt.fireTime() + " " + attempt.number())
        .toList();
  }
}
