/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.time.Duration;

/**
 * A command that the scheduler runs again and again; it checks what is written here.
 *
 * @param cron when: a cron expression of five fields, in the business time zone
 * @param command what: a {@code lake} command line without its first word
 * @param retries how often a failed run is repeated
 * @param retryAfter how long a repeat waits after the failure
 * @param timeout how long an attempt may take
 * @param catchUp what happens with times at which no scheduler ran
 */
public record ScheduleConfig(
    @Setting(
            value =
                "Minute, hour, day of the month, month, day of the week, in the business time zone.",
            example = "30 2 * * *")
        String cron,
    @Setting(
            value =
                "A lake command line without its first word; docs/scheduling.md lists its parameters.",
            example = "backfill sweep")
        String command,
    @Setting(value = "How often a failed run is repeated.", fallback = "2", min = "0") int retries,
    @Setting(value = "How long a repeat waits after the failure.", fallback = "5 min", min = "0 s")
        Duration retryAfter,
    @Setting(
            value = "An attempt that takes longer is ended, and has failed.",
            fallback = "6 h",
            min = "1 ms")
        Duration timeout,
    @Setting(
            value =
                "Times at which no scheduler ran: latest runs the newest of them, all each of the last 31, none skips them.",
            fallback = "latest")
        CatchUp catchUp) {

  public ScheduleConfig {
    cron = cron == null ? "" : cron;
    command = command == null ? "" : command;
  }

  /** What happens with the times of a schedule at which no scheduler ran. */
  public enum CatchUp {
    /** The newest of them is run. */
    latest,
    /** Each of them is run, the oldest first. */
    all,
    /** None of them is run. */
    none
  }
}
