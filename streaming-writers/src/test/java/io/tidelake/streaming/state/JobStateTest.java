/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start leaves for the next one, also when it was killed. */
class JobStateTest {

  private static final JobFingerprint FINGERPRINT =
      new JobFingerprint(new TreeMap<>(Map.of("pipeline ods", "1")));
  private static final Map<String, TopicBeginning> FIRST =
      Map.of("orders", new TopicBeginning("id-1", Map.of(0, 17L)));
  private static final Map<String, TopicBeginning> SECOND =
      Map.of("orders", new TopicBeginning("id-2", Map.of(0, 4L, 1, 0L)));

  @TempDir private Path checkpoints;
  private JobState state;

  @BeforeEach
  void job() {
    state = new JobState(checkpoints.toString(), "capture");
  }

  @Test
  void theLastBeginningCounts() {
    assertThat(state.topics()).isEmpty();
    JobState.Run first = state.begin(FINGERPRINT, FIRST);
    JobState.Run second = state.begin(FINGERPRINT, SECOND);
    assertThat(state.run()).contains(second);
    assertThat(state.topics()).isEqualTo(SECOND);
    assertThat(state.fingerprint(second)).contains(FINGERPRINT);
    state.abandon(second);
    assertThat(state.run()).contains(first);
    assertThat(state.topics()).isEqualTo(FIRST);
  }

  /** A kill between making a file and writing it. */
  @Test
  void aStartThatWasKilledWhileItBeganTakesNothingAway() throws Exception {
    state.begin(FINGERPRINT, FIRST);
    JobState.Run killed = state.begin(FINGERPRINT, SECOND);
    Path folder = Path.of(killed.folder().toUri());
    Files.writeString(folder.resolve("topics.json"), "{\"orders\": {\"id\"");
    Files.writeString(folder.resolve("fingerprint.json"), "");
    assertThat(state.topics()).isEqualTo(FIRST);
    assertThat(state.fingerprint(killed)).isEmpty();
    Files.delete(folder.resolve("topics.json"));
    assertThat(state.topics()).isEqualTo(FIRST);
  }
}
