/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.HostAndPort;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;

/** A running Flink cluster, embedded or not, through its REST address. */
public final class FlinkCluster {

  private static final Duration SAVEPOINT_WITHIN = Duration.ofMinutes(5);
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private static final int MOST_FAILURES = 16;

  /** How long a job may take to end when it is told to. */
  public static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  private final FlinkRest rest;

  /**
   * A job on the cluster.
   *
   * @param id Flink's id of the job
   * @param name its name
   * @param state Flink's state, for example {@code RUNNING}
   * @param uptimeMillis how long it has been there
   */
  public record JobStatus(String id, String name, String state, long uptimeMillis) {

    /** True when the job has ended, for whatever reason. */
    public boolean hasEnded() {
      return state.equals("FAILED") || state.equals("CANCELED") || state.equals("FINISHED");
    }
  }

  /**
   * The checkpoints of a job.
   *
   * @param completed how many were completed since the job started
   * @param failed how many failed
   * @param lastMillis how long the last one took
   */
  public record Checkpoints(long completed, long failed, long lastMillis) {}

  /**
   * @param restAddress {@code host:port} of the REST address
   */
  public FlinkCluster(String restAddress) {
    this.rest = new FlinkRest(restAddress);
  }

  /** Has the jobs of a session run on a cluster. */
  public static void submitTo(String restAddress, Configuration flink) {
    HostAndPort cluster = FlinkRest.hostAndPort(restAddress);
    flink.set(DeploymentOptions.TARGET, "remote");
    // As text it has the brackets of an IPv6 address, which Flink puts into a URL as it is.
    flink.set(RestOptions.ADDRESS, HostAndPort.fromHost(cluster.getHost()).toString());
    flink.set(RestOptions.PORT, cluster.getPort());
  }

  /**
   * What a cluster is.
   *
   * @param version Flink's version
   * @param taskManagers how many run
   * @param slots how many task slots they have
   * @param freeSlots how many of these no job uses
   */
  public record Overview(String version, int taskManagers, int slots, int freeSlots) {}

  /** What the cluster is. */
  public Overview overview() {
    JsonNode answer = rest.get("/overview");
    return new Overview(
        answer.path("flink-version").asText(),
        answer.path("taskmanagers").asInt(),
        answer.path("slots-total").asInt(),
        answer.path("slots-available").asInt());
  }

  /** All jobs that the cluster remembers. */
  public List<JobStatus> jobs() {
    List<JobStatus> jobs = new ArrayList<>();
    for (JsonNode job : rest.get("/jobs/overview").path("jobs")) {
      jobs.add(status(job));
    }
    return jobs;
  }

  /**
   * A job.
   *
   * @throws LakeException when the cluster does not know it
   */
  public JobStatus job(String jobId) {
    return status(rest.get("/jobs/" + jobId));
  }

  /**
   * How far a job is that writes a table.
   *
   * @param status the job
   * @param rows how many rows the writer of the table has been given; a bit behind, never ahead
   */
  public record Writing(JobStatus status, long rows) {}

  /**
   * A job that writes a table.
   *
   * @throws LakeException when the cluster does not know it
   */
  public Writing writing(String jobId, String table) {
    JsonNode job = rest.get("/jobs/" + jobId);
    long rows = 0;
    for (JsonNode task : job.path("vertices")) {
      String name = task.path("name").asText();
      if (name.contains("Writer") && name.contains(" : " + table)) {
        rows += task.path("metrics").path("read-records").asLong();
      }
    }
    return new Writing(status(job), rows);
  }

  private static JobStatus status(JsonNode job) {
    return new JobStatus(
        job.path("jid").asText(),
        job.path("name").asText(),
        job.path("state").asText(),
        job.path("duration").asLong());
  }

  /**
   * Makes sure that no job has failed for good, and none fails again and again.
   *
   * @throws LakeException when one does, with its last failure
   */
  public void checkNoneFailed() {
    jobs().forEach(this::checkNotFailing);
  }

