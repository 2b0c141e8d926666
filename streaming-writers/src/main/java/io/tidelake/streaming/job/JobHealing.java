/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.state.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.util.TimeUtils;
import org.apache.paimon.CoreOptions;

/**
 * Looks after jobs, so that state that is of no use does not keep them from running: a job that
 * fails because of its state is started without it.
 */
public final class JobHealing {

  private static final Duration WATCHED_FOR = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** A job that fails so soon after it lost its state has another trouble. */
  private static final Duration BETWEEN_REBUILDS = Duration.ofMinutes(15);

  /** How many failures in a row say that a job fails because of its state, not of a moment. */
  private static final int FAILURES = 2;

  private static final int LOOKS_FOR_A_CHECK = 16;
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(3);

  private final LakeConfig config;
  private final StreamingJobs jobs;
  private final FlinkCluster cluster;

  /** Looks after the jobs of a configuration, on the cluster that it names. */
  public JobHealing(LakeConfig config) {
    this.config = config;
    this.jobs = new StreamingJobs(config);
    this.cluster = new FlinkCluster(config.cluster().restAddress());
  }

  /**
   * Watches a job through its first moments, until it has a checkpoint of its own and its place has
   * been looked for; then its earlier ones are removed. If it fails because of the state that it
   * was started with, it is started without.
   *
   * @param progress is told so, a line
   * @return the job that runs in the end, perhaps without a checkpoint yet: after a minute it is
   *     left alone
   * @throws LakeException when it fails for another reason
   */
  public StreamingJobs.Started watchStart(StreamingJobs.Started job, Consumer<String> progress)
      throws InterruptedException {
    StreamingJobs.Started watched = job;
    Instant start = Instant.now();
    while (Instant.now().isBefore(start.plus(WATCHED_FOR))) {
      FlinkCluster.JobStatus status = cluster.job(watched.id().toString());
      Optional<JobFailure> lost = lostState(status, 1);
      if (watched.checkpoint().isPresent() && lost.isPresent()) {
        watched = rebuild(status, lost.get(), progress);
        start = Instant.now();
      } else {
        cluster.checkNotFailing(status);
        boolean told =
            watched.checkpoint().isEmpty() || start.plus(placeChecked()).isBefore(Instant.now());
        if (told && cluster.checkpoints(status.id()).completed() > 0) {
          removeOlderCheckpoints(status);
          return watched;
        }
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
    return watched;
  }

  /**
   * When a job has failed whose place has expired: Paimon looks for that at each sixteenth time
   * that it finds no new snapshot. Until then the job runs, and completes checkpoints.
   */
  private Duration placeChecked() {
    String interval = config.tableOptions().get(CoreOptions.CONTINUOUS_DISCOVERY_INTERVAL.key());
    return (interval == null
            ? CoreOptions.CONTINUOUS_DISCOVERY_INTERVAL.defaultValue()
            : TimeUtils.parseDuration(interval))
        .multipliedBy(LOOKS_FOR_A_CHECK)
        .plus(STARTS_WITHIN);
  }

  /**
   * How a job was found.
   *
   * @param job its name
   * @param outcome what was done about it
   * @param reason why it fails or was rebuilt; empty for a job that runs
   */
  public record Finding(String job, Outcome outcome, String reason) {}

  /** What was done about a job. */
  public enum Outcome {
    /** Nothing: it runs. */
    RUNS,
    /** Nothing: it is not on the cluster, as somebody wished. */
    ABSENT,
    /** It failed because of its state, and was started without. */
    REBUILT,
    /** Nothing: it fails for another reason. */
    FAILS
  }

  /**
   * Looks at each job of the configuration once: one that fails because of its state is started
   * without, and checkpoints that nobody needs any more are removed.
   *
   * @param progress is told what is done, a line each
   */
  public List<Finding> heal(Consumer<String> progress) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (String job : config.jobs().keySet()) {
      findings.add(heal(job, progress));
    }
    return findings;
  }

  private Finding heal(String name, Consumer<String> progress) throws InterruptedException {
    try {
      JobState state = jobs.state(name);
      Optional<FlinkCluster.JobStatus> found =
          cluster.jobs().stream()
              .filter(job -> job.name().equals(name))
              .min(Comparator.comparing(FlinkCluster.JobStatus::hasEnded));
      boolean ended = found.map(FlinkCluster.JobStatus::hasEnded).orElse(true);
      Optional<String> request = state.run().flatMap(state::rebuildRequest);
      if (ended && request.isPresent()) {
        progress.accept(name + " is started from the tables: " + request.get());
        jobs.start(name);
        return new Finding(name, Outcome.REBUILT, request.get());
      }
      if (found.isEmpty()) {
        return new Finding(name, Outcome.ABSENT, "");
      }
      FlinkCluster.JobStatus job = found.get();
      Optional<JobFailure> failing = cluster.failing(job);
      if (failing.isPresent()) {
        Optional<JobFailure> lost = lostState(job, FAILURES);
        if (lost.isEmpty() || !mayRebuild(state)) {
          return new Finding(name, Outcome.FAILS, failing.get().message());
        }
        return new Finding(name, Outcome.REBUILT, rebuild(job, lost.get(), progress).reason());
      }
      if (ended) {
        return new Finding(name, Outcome.ABSENT, "");
      }
      if (cluster.checkpoints(job.id()).completed() > 0) {
        removeOlderCheckpoints(job);
      }
      return new Finding(name, Outcome.RUNS, "");
    } catch (LakeException e) {
      // The others are looked after all the same.
      return new Finding(name, Outcome.FAILS, e.getMessage());
    }
  }

  private static boolean mayRebuild(JobState state) {
    return state.latestCheckpoint().isPresent()
        || state
            .run()
            .map(run -> run.began().plus(BETWEEN_REBUILDS).isBefore(Instant.now()))
            .orElse(true);
  }

  /** The last failure of a job that fails because of its state; empty for others. */
  private Optional<JobFailure> lostState(FlinkCluster.JobStatus job, int atLeast) {
    List<JobFailure> last = cluster.failures(job.id()).stream().limit(atLeast).toList();
    return (last.size() == atLeast || (job.state().equals("FAILED") && !last.isEmpty()))
            && last.stream().allMatch(JobFailure::isOfLostState)
        ? Optional.of(last.get(0))
        : Optional.empty();
  }

  private StreamingJobs.Started rebuild(
      FlinkCluster.JobStatus job, JobFailure failure, Consumer<String> progress)
      throws InterruptedException {
    String reason = StreamingJobs.uselessBecause(failure);
    progress.accept(job.name() + " is started again from the tables: " + reason);
    StreamingJobs.Started started = jobs.rebuild(job, reason);
    progress.accept(job.name() + " started as " + started.id() + " from the tables");
    return started;
  }

  private void removeOlderCheckpoints(FlinkCluster.JobStatus job) {
    JobState state = jobs.state(job.name());
    state
        .run()
        .filter(run -> state.holds(run, job.id()))
        .ifPresent(run -> state.removeOthers(run, job.id()));
  }
}
