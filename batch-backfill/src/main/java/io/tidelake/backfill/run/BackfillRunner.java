/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.closeddays.ClosedDays;
import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.PartitionLocks;
import io.tidelake.backfill.ledger.RunConsumer;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.undo.Undo;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.backfill.write.Mapping;
import io.tidelake.backfill.write.PartitionJob;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.tables.catalog.LakeCatalog;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.paimon.table.FileStoreTable;

/**
 * The life of runs: they begin with the locks of their partitions and a record, are done or fail,
 * are resumed or given up. {@link PartitionExecutor} writes the partitions in between, {@link
 * ReceiptMaker} says what became of each.
 */
public final class BackfillRunner {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final BackfillRecords records;
  private final BatchEngine engine;
  private final BackfillProgress progress;
  private final ReceiptMaker receipts;
  private final PartitionExecutor executor;

  /**
   * @param engine where its jobs run
   * @param progress is told how far it is
   */
  public BackfillRunner(
      LakeConfig config, LakeCatalog catalog, BatchEngine engine, BackfillProgress progress) {
    this.config = config;
    this.catalog = catalog;
    this.records = new BackfillRecords(catalog);
    this.engine = engine;
    this.progress = progress;
    this.receipts = new ReceiptMaker(config, catalog, records);
    this.executor = new PartitionExecutor(config, records, receipts, progress);
  }

  /**
   * Runs a backfill.
   *
   * @return the run when it is done; its receipts are in {@code ops_backfill_receipt}
   * @throws LakeException when it cannot be understood, in which case nothing is written; or when
   *     it fails, in which case {@link #resume} goes on
   */
  public BackfillRun run(BackfillRequest request, BackfillLimits limits)
      throws InterruptedException {
    long asOf = Backfill.checkAsOf(request.asOf());
    // The days do not depend on the version, which is not known before the days are locked.
    Backfill understood =
        Backfill.open(
            config,
            catalog,
            request.target(),
            request.input(),
            Mapping.read(request.mapping(), request.mode().version(asOf, 0)),
            request.days());
    task(understood).refuseUnready(request.input());
    PartitionJob.checkMapping(understood);
    BackfillRun run =
        start(
            task(understood),
            (id, now) ->
                BackfillRun.started(
                    id,
                    request.target(),
                    request.mode(),
                    RunHistory.of(records, request.target()).nextVersion(request.mode(), asOf),
                    request.mapping().toString(),
                    request.input(),
                    Optional.empty(),
                    understood.partitions(),
                    startedBy(),
                    now));
    Mapping mapping = Mapping.read(request.mapping(), run.version());
    return write(run, task(understood.with(mapping)), limits);
  }

  /**
   * Undoes a run: the rows that it touched become what they would be without it. Real-time records
   * and other runs stay. Undoing an undo brings the run's rows back.
   *
   * @param id the run to undo
   * @return the run that undid it, when it is done
   * @throws LakeException when there is no such run, it is not over, is undone already, or is so
   *     long ago that what it found is not kept any more; or when writing fails, in which case
   *     {@link #resume} goes on
   */
  public BackfillRun undo(String id, BackfillLimits limits) throws InterruptedException {
    PartitionTask understood = new UndoTask(Undo.open(catalog, records, id));
    BackfillRun run =
        start(
            understood,
            (newId, now) -> {
              // Once more, now that nobody else can write these days.
              Undo undo = Undo.open(catalog, records, id);
              return BackfillRun.started(
                  newId,
                  undo.backfill().target(),
                  undo.backfill().mode(),
                  undo.version(),
                  undo.backfill().mapping(),
                  undo.backfill().input(),
                  Optional.of(id),
                  undo.partitions(),
                  startedBy(),
                  now);
            });
    understood.problems().forEach(progress::message);
    return write(run, new UndoTask(Undo.resume(catalog, records, run)), limits);
  }

  /** Locks the partitions of a task and records a run that writes them. */
  private BackfillRun start(PartitionTask task, BiFunction<String, Instant, BackfillRun> newRun) {
    FileStoreTable target = task.target();
    List<String> partitions = task.partitions();
    Instant now = BackfillRecords.now();
    String id = RUN_TIME.format(now) + "-" + target.name();
    PartitionLocks locks = new PartitionLocks(target, id);
    Set<String> ended = locks.acquire(partitions, records::isUnfinished);
    try {
      // Killed before they were recorded: nobody would give back what they keep.
      ended.stream()
          .filter(run -> records.find(run).isEmpty())
          .forEach(run -> RunConsumer.delete(target, run));
      BackfillRun started = newRun.apply(id, now);
      RunConsumer.create(target, id);
      records.save(started);
      return started;
    } catch (RuntimeException e) {
      locks.release(partitions);
      throw e;
    }
  }

