/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureLoopTest {

  private static final Instant NOW = Instant.parse("2026-06-17T10:00:00Z");

  /** Failures that came some seconds apart, the newest some seconds ago. */
  private static List<JobFailure> failures(int count, int apart, int ago) {
    return IntStream.range(0, count)
        .mapToObj(i -> new JobFailure(NOW.minusSeconds(ago + (long) i * apart), ""))
        .toList();
  }

  private static boolean isLooping(List<JobFailure> failures, Integer checkpointSecondsAgo) {
    return FailureLoop.isLooping(
        failures, NOW, () -> Optional.ofNullable(checkpointSecondsAgo).map(NOW::minusSeconds));
  }

  @Test
  void fiveFailuresSinceTheNewestCheckpointAreALoop() {
    assertThat(isLooping(failures(5, 3600, 300), null)).isTrue();
    assertThat(isLooping(failures(5, 10, 300), 341)).isTrue();
    assertThat(isLooping(failures(5, 10, 300), 340)).isFalse();
    assertThat(isLooping(failures(4, 10, 0), null)).isFalse();
  }

  @Test
  void eightFailuresInTenMinutesAreALoopWhateverCheckpointsAreBetween() {
    assertThat(isLooping(failures(8, 60, 59), 1)).isTrue();
    assertThat(isLooping(failures(8, 60, 60), 1)).isFalse();
    assertThat(isLooping(failures(8, 80, 59), 1)).isFalse();
    assertThat(isLooping(failures(7, 60, 0), 1)).isFalse();
  }
}
