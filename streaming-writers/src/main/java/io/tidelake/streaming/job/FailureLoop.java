/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When a job that is restarted after each failure counts as one that fails again and again: it has
 * failed five times since its newest checkpoint, or eight times in ten minutes with the last less
 * than a minute ago, whatever checkpoints it made between.
 */
final class FailureLoop {

  private static final int FAILURES_WITHOUT_CHECKPOINT = 5;
  private static final int FAILURES_IN_A_LOOP = 8;
  private static final Duration LOOPING_FOR = Duration.ofMinutes(10);
  private static final Duration LOOPED_LATELY = Duration.ofMinutes(1);

  private FailureLoop() {}

  /**
   * Whether a job fails again and again.
   *
   * @param failures its last failures, the newest first
   * @param lastCheckpoint when its newest checkpoint was completed; is asked only if that matters
   */
  static boolean isLooping(
      List<JobFailure> failures, Instant now, Supplier<Optional<Instant>> lastCheckpoint) {
    if (count(failures, now.minus(LOOPING_FOR)) >= FAILURES_IN_A_LOOP
        && failures.get(0).at().isAfter(now.minus(LOOPED_LATELY))) {
      return true;
    }
    return failures.size() >= FAILURES_WITHOUT_CHECKPOINT
        && count(failures, lastCheckpoint.get().orElse(Instant.EPOCH))
            >= FAILURES_WITHOUT_CHECKPOINT;
  }

  private static long count(List<JobFailure> failures, Instant after) {
    return failures.stream().filter(failure -> failure.at().isAfter(after)).count();
  }
}
