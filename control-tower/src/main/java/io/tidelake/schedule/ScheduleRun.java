/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import java.time.Instant;

/**
 * What became of one scheduled time.
 *
 * @param schedule name of the schedule
 * @param fireTime the scheduled time; for {@link State#added} when the schedule was first met
 * @param cron the cron expression as it was then
 * @param command the command line with its parameters filled in
 * @param attempts attempts that were begun
 * @param exitCode of the last attempt; NULL when it has none: not finished, or ended by force
 * @param message why the last attempt failed, or the time was skipped; NULL otherwise
 * @param startedAt when the last attempt was begun; NULL without one
 * @param finishedAt when the last attempt ended; NULL before
 */
public record ScheduleRun(
    String schedule,
    Instant fireTime,
    String cron,
    String command,
    State state,
    int attempts,
    Integer exitCode,
    String message,
    Instant startedAt,
    Instant finishedAt) {

  /** How far a run is. */
  public enum State {
    /** No run: the schedule was met for the first time, and runs from then on. */
    added,
    /** An attempt is running; when its scheduler has ended, it was interrupted. */
    running,
    /** The last attempt failed, and will be repeated. */
    waiting,
    /** It was done. */
    done,
    /** It has failed, and will not be repeated. */
    failed,
    /** No scheduler ran at that time, and the schedule does not catch up. */
    skipped
  }

  /** A scheduled time without an attempt. */
  static ScheduleRun withoutAttempt(
      Schedule schedule, Instant fireTime, State state, String message) {
    return new ScheduleRun(
        schedule.name(),
        fireTime,
        schedule.cron(),
        schedule.commandAt(fireTime),
        state,
        0,
        null,
        message,
        null,
        null);
  }

  /** A new attempt. */
  static ScheduleRun begun(Schedule schedule, Instant fireTime, int attempt, Instant now) {
    return new ScheduleRun(
        schedule.name(),
        fireTime,
        schedule.cron(),
        schedule.commandAt(fireTime),
        State.running,
        attempt,
        null,
        null,
        now,
        null);
  }

  /** The same attempt at its end. */
  ScheduleRun ended(State end, Integer code, String reason, Instant now) {
    return new ScheduleRun(
        schedule, fireTime, cron, command, end, attempts, code, reason, startedAt, now);
  }
}
