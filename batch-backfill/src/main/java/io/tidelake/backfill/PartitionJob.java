package io.tidelake.backfill;

import static org.apache.flink.table.api.Expressions.$;

import io.tidelake.streaming.FlinkCluster;
import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.table.FileStoreTable;

/**
 * The Flink job that writes one partition: the rows of the snapshot, through the mapping, into a
 * table, and those that do not fit into the table of rejects. All rows of the partition become
 * visible in one commit.
 */
final class PartitionJob {

  private static final long LOOK_EVERY_MILLIS = 300;

  /** Larger than a stream's, so that a day makes few files. */
  private static final String WRITE_BUFFER = "64 mb";

  private final LakeConfig lake;
  private final LakeConfig sink;
  private final FileStoreTable target;
  private final Mapping mapping;
  private final SnapshotInput input;
  private final BatchEngine engine;
  private final BackfillLimits limits;

  /**
   * @param lake where snapshots that are tables, and views over tables, are read
   * @param sink where the rows go: the lake, or another one for a dry run
   * @param target the table to write
   */
  PartitionJob(
      LakeConfig lake,
      LakeConfig sink,
      FileStoreTable target,
      Mapping mapping,
      SnapshotInput input,
      BatchEngine engine,
      BackfillLimits limits) {
    this.lake = lake;
    this.sink = sink;
    this.target = target;
    this.mapping = mapping;
    this.input = input;
    this.engine = engine;
    this.limits = limits;
  }

  /**
   * Writes a partition and waits until it is committed.
   *
   * @param run names the run
   * @param commitUser how the user of the commit begins
   * @param dt the partition; empty for a table without partitions
   * @param others what happens to rows of other partitions
   * @param rowsWritten is told how many rows the writer has seen
   * @throws LakeException when the job fails; nothing of the partition is visible then
   */
  void run(
      String run,
      String commitUser,
      String dt,
      OfferedRows.OtherDays others,
      LongConsumer rowsWritten)
      throws InterruptedException {
    StreamTableEnvironment session = FlinkSession.openBatch(lake, options(run, commitUser, dt));
    input.createView(session, dt);
    OfferedRows offered = OfferedRows.of(mapping, target, session);
    JobClient job;
    TableResult result;
    try {
      Table checked = offered.checked(partitionKey(), dt, others);
      StatementSet statements = session.createStatementSet();
      statements.add(
          offered
              .fitting(checked, limits.rowsPerSecond() / limits.parallelism())
              .insertInto(FlinkSession.tableOf(sink, target.name(), session)));
      statements.add(
          offered
              .rejected(checked, run, dt, limits.maxRejects())
              .insertInto(FlinkSession.tableOf(sink, BackfillRecords.REJECTS, session)));
      result = statements.execute();
      job = result.getJobClient().orElseThrow();
    } catch (RuntimeException e) {
      throw mapping.invalid(LakeException.rootMessage(e), e);
    }
    await(job, rowsWritten);
    try {
      result.await();
    } catch (ExecutionException e) {
      throw failure(dt, e);
    }
  }

  /**
   * The same, but a file that turns out to be broken is rejected, and the rest goes on without it.
   *
   * @param records where the file is recorded
   * @param progress is told of it
   */
  void runWithoutBrokenFiles(
      String run,
      String commitUser,
      String dt,
      OfferedRows.OtherDays others,
      LongConsumer rowsWritten,
      BackfillRecords records,
      BackfillProgress progress)
      throws InterruptedException {
    while (true) {
      try {
        run(run, commitUser, dt, others, rowsWritten);
        return;
      } catch (LakeException e) {
        SnapshotInput.BrokenFile broken = input.leaveOut(e.getMessage()).orElseThrow(() -> e);
        records.rejectFiles(run, dt, List.of(broken));
        progress.message("rejected " + broken.file() + ": " + broken.reason());
      }
    }
  }

  /** How many rows of a partition fit, repeated keys counted each time. */
  long fittingRows(String dt, OfferedRows.OtherDays others) {
    StreamTableEnvironment session = FlinkSession.openBatch(lake, engine.job("count " + dt));
    input.createView(session, dt);
    OfferedRows offered = OfferedRows.of(mapping, target, session);
    Table fitting = offered.fitting(offered.checked(partitionKey(), dt, others), 0);
    try (CloseableIterator<Row> rows =
        fitting.select($(target.primaryKeys().get(0)).count()).execute().collect()) {
      return (Long) rows.next().getField(0);
    } catch (Exception e) {
      throw failure(
          dt, e instanceof ExecutionException failed ? failed : new ExecutionException(e));
    }
  }

  /**
   * Makes sure that the mapping fits snapshot and target, without running a job.
   *
   * @throws LakeException when it does not
   */
  void checkMapping(String dt) {
    StreamTableEnvironment session = FlinkSession.openBatch(lake);
    input.createView(session, dt);
    OfferedRows offered = OfferedRows.of(mapping, target, session);
    try {
      Table checked = offered.checked(partitionKey(), dt, OfferedRows.OtherDays.REJECT);
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

  private String partitionKey() {
    return target.partitionKeys().isEmpty() ? "" : target.partitionKeys().get(0);
  }

  private Configuration options(String run, String commitUser, String dt) {
    Configuration flink = engine.job(name(run, dt));
    for (String table : List.of(target.name(), BackfillRecords.REJECTS)) {
      flink.setString(
          FlinkSession.tableOption(sink, table, CoreOptions.COMMIT_USER_PREFIX.key()), commitUser);
    }
    flink.setString(
        FlinkSession.tableOption(sink, target.name(), CoreOptions.WRITE_BUFFER_SIZE.key()),
        WRITE_BUFFER);
    return flink;
  }

  /** The name of the job on the cluster. */
  static String name(String run, String dt) {
    return dt.isEmpty() ? run : run + " " + dt;
  }

  private void await(JobClient job, LongConsumer rowsWritten) throws InterruptedException {
    FlinkCluster cluster = engine.jobs();
    String id = job.getJobID().toString();
    FlinkCluster.Writing writing = cluster.writing(id, target.name());
    while (!writing.status().hasEnded()) {
      rowsWritten.accept(writing.rows());
      Thread.sleep(LOOK_EVERY_MILLIS);
      writing = cluster.writing(id, target.name());
    }
  }

  private LakeException failure(String dt, ExecutionException cause) {
    String message = LakeException.rootMessage(cause);
    String where = dt.isEmpty() ? target.name() : target.name() + " " + dt;
    if (message.contains(RejectLimit.tooMany(limits.maxRejects()))) {
      return new LakeException(
          "REJECT_LIMIT",
          where + ": " + message,
          "Mend the snapshot or the mapping and run again; --max-rejects raises the limit. Nothing of this partition was written.",
          cause);
    }
    return new LakeException(
        "BACKFILL_FAILED",
        where + " was not written: " + message,
        "Mend the cause, then go on with `lake backfill resume`; --debug shows the whole error.",
        cause);
  }
}