  /**
   * Goes on with a run that was interrupted or has failed.
   *
   * @return the run when it is done
   * @throws LakeException when there is no such run, another process goes on with it, its snapshot
   *     or mapping is not there any more, or it fails again
   */
  public BackfillRun resume(String id, BackfillLimits limits) throws InterruptedException {
    BackfillRun run = records.run(id);
    if (run.state() == BackfillRun.State.done) {
      return run;
    }
    FileStoreTable target = catalog.table(run.target());
    PartitionLocks locks = new PartitionLocks(target, id);
    locks.acquire(run.partitions(), records::isUnfinished);
    PartitionTask task;
    try {
      stopJobsOf(run);
      task = taskOf(run);
    } catch (RuntimeException e) {
      locks.release(run.partitions());
      throw e;
    }
    BackfillRun resumed = run.resumed();
    records.save(resumed);
    return write(resumed, task, limits);
  }

  /** What an interrupted run does. */
  private PartitionTask taskOf(BackfillRun run) {
    if (run.undoneRun().isPresent()) {
      return new UndoTask(Undo.resume(catalog, records, run));
    }
    SnapshotTask task = task(Backfill.open(config, catalog, run));
    task.refuseUnready(run.input());
    return task;
  }

  private SnapshotTask task(Backfill backfill) {
    return new SnapshotTask(backfill, engine, progress);
  }

  /**
   * Gives an interrupted or failed run up: what it has written stays, and its partitions are free.
   *
   * @throws LakeException when there is no such run, it is done, or a process works on it, as far
   *     as can be known
   */
  public BackfillRun abandon(String id) throws InterruptedException {
    BackfillRun run = unfinished(id);
    // Fails while another process works on it.
    new PartitionLocks(catalog.table(run.target()), id)
        .acquire(run.partitions(), records::isUnfinished);
    return giveUp(run);
  }

  /**
   * The same for a run whose process cannot be seen from here: it ran on another machine, or its
   * number belongs to another process now. Should it live after all, it stops before the next
   * partition that it would begin.
   *
   * @throws LakeException when there is no such run, or it is done
   */
  public BackfillRun abandonByForce(String id) throws InterruptedException {
    BackfillRun run = unfinished(id);
    new PartitionLocks(catalog.table(run.target()), id).seize(run.partitions());
    return giveUp(run);
  }

  private BackfillRun unfinished(String id) {
    BackfillRun run = records.run(id);
    if (run.state() == BackfillRun.State.done) {
      throw new LakeException(
          ErrorCode.RUN_DONE,
          "The run " + id + " is done.",
          "`lake backfill receipt " + id + "` shows what it did.");
    }
    return run;
  }

  private BackfillRun giveUp(BackfillRun run) throws InterruptedException {
    FileStoreTable target = catalog.table(run.target());
    stopJobsOf(run);
    receipts.complete(run, target);
    BackfillRun failed = run.failed("abandoned", BackfillRecords.now());
    finish(failed, target);
    return failed;
  }

  /** Records how a run ended, and frees what it held; in an order that a kill cannot spoil. */
  private void finish(BackfillRun ended, FileStoreTable target) {
    RunConsumer.delete(target, ended.id());
    records.save(ended);
    new PartitionLocks(target, ended.id()).release(ended.partitions());
  }

  private BackfillRun write(BackfillRun run, PartitionTask task, BackfillLimits limits)
      throws InterruptedException {
    Optional<LakeException> failure = executor.execute(run, task, limits);
    if (failure.isPresent()) {
      fail(run, task.target(), failure.get());
      throw failure.get();
    }
    BackfillRun finished = run.done(BackfillRecords.now());
    finish(finished, task.target());
    recomputeClosedDays(run);
    return finished;
  }

  private void fail(BackfillRun run, FileStoreTable target, LakeException failure) {
    if (failure.code() == ErrorCode.LOCK_LOST) {
      // What is recorded of the run is another process's now.
      return;
    }
    try {
      receipts.complete(run, target);
      records.save(run.failed(failure.getMessage(), BackfillRecords.now()));
    } catch (RuntimeException e) {
      // The disk may be full: the failure itself is what to say. The run can be resumed either way.
      failure.addSuppressed(e);
    }
    new PartitionLocks(target, run.id()).release(run.partitions());
  }

  /** Open days follow by stream. */
  private void recomputeClosedDays(BackfillRun run) {
    List<String> changed =
        records.receipts(run.id()).stream()
            .filter(receipt -> receipt.counts().touchesRows())
            .map(Receipt::dt)
            .toList();
    if (ClosedDays.concern(config, changed)) {
      progress.message("closed days that follow from " + run.target() + " are computed anew");
      new ClosedDays(config, catalog, engine)
          .recompute(run.target(), changed)
          .forEach(progress::recomputed);
    }
  }

  /** A job of an earlier process may still run on a cluster, and would commit a second time. */
  private void stopJobsOf(BackfillRun run) throws InterruptedException {
    FlinkCluster cluster = engine.jobs();
    for (FlinkCluster.JobStatus job : cluster.jobs()) {
      if (job.name().startsWith(run.id())) {
        cluster.cancel(job);
      }
    }
  }

  private static String startedBy() {
    return System.getProperty("user.name") + "@" + PartitionLocks.host();
  }
}
