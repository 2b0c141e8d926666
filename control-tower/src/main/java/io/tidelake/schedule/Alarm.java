/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Waits for a time. */
@FunctionalInterface
public interface Alarm {

  /** Returns at a time, or at once when it has passed. */
  void await(Instant time) throws InterruptedException;

  /** Waits for the time of a clock. */
  static Alarm of(Clock clock) {
    // The clock may be set, and a laptop may sleep: it is asked again now and then.
    Duration atMost = Duration.ofSeconds(30);
    return time -> {
      for (Duration left = Duration.between(clock.instant(), time);
          left.compareTo(Duration.ZERO) > 0;
          left = Duration.between(clock.instant(), time)) {
        // Rounded up: a wait of 0 ms would turn round and round.
        Thread.sleep(Math.min(left.toMillis() + 1, atMost.toMillis()));
      }
    };
  }
}
