/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Runs the commands of schedules. */
@FunctionalInterface
public interface CommandRunner {

  /**
   * An attempt at a command.
   *
   * @param schedule name of the schedule
   * @param fireTime the scheduled time, not the present one
   * @param number 1 and up
   * @param words the command line without {@code lake}
   * @param timeout how long it may take
   */
  record Attempt(
      String schedule, Instant fireTime, int number, List<String> words, Duration timeout) {}

  /**
   * How an attempt ended.
   *
   * @param exitCode exit code of the command; NULL when it was ended by force or did not start
   * @param message why it failed; NULL when it did not
   */
  record Outcome(Integer exitCode, String message) {}

  /**
   * Runs a command to its end, within its timeout. A command that fails is an outcome, not an
   * exception.
   */
  Outcome run(Attempt attempt) throws InterruptedException;
}
