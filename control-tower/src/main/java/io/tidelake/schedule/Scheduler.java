/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import io.tidelake.config.ScheduleConfig.CatchUp;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.schedule.CommandRunner.Attempt;
import io.tidelake.schedule.CommandRunner.Outcome;
import io.tidelake.schedule.ScheduleRun.State;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs the commands of schedules, one at a time, in the order of their scheduled times. What it did
 * is kept in the lake, so that the next scheduler goes on where this one ended, however it ended.
 */
public final class Scheduler {

  /** How many missed times of a schedule that catches up all of them are run. */
  private static final int MOST_MISSED = 31;

  private static final int WRONG_USAGE = 2;

  /** Exit codes of what does not mend itself. */
  private static final Set<Integer> NEVER_REPEATED =
      Set.of(WRONG_USAGE, ErrorCode.Kind.REFUSED.exitCode());

  private final List<Schedule> schedules;
  private final ScheduleRuns runs;
  private final CommandRunner runner;
  private final Clock clock;
  private final Consumer<String> events;
  private final Map<String, ScheduleRun> latest = new HashMap<>();

  /**
   * @param schedules what to run
   * @param runs what was run
   * @param runner runs the commands
   * @param clock says what is due
   * @param events is told what is going on, a line each
   */
  public Scheduler(
      List<Schedule> schedules,
      ScheduleRuns runs,
      CommandRunner runner,
      Clock clock,
      Consumer<String> events) {
    this.schedules = List.copyOf(schedules);
    this.runs = runs;
    this.runner = runner;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Runs what is due, then waits for the next time, until it is interrupted.
   *
   * @param alarm waits
   * @throws LakeException when the runs cannot be read or written; another scheduler goes on
   */
  public void run(Alarm alarm) throws InterruptedException {
    goOn();
    skipMissed();
    for (Optional<Instant> next = nextTime(); next.isPresent(); next = nextTime()) {
      alarm.await(next.get());
      Optional<Due> due = nextDue(clock.instant());
      if (due.isPresent()) {
        attempt(due.get());
      }
    }
  }

  /**
   * Runs what is due now, missed times included. The caller repeats the call: a schedule that skips
   * missed times runs the newest of them, since they all came between two calls; and a failed run
   * is left for a call after its time to be repeated.
   *
   * @return what was run, in this order
   * @throws LakeException when the runs cannot be read or written
   */
  public List<ScheduleRun> runOnce() throws InterruptedException {
    goOn();
    // What becomes due meanwhile is not run: short intervals would never come to an end.
    Instant horizon = clock.instant();
    List<ScheduleRun> done = new ArrayList<>();
    for (Optional<Due> due = nextDue(horizon); due.isPresent(); due = nextDue(horizon)) {
      done.add(attempt(due.get()));
    }
    return done;
  }

  /** Reads how far the schedules are, and ends what the scheduler before left running. */
  private void goOn() {
    for (Schedule schedule : schedules) {
      Optional<ScheduleRun> known = runs.latest(schedule.name());
      known.ifPresent(run -> latest.put(schedule.name(), run));
      State state = known.map(ScheduleRun::state).orElse(State.added);
      if (state == State.running) {
        // When it ended is not known, but it was after it began.
        String reason = "interrupted: the scheduler ended while it ran";
        fail(schedule, known.get(), new Outcome(null, reason), known.get().startedAt());
      } else if (known.isEmpty()) {
        add(schedule, "is new");
      } else if (state != State.waiting && !known.get().cron().equals(schedule.cron())) {
        // The times of the new expression in the past were never promised to anybody.
        add(schedule, "has another cron expression than before");
      }
    }
  }

  private void add(Schedule schedule, String why) {
    write(ScheduleRun.withoutAttempt(schedule, now(), State.added, null));
    tell(schedule.name() + " " + why + ": it runs from now on");
  }

  /** What came while no scheduler ran is passed over where the schedule says so. */
  private void skipMissed() {
    for (Schedule schedule : schedules) {
      ScheduleRun last = latest.get(schedule.name());
      if (schedule.catchUp() == CatchUp.none && last.state() != State.waiting) {
        schedule
            .oldestOfNewest(last.fireTime(), clock.instant(), 1)
            .ifPresent(
                missed -> {
                  String reason = "no scheduler ran at that time, and catch-up is none";
                  write(ScheduleRun.withoutAttempt(schedule, missed, State.skipped, reason));
                  tell(schedule.name() + " " + missed + " skipped: " + reason);
                });
      }
    }
  }

  /**
   * A run to be made.
   *
   * @param at when it is due: its scheduled time, or the time to repeat it
   * @param attempt 1 and up
   */
  private record Due(Schedule schedule, Instant at, Instant fireTime, int attempt) {}

  private Optional<Due> nextDue(Instant horizon) {
    return schedules.stream()
        .flatMap(schedule -> due(schedule, horizon).stream())
        .min(Comparator.comparing(Due::at));
  }

  private Optional<Due> due(Schedule schedule, Instant horizon) {
    ScheduleRun last = latest.get(schedule.name());
    if (last.state() == State.waiting) {
      // Later times of the schedule wait, too: a day is not loaded before the day before it.
      return Optional.of(schedule.retryOf(last))
          .filter(at -> !at.isAfter(horizon))
          .map(at -> new Due(schedule, at, last.fireTime(), last.attempts() + 1));
    }
    int most = schedule.catchUp() == CatchUp.all ? MOST_MISSED : 1;
    return schedule
        .oldestOfNewest(last.fireTime(), horizon, most)
        .map(fireTime -> new Due(schedule, fireTime, fireTime, 1));
  }

  /** When something is due next; in the past when it is due already. */
  private Optional<Instant> nextTime() {
    return schedules.stream()
        .flatMap(schedule -> nextTime(schedule).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> nextTime(Schedule schedule) {
    ScheduleRun last = latest.get(schedule.name());
    return last.state() == State.waiting
        ? Optional.of(schedule.retryOf(last))
        : schedule.nextAfter(last.fireTime());
  }

  private ScheduleRun attempt(Due due) throws InterruptedException {
    Schedule schedule = due.schedule();
    ScheduleRun begun = ScheduleRun.begun(schedule, due.fireTime(), due.attempt(), now());
    write(begun);
    tell(
        "%s %s attempt %d of %d: lake %s"
            .formatted(
                schedule.name(),
                due.fireTime(),
                due.attempt(),
                schedule.attempts(),
                begun.command()));
    Outcome outcome =
        runner.run(
            new Attempt(
                schedule.name(),
                due.fireTime(),
                due.attempt(),
                schedule.wordsAt(due.fireTime()),
                schedule.timeout()));
    if (outcome.exitCode() == null || outcome.exitCode() != 0) {
      return fail(schedule, begun, outcome, now());
    }
    ScheduleRun done = begun.ended(State.done, 0, null, now());
    write(done);
    long seconds = begun.startedAt().until(done.finishedAt(), ChronoUnit.SECONDS);
    tell(schedule.name() + " " + done.fireTime() + " done in " + seconds + " s");
    return done;
  }

  private ScheduleRun fail(Schedule schedule, ScheduleRun begun, Outcome outcome, Instant at) {
    boolean repeated =
        begun.attempts() < schedule.attempts()
            && (outcome.exitCode() == null || !NEVER_REPEATED.contains(outcome.exitCode()));
    ScheduleRun failed =
        begun.ended(
            repeated ? State.waiting : State.failed, outcome.exitCode(), outcome.message(), at);
    write(failed);
    tell(
        "%s %s attempt %d failed%s: %s"
            .formatted(
                schedule.name(),
                failed.fireTime(),
                failed.attempts(),
                repeated ? ", next at " + schedule.retryOf(failed) : ", not repeated",
                failed.message()));
    return failed;
  }

  private void write(ScheduleRun run) {
    runs.write(run);
    latest.put(run.schedule(), run);
  }

  private void tell(String event) {
    events.accept(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  " + event);
  }

  /** What the table can hold. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
