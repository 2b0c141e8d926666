/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.flink.FlinkSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When the jobs of the shipped configuration are checkpointed, after a time in which they could not
 * be.
 */
class CheckpointPaceTest {

  private static final Duration SOON = Duration.ofMinutes(2);

  /** When a checkpoint was taken, in nanoseconds. */
  private static final List<Long> TAKEN = new CopyOnWriteArrayList<>();

  /** How many had been taken when the stall was over; 0 before that. */
  private static final AtomicInteger TAKEN_BEFORE = new AtomicInteger();

  /** Counted down when the job need not be slow any more. */
  private static volatile CountDownLatch ends;

  @TempDir private Path checkpoints;

  /** A job that was late would become later: each checkpoint is a commit, and the next work. */
  @Test
  void missedCheckpointsAreNotMadeUpFor() throws Exception {
    missedCheckpointsAreNotMadeUpFor("capture");
  }

  @Tag("soak")
  @Test
  void norThoseOfALongerInterval() throws Exception {
    missedCheckpointsAreNotMadeUpFor("facts");
  }

  private void missedCheckpointsAreNotMadeUpFor(String job) throws Exception {
    LakeConfig config = LakeConfig.load(ProjectFile.find(), Map.of());
    Configuration flink = Configuration.fromMap(config.flinkOf(config.job(job)));
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    Duration interval = flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL);
    TAKEN.clear();
    TAKEN_BEFORE.set(0);
    ends = new CountDownLatch(1);
    StreamExecutionEnvironment environment = FlinkSession.environment(flink);
    environment
        .fromSequence(0, Long.MAX_VALUE)
        .map(new StallsOnce(interval.multipliedBy(4)))
        .sinkTo(new DiscardingSink<>());
    JobClient client = environment.executeAsync("stalls once");

    try {
      await("checkpoints after a stall")
          .atMost(SOON)
          .until(() -> TAKEN_BEFORE.get() > 0 && TAKEN.size() > TAKEN_BEFORE.get() + 4);
    } finally {
      ends.countDown();
      client.cancel().get();
    }

    List<Duration> pauses =
        IntStream.range(TAKEN_BEFORE.get() + 1, TAKEN.size())
            .mapToObj(i -> Duration.ofNanos(TAKEN.get(i) - TAKEN.get(i - 1)))
            .toList();
    assertThat(pauses)
        .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(interval.dividedBy(2)));
  }

  /** Lets nothing pass for a while after its first checkpoint, as a machine without a free core. */
  private static final class StallsOnce implements MapFunction<Long, Long>, CheckpointedFunction {

    private static final long serialVersionUID = 1;

    private final Duration stall;

    StallsOnce(Duration stall) {
      this.stall = stall;
    }

    @Override
    public Long map(Long value) throws InterruptedException {
      // So slowly it goes on, and so long it stands: unless the test ends.
      ends.await(1, TimeUnit.MILLISECONDS);
      if (!TAKEN.isEmpty() && TAKEN_BEFORE.get() == 0) {
        ends.await(stall.toMillis(), TimeUnit.MILLISECONDS);
        TAKEN_BEFORE.set(TAKEN.size());
      }
      return value;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
      TAKEN.add(System.nanoTime());
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {}
  }
}
