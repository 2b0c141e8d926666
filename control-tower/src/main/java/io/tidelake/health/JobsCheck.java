/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.JobFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks the cluster how the streaming jobs are. */
final class JobsCheck {

  private static final Duration CHECKPOINT_WITHIN = Duration.ofMinutes(2);

  private final LakeConfig config;
  private final Findings findings;

  JobsCheck(LakeConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  /** Each job of the configuration, and others that are on the cluster. */
  List<Health.Job> run() {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    List<FlinkCluster.JobStatus> all = cluster.jobs();
    List<Health.Job> jobs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    // Of the runs of a job that the cluster remembers, the newest.
    all.stream()
        .sorted(
            Comparator.comparing(FlinkCluster.JobStatus::hasEnded)
                .thenComparing(FlinkCluster.JobStatus::uptimeMillis))
        .filter(job -> names.add(job.name()))
        .forEach(job -> jobs.add(job(cluster, job)));
    for (String name : config.jobs().keySet()) {
      if (names.add(name)) {
        jobs.add(new Health.Job(name, "MISSING", null, 0, null, null, null, null));
        findings.problem(
            ErrorCode.JOB_MISSING,
            "The job %s does not run.".formatted(name),
            "Start it: lake stream start " + name);
      }
    }
    return jobs;
  }

  private Health.Job job(FlinkCluster cluster, FlinkCluster.JobStatus job) {
    List<JobFailure> failures = cluster.failures(job.id());
    Optional<JobFailure> failure = failures.stream().findFirst();
    Duration checkpointAge = cluster.lastCheckpoint(job.id()).map(Findings::age).orElse(null);
    if (job.hasEnded()) {
      if (config.jobs().containsKey(job.name())) {
        findings.problem(
            ErrorCode.JOB_ENDED,
            "The job %s is %s%s"
                .formatted(
                    job.name(), job.state(), failure.map(f -> ": " + f.message()).orElse(".")),
            "Start it: lake stream start " + job.name());
      }
    } else if (!job.state().equals("RUNNING") || cluster.failing(job, failures).isPresent()) {
      findings.problem(
          ErrorCode.JOB_FAILING,
          "The job %s is %s%s"
              .formatted(
                  job.name(),
                  job.state(),
                  failure.map(f -> ", after: " + f.message()).orElse(", and has not failed.")),
          "It is restarted until it works; when the cause is not gone by itself, remove it."
              + " `lake stream heal` rebuilds it when it has lost its state or its place.");
    } else if (Duration.ofMillis(job.uptimeMillis()).compareTo(CHECKPOINT_WITHIN) > 0
        && (checkpointAge == null || checkpointAge.compareTo(CHECKPOINT_WITHIN) > 0)) {
      findings.problem(
          ErrorCode.JOB_STANDS_STILL,
          "The job %s has completed no checkpoint for %s: nothing that it writes can be seen."
              .formatted(
                  job.name(),
                  checkpointAge == null ? "as long as it runs" : checkpointAge.toSeconds() + " s"),
          "Look at its tasks on http://%s; a backlog that it cannot take needs more slots."
              .formatted(config.cluster().restAddress()));
    }
    return new Health.Job(
        job.name(),
        job.state(),
        job.id(),
        job.uptimeMillis() / 1000,
        job.hasEnded() ? null : cluster.restarts(job.id()),
        failure.map(JobFailure::message).orElse(null),
        failure.map(JobFailure::at).orElse(null),
        checkpointAge == null ? null : checkpointAge.toSeconds());
  }
}
