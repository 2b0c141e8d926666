/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import io.tidelake.backfill.input.SnapshotInput;
import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.tables.flink.FlinkSession;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.fs.Path;
import org.apache.paimon.table.FileStoreTable;

/**
 * The Flink job that writes one partition: the rows of the snapshot, through the mapping, into a
 * table, and those that do not fit into the table of rejects. All rows of the partition become
 * visible in one commit.
 */
public final class PartitionJob {

  private static final long LOOK_EVERY_MILLIS = 200;
  private static final long NEARLY_FULL_BYTES = 64L << 20;
  private static final Duration SILENT_AT_MOST = Duration.ofSeconds(30);

  /**
   * Larger than a stream's, so that a day makes few files. A full buffer becomes a file; to sort
   * all rows of a day into one would take a tenth of the time.
   */
  private static final Map<String, String> WRITE_BUFFER =
      Map.of(
          CoreOptions.WRITE_BUFFER_SIZE.key(), "128 mb",
          CoreOptions.WRITE_BUFFER_SPILLABLE.key(), "false");

  private final Backfill backfill;
  private final LakeConfig sink;
  private final FileStoreTable target;
  private final BatchEngine engine;
  private final BackfillLimits limits;

  /**
   * @param sink where the rows go: the lake, or another one for a dry run
   */
  public PartitionJob(
      Backfill backfill, LakeConfig sink, BatchEngine engine, BackfillLimits limits) {
    this.backfill = backfill;
    this.sink = sink;
    this.target = backfill.target();
    this.engine = engine;
    this.limits = limits;
  }

  /**
   * Writes a partition and waits until it is committed. A file that turns out to be broken is
   * rejected as a whole, and the rest is written without it.
   *
   * @param run names the run, of which the user of the commit tells
   * @param dt the partition; empty for a table without partitions
   * @param rowsWritten is told how many rows the writer has seen
   * @param records where broken files are recorded
   * @param progress is told of them
   * @return how many rows fitted, repeated keys counted each time
   * @throws LakeException when the job fails; nothing of the partition is visible then
   */
  public long run(
      String run,
      String dt,
      LongConsumer rowsWritten,
      BackfillRecords records,
      BackfillProgress progress)
      throws InterruptedException {
    while (true) {
      List<SnapshotInput.BrokenFile> broken = backfill.input().brokenFiles(dt);
      records.rejectFiles(run, dt, broken);
      if (broken.size() > limits.maxRejects()) {
        throw tooManyRejects(
            dt,
            RejectLimit.tooMany(limits.maxRejects())
                + broken.get(broken.size() - 1).file()
                + ": "
                + broken.get(broken.size() - 1).reason(),
            null);
      }
      try {
        return execute(run, dt, rowsWritten, broken.size(), true);
      } catch (LakeException e) {
        SnapshotInput.BrokenFile late =
            backfill.input().leaveOut(e.getMessage()).orElseThrow(() -> e);
        progress.message("rejected " + late.file() + ": " + late.reason());
      }
    }
  }

  /**
   * Rejects again what a partition that is committed already had rejected: a process that was
   * killed after the commit of the rows may have left rejects out.
   */
  public void rejectAgain(String run, String dt) throws InterruptedException {
    execute(run, dt, rows -> {}, backfill.input().brokenFiles(dt).size(), false);
  }

  private long execute(
      String run, String dt, LongConsumer rowsWritten, int rejectedFiles, boolean writesTarget)
      throws InterruptedException {
    StreamTableEnvironment session = FlinkSession.openBatch(backfill.config(), options(run, dt));
    backfill.input().createView(session, dt);
    OfferedRows offered = OfferedRows.of(backfill.mapping(), target, session);
    JobClient job;
    try {
      Table checked = offered.checked(partitionKey(target), dt, backfill.otherDays(dt));
      StatementSet statements = session.createStatementSet();
      if (writesTarget) {
        statements.add(
            offered
                .fitting(checked, limits.rowsPerSecond() / limits.parallelism())
                .insertInto(FlinkSession.tableOf(sink, target.name(), session)));
      }
      statements.add(
          offered
              .rejected(checked, run, dt, limits.maxRejects() - rejectedFiles)
              .insertInto(FlinkSession.tableOf(sink, BackfillRecords.REJECTS, session)));
      job = statements.execute().getJobClient().orElseThrow();
    } catch (RuntimeException e) {
      throw backfill.mapping().invalid(LakeException.rootMessage(e), e);
    }
    return await(job, dt, rejectedFiles, rowsWritten);
  }