  /**
   * Makes sure that a job has not failed for good, and does not fail again and again.
   *
   * @throws LakeException when it does, with its last failure
   */
  public void checkNotFailing(JobStatus job) {
    failing(job)
        .ifPresent(
            failure -> {
              throw new LakeException(
                  ErrorCode.JOB_FAILED,
                  "The job %s %s: %s"
                      .formatted(
                          job.name(),
                          job.hasEnded() ? "failed" : "fails again and again, at last with",
                          failure.message()),
                  "Fix the cause. A job that has ended is started again by `lake stream start "
                      + job.name()
                      + "`, from its newest checkpoint; a demo by the same --work-dir.");
            });
  }

  /**
   * Whether a job has failed for good, or is restarted again and again without coming further, as
   * {@link FailureLoop} says.
   *
   * @return its last failure; empty for a job that runs, or that has failed a few times only
   */
  public Optional<JobFailure> failing(JobStatus job) {
    return failing(job, failures(job.id()));
  }

  /** The same by its {@link #failures}, which are known. */
  public Optional<JobFailure> failing(JobStatus job, List<JobFailure> failures) {
    if (failures.isEmpty() || job.state().equals("CANCELED") || job.state().equals("FINISHED")) {
      return Optional.empty();
    }
    return job.state().equals("FAILED")
            || FailureLoop.isLooping(failures, Instant.now(), () -> lastCheckpoint(job.id()))
        ? Optional.of(failures.get(0))
        : Optional.empty();
  }

  /** When the newest checkpoint of a job was completed; empty when none was. */
  public Optional<Instant> lastCheckpoint(String jobId) {
    JsonNode completed =
        rest.get("/jobs/" + jobId + "/checkpoints").path("latest").path("completed");
    return completed.has("latest_ack_timestamp")
        ? Optional.of(Instant.ofEpochMilli(completed.path("latest_ack_timestamp").asLong()))
        : Optional.empty();
  }

  /** How often a running job was restarted since it was started; NULL while that is not known. */
  public Long restarts(String jobId) {
    JsonNode value = rest.get("/jobs/" + jobId + "/metrics?get=numRestarts").path(0).path("value");
    return value.isMissingNode() ? null : value.asLong();
  }

