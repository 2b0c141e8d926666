/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.pipeline.Reconciliation;
import io.tidelake.streaming.state.JobFingerprint;
import io.tidelake.streaming.state.JobState;
import io.tidelake.streaming.state.TopicBeginning;
import io.tidelake.tables.flink.FlinkSession;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** Submits the streaming jobs of the configuration to a Flink cluster, embedded or not. */
public final class StreamingJobs {

  /** Name of the job that compacts all tables; it has no pipelines. */
  public static final String COMPACTION = "compaction";

  private final LakeConfig config;
  private final FlinkCluster cluster;
  private final JobFingerprints fingerprints;
  private final SourceGaps gaps;

  /** The jobs of a configuration, on the cluster that it names. */
  public StreamingJobs(LakeConfig config) {
    this.config = config;
    this.cluster = new FlinkCluster(config.cluster().restAddress());
    this.fingerprints = new JobFingerprints(config);
    this.gaps = new SourceGaps(config);
  }

  /**
   * A job that was started.
   *
   * @param job its name
   * @param id Flink's id of it
   * @param checkpoint the checkpoint that it goes on from; empty when it rebuilds its state from
   *     the tables
   * @param reason why it rebuilds its state; empty when it goes on
   */
  public record Started(String job, JobID id, Optional<String> checkpoint, String reason) {

    /** For people: where it starts from, and why. */
    public String from() {
      return checkpoint.orElse("the tables: " + reason);
    }
  }

  /**
   * Starts a job where its newest checkpoint left off. Without one, or when that is of no use
   * because the job is made of something else now, it starts from the tables.
   *
   * @param name a job of the configuration
   * @throws LakeException when its SQL does not fit the tables, the cluster refuses it, or it would
   *     start from the tables and a topic has lost what it had not read
   */
  public Started start(String name) {
    JobFingerprint fingerprint = fingerprints.of(name);
    JobState state = state(name);
    Optional<String> checkpoint = state.latestCheckpoint();
    if (checkpoint.isEmpty()) {
      String reason =
          state
              .run()
              .flatMap(state::rebuildRequest)
              .orElse(
                  state.run().isEmpty() && state.hasUnknownCheckpoints()
                      ? "it is not known what its checkpoints were made with"
                      : "there is no checkpoint");
      return begin(name, fingerprint, reason);
    }
    JobState.Run run = state.run().orElseThrow();
    Optional<JobFingerprint> earlier = state.fingerprint(run);
    if (earlier.isEmpty()) {
      return begin(name, fingerprint, "it is not known what its checkpoints were made with");
    }
    List<String> changes = fingerprint.changesSince(earlier.get());
    if (!changes.isEmpty()) {
      return begin(
          name, fingerprint, "its checkpoints do not fit any more, " + String.join(", ", changes));
    }
    try {
      return new Started(name, submit(name, run, checkpoint), checkpoint, "");
    } catch (LakeException e) {
      JobFailure failure = JobFailure.of(e);
      if (failure.isOfLostState() && failure.isOfTheCluster()) {
        return begin(name, fingerprint, uselessBecause(failure));
      }
      throw e;
    }
  }

  /**
   * Starts a job from the tables alone, whatever checkpoints it has. Rows that its pipelines would
   * not yield any more are deleted first. From then on no start looks at the old checkpoints. What
   * a topic has lost is passed over: its table is to be read again.
   *
   * @param name a job of the configuration
   * @throws LakeException when its SQL does not fit the tables or the cluster refuses it
   */
  public Started startFromNothing(String name) {
    return begin(name, fingerprints.of(name), gaps.beginnings(name), "as was asked for");
  }

  /** Why the state is discarded of a job that failed because of it. */
  static String uselessBecause(JobFailure failure) {
    return "its checkpoint is of no use, " + failure.message();
  }

  private Started begin(String name, JobFingerprint fingerprint, String reason) {
    return begin(name, fingerprint, beginnings(name), reason);
  }

  /** Where a job begins that nobody has asked to pass over a gap. */
  private Map<String, TopicBeginning> beginnings(String name) {
    return gaps.beginningsWithoutGap(name, state(name).topics());
  }

  private Started begin(
      String name, JobFingerprint fingerprint, Map<String, TopicBeginning> topics, String reason) {
    JobState state = state(name);
    JobState.Run run = state.begin(fingerprint, topics);
    try {
      return new Started(name, submit(name, run, Optional.empty()), Optional.empty(), reason);
    } catch (RuntimeException e) {
      // Nothing has changed: what was before counts again.
      state.abandon(run);
      throw e;
    }
  }

  /**
   * Starts a job without state that runs and is of no use: it ends first. If this is interrupted,
   * or the start fails, the next {@link #start} does the rest.
   *
   * @param reason why its state is discarded
   */
  Started rebuild(FlinkCluster.JobStatus job, String reason) throws InterruptedException {
    JobState state = state(job.name());
    JobState.Run run = state.begin(fingerprints.of(job.name()), beginnings(job.name()));
    state.requestRebuild(run, reason);
    cluster.cancel(job);
    JobID id = submit(job.name(), run, Optional.empty());
    state.rebuilt(run);
    return new Started(job.name(), id, Optional.empty(), reason);
  }