  /**
   * Makes sure that the mapping of a backfill fits snapshot and target, without running a job.
   *
   * @throws LakeException when it does not
   */
  public static void checkMapping(Backfill backfill) {
    String dt = backfill.partitions().get(0);
    Mapping mapping = backfill.mapping();
    StreamTableEnvironment session = FlinkSession.openBatch(backfill.config());
    backfill.input().createView(session, dt);
    OfferedRows offered = OfferedRows.of(mapping, backfill.target(), session);
    try {
      Table checked =
          offered.checked(partitionKey(backfill.target()), dt, OfferedRows.OtherDays.REJECT);
      offered.fitting(checked, 0).explain();
    } catch (RuntimeException e) {
      throw mapping.invalid(LakeException.rootMessage(e), e);
    }
  }

  /** The distinct values of the partition column in the whole snapshot, NULLs among them. */
  static Table partitions(
      LakeConfig lake, FileStoreTable target, Mapping mapping, SnapshotInput input) {
    StreamTableEnvironment session = FlinkSession.openBatch(lake);
    input.createView(session, "");
    return OfferedRows.of(mapping, target, session).distinct(target.partitionKeys().get(0));
  }

  private static String partitionKey(FileStoreTable target) {
    return target.partitionKeys().isEmpty() ? "" : target.partitionKeys().get(0);
  }

  private Configuration options(String run, String dt) {
    Configuration flink = engine.job(BackfillRun.jobName(run, dt));
    for (String table : List.of(target.name(), BackfillRecords.REJECTS)) {
      flink.setString(
          FlinkSession.tableOption(sink, table, CoreOptions.COMMIT_USER_PREFIX.key()),
          BackfillRun.commitUser(run, dt));
    }
    WRITE_BUFFER.forEach(
        (option, value) ->
            flink.setString(FlinkSession.tableOption(sink, target.name(), option), value));
    return flink;
  }

  /** Waits until the job has ended, and ends it when nobody waits for it any more. */
  private long await(JobClient job, String dt, int rejectedFiles, LongConsumer rowsWritten)
      throws InterruptedException {
    String id = job.getJobID().toString();
    boolean ended = false;
    try {
      FlinkCluster.Writing writing = awaitEnd(id, rowsWritten);
      ended = true;
      // Asked before, it would look less and less often.
      job.getJobExecutionResult().get();
      return writing.rows();
    } catch (ExecutionException e) {
      throw failure(dt, rejectedFiles, e);
    } finally {
      if (!ended) {
        boolean interrupted = Thread.interrupted();
        FlinkCluster cluster = engine.jobs();
        cluster.cancel(cluster.job(id));
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private FlinkCluster.Writing awaitEnd(String job, LongConsumer rowsWritten)
      throws InterruptedException {
    FlinkCluster cluster = engine.jobs();
    Instant answered = Instant.now();
    while (true) {
      try {
        FlinkCluster.Writing writing = cluster.writing(job, target.name());
        answered = Instant.now();
        rowsWritten.accept(writing.rows());
        if (writing.status().hasEnded()) {
          return writing;
        }
      } catch (LakeException e) {
        // A busy cluster may answer late.
        if (e.code() != ErrorCode.FLINK_UNREACHABLE
            || Instant.now().isAfter(answered.plus(SILENT_AT_MOST))) {
          throw e;
        }
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private LakeException failure(String dt, int rejectedFiles, ExecutionException cause) {
    String message = LakeException.rootMessage(cause);
    if (message.contains(RejectLimit.tooMany(limits.maxRejects() - rejectedFiles))) {
      return tooManyRejects(dt, message, cause);
    }
    return new LakeException(
        ErrorCode.BACKFILL_FAILED,
        where(dt) + " was not written: " + message + fullDisk(),
        "Mend the cause, then go on with `lake backfill resume`; --debug shows the whole error.",
        cause);
  }

  /**
   * What to say of a local disk that is nearly full: of such a write Paimon reports that its file
   * does not exist, and deletes what it had written.
   */
  private String fullDisk() {
    Path location = new Path(sink.catalog().getOrDefault("warehouse", ""));
    String scheme = location.toUri().getScheme();
    if (scheme != null && !scheme.equals("file")) {
      return "";
    }
    long left = new File(location.toUri().getPath()).getUsableSpace();
    return left >= NEARLY_FULL_BYTES
        ? ""
        : "; the disk of " + location.toUri().getPath() + " has " + left / 1024 + " KB left";
  }

  private LakeException tooManyRejects(String dt, String message, Exception cause) {
    return new LakeException(
        ErrorCode.REJECT_LIMIT,
        where(dt) + ": " + message,
        "Mend the snapshot or the mapping and run again; --max-rejects raises the limit. Nothing of this partition was written.",
        cause);
  }

  private String where(String dt) {
    return dt.isEmpty() ? target.name() : target.name() + " " + dt;
  }
}