  /**
   * Waits until each job has made a checkpoint: from then on it reads and writes.
   *
   * @param health is asked while waiting; ends the wait by what it throws
   * @throws LakeException when a job has none after two minutes
   */
  public void awaitFirstCheckpoints(Runnable health) throws InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (true) {
      health.run();
      List<String> waiting =
          jobs().stream()
              .filter(job -> checkpoints(job.id()).completed() == 0)
              .map(JobStatus::name)
              .toList();
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LakeException(
            ErrorCode.JOBS_NOT_READY,
            "No checkpoint within " + READY_WITHIN.toSeconds() + " s of the jobs " + waiting + ".",
            "Look at the log of Flink; the machine may be too busy.");
      }
      Thread.sleep(500);
    }
  }

  /**
   * The running job of a name.
   *
   * @throws LakeException when no job of that name runs
   */
  public JobStatus runningJob(String name) {
    return findRunningJob(name)
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.JOB_NOT_RUNNING,
                    "No job named " + name + " runs on " + rest.address() + ".",
                    "`lake stream list` shows what runs, `lake stream start "
                        + name
                        + "` starts it."));
  }

  /** The running job of a name; empty when no job of that name runs. */
  public Optional<JobStatus> findRunningJob(String name) {
    return jobs().stream().filter(job -> job.name().equals(name) && !job.hasEnded()).findFirst();
  }

  /** The checkpoints of a job since it was started. */
  public Checkpoints checkpoints(String jobId) {
    JsonNode answer = rest.get("/jobs/" + jobId + "/checkpoints");
    return new Checkpoints(
        answer.path("counts").path("completed").asLong(),
        answer.path("counts").path("failed").asLong(),
        answer.path("latest").path("completed").path("end_to_end_duration").asLong());
  }

  /**
   * How many records wait in the log for each source of a job, some seconds ago. A source that has
   * not met a record yet is left out.
   *
   * @return by an id of the source
   */
  public Map<String, Long> pendingRecords(String jobId) {
    Map<String, Long> pending = new TreeMap<>();
    for (JsonNode task : rest.get("/jobs/" + jobId).path("vertices")) {
      String metrics = "/jobs/" + jobId + "/vertices/" + task.path("id").asText() + "/metrics";
      for (JsonNode metric : rest.get(metrics)) {
        String id = metric.path("id").asText();
        if (id.endsWith(".pendingRecords")) {
          String get = metrics + "?get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
          for (JsonNode value : rest.get(get)) {
            pending.put(id, (long) value.path("value").asDouble());
          }
        }
      }
    }
    return pending;
  }

  /** Why a job failed last: the deepest message; empty when it never did. */
  public String lastFailure(String jobId) {
    return failures(jobId).stream().findFirst().map(JobFailure::message).orElse("");
  }

  /** The last failures of a job, the newest first; the cluster remembers sixteen, if not told. */
  public List<JobFailure> failures(String jobId) {
    List<JobFailure> failures = new ArrayList<>();
    String path = "/jobs/" + jobId + "/exceptions?maxExceptions=" + MOST_FAILURES;
    for (JsonNode entry : rest.get(path).path("exceptionHistory").path("entries")) {
      failures.add(
          new JobFailure(
              Instant.ofEpochMilli(entry.path("timestamp").asLong()),
              entry.path("stacktrace").asText()));
    }
    failures.sort(Comparator.comparing(JobFailure::at).reversed());
    return failures;
  }

  /**
   * Ends a job at once and waits until it has ended; its newest checkpoint stays. A job that has
   * ended already is left alone.
   *
   * @throws LakeException when it has not ended within a minute
   */
  public void cancel(JobStatus job) throws InterruptedException {
    if (job.hasEnded()) {
      return;
    }
    rest.patch("/jobs/" + job.id() + "?mode=cancel");
    long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
    while (!job(job.id()).hasEnded()) {
      if (System.nanoTime() > deadline) {
        throw new LakeException(
            ErrorCode.JOB_NOT_STOPPED,
            "The job " + job.name() + " has not ended within " + ENDS_WITHIN.toSeconds() + " s.",
            "End it on the cluster, then run the command again.");
      }
      Thread.sleep(200);
    }
  }

  /**
   * Writes a savepoint of a job, which runs on.
   *
   * @param folder where the savepoint's folder is made; the cluster must reach it
   * @return the savepoint's folder
   * @throws LakeException when it fails or takes longer than five minutes
   */
  public String savepoint(String jobId, String folder) throws InterruptedException {
    ObjectNode order = JsonNodeFactory.instance.objectNode().put("target-directory", folder);
    String request = rest.post("/jobs/" + jobId + "/savepoints", order).path("request-id").asText();
    long deadline = System.nanoTime() + SAVEPOINT_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode answer = rest.get("/jobs/" + jobId + "/savepoints/" + request);
      if (answer.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = answer.path("operation");
        if (operation.has("location")) {
          return operation.path("location").asText();
        }
        throw new LakeException(
            ErrorCode.SAVEPOINT_FAILED,
            "The savepoint of job "
                + jobId
                + " failed: "
                + new JobFailure(
                        Instant.now(), operation.path("failure-cause").path("stack-trace").asText())
                    .message(),
            "Look at the job's exceptions on " + rest.address() + ".");
      }
      Thread.sleep(200);
    }
    throw new LakeException(
        ErrorCode.SAVEPOINT_FAILED,
        "The savepoint of job "
            + jobId
            + " took longer than "
            + SAVEPOINT_WITHIN.toMinutes()
            + " minutes.",
        "Look at the job's checkpoints on " + rest.address() + ".");
  }
}