  /**
   * Starts a job again that is on the cluster, so that it is planned by the tables as they are now.
   *
   * @return empty when it is not on the cluster, or the cluster does not answer
   */
  public Optional<Started> restart(String name) throws InterruptedException {
    Optional<FlinkCluster.JobStatus> job;
    try {
      job = cluster.findRunningJob(name);
    } catch (LakeException e) {
      if (e.code() == ErrorCode.FLINK_UNREACHABLE) {
        return Optional.empty();
      }
      throw e;
    }
    if (job.isEmpty()) {
      return Optional.empty();
    }
    cluster.cancel(job.get());
    return Optional.of(start(name));
  }

  /**
   * What became of a job that was stopped.
   *
   * @param job its name
   * @param state Flink's state before
   * @param savepoint where it goes on; empty when it goes on from its newest completed checkpoint
   */
  public record Stopped(String job, String state, Optional<String> savepoint) {}

  /**
   * Stops a job. One that is not running, because it fails or is about to be restarted, cannot
   * write a savepoint and is ended at once.
   *
   * @param withSavepoint false to end it at once in any case
   * @throws LakeException when no such job is there, or a savepoint cannot be written; the job goes
   *     on then
   */
  public Stopped stop(String name, boolean withSavepoint) throws InterruptedException {
    FlinkCluster.JobStatus job = cluster.runningJob(name);
    Optional<String> savepoint = Optional.empty();
    if (withSavepoint && job.state().equals("RUNNING")) {
      try {
        savepoint = Optional.of(savepoint(name));
      } catch (LakeException e) {
        String failing =
            cluster
                .failing(cluster.job(job.id()))
                .map(failure -> " The job fails again and again: " + failure.message())
                .orElse("");
        throw new LakeException(
            e.code(),
            e.getMessage() + failing,
            "`lake stream stop "
                + name
                + " --without-savepoint` ends it; it then goes on from its newest completed checkpoint.",
            e);
      }
    }
    cluster.cancel(job);
    return new Stopped(name, job.state(), savepoint);
  }

  /**
   * Writes a savepoint of a job, which runs on.
   *
   * @return the savepoint's folder
   * @throws LakeException when no such job runs, or it fails
   */
  public String savepoint(String name) throws InterruptedException {
    Path folder =
        state(name)
            .run()
            .map(JobState.Run::folder)
            .orElseGet(() -> JobState.folder(config.cluster().checkpoints(), name));
    return cluster.savepoint(cluster.runningJob(name).id(), folder.toString());
  }

  /**
   * The newest complete checkpoint or savepoint of a job that counts.
   *
   * @return its folder; empty when there is none
   */
  public Optional<String> latestCheckpoint(String name) {
    return state(name).latestCheckpoint();
  }

  /**
   * Has a job forget all of its state: its checkpoints and savepoints are moved away, to where no
   * start looks. The job must not run.
   *
   * @param name a job of the configuration
   * @param folder name of a folder beside those of the jobs
   * @throws LakeException when they cannot be moved
   */
  public void moveCheckpoints(String name, String folder) {
    state(name).moveTo(new Path(JobState.folder(config.cluster().checkpoints(), folder), name));
  }

  /**
   * Deletes what {@link #moveCheckpoints} has moved.
   *
   * @param folder its name
   */
  public void deleteMovedCheckpoints(String folder) {
    Path moved = JobState.folder(config.cluster().checkpoints(), folder);
    try {
      moved.getFileSystem().delete(moved, true);
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.CHECKPOINTS_NOT_DELETED,
          moved + " could not be deleted: " + LakeException.rootMessage(e),
          "Delete it; nothing uses it any more.",
          e);
    }
  }

  /** Where a job keeps its state. */
  JobState state(String name) {
    return new JobState(config.cluster().checkpoints(), name);
  }

  private JobID submit(String name, JobState.Run run, Optional<String> checkpoint) {
    JobConfig job = config.job(name);
    Configuration flink = configuration(name, job, run);
    if (checkpoint.isPresent()) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.get());
    } else {
      new Reconciliation(config).run(job).forEach(flink::setString);
    }
    try {
      return name.equals(COMPACTION)
          ? new CompactionJob(config).start(flink)
          : startPipelines(job, flink);
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.JOB_NOT_STARTED,
          "The job "
              + name
              + " could not be started on "
              + config.cluster().restAddress()
              + ": "
              + LakeException.rootMessage(e),
          "Check that the Flink cluster runs and has free slots; --debug shows the whole error.",
          e);
    }
  }

  private JobID startPipelines(JobConfig job, Configuration flink) {
    StreamTableEnvironment session =
        FlinkSession.open(config, RuntimeExecutionMode.STREAMING, flink);
    Pipeline.createSources(config, session);
    StatementSet statements = session.createStatementSet();
    job.pipelines().forEach(pipeline -> Pipeline.read(config, pipeline).addTo(statements, session));
    try {
      ChangeOrder.check(config, job, statements, session);
      return statements.execute().getJobClient().orElseThrow().getJobID();
    } catch (ValidationException e) {
      // What only shows when all inserts are planned together, as columns that do not match.
      throw Pipeline.invalid("One of the pipelines " + job.pipelines(), e);
    }
  }

  private Configuration configuration(String name, JobConfig job, JobState.Run run) {
    Configuration flink = Configuration.fromMap(StateExpiry.options(config, job));
    flink.addAll(Configuration.fromMap(config.flinkOf(job)));
    FlinkCluster.submitTo(config.cluster().restAddress(), flink);
    flink.set(PipelineOptions.NAME, name);
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, run.folder().toString());
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    job.tableOptions()
        .forEach(
            (table, options) ->
                options.forEach(
                    (option, value) ->
                        flink.setString(FlinkSession.tableOption(config, table, option), value)));
    return flink;
  }
}
