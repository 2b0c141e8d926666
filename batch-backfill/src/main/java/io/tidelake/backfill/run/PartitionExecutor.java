/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.PartitionLocks;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.FlinkCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.paimon.Snapshot;

/**
 * Writes the partitions of a run, several at the same time. Each is one commit, whose user names
 * run and partition: a run that goes on after an interruption finds what it has committed and does
 * not write it again.
 */
final class PartitionExecutor {

  private static final Duration WORKERS_END_WITHIN = FlinkCluster.ENDS_WITHIN.multipliedBy(2);

  private final LakeConfig config;
  private final BackfillRecords records;
  private final ReceiptMaker receipts;
  private final BackfillProgress progress;

  /**
   * @param progress is told how far it is
   */
  PartitionExecutor(
      LakeConfig config,
      BackfillRecords records,
      ReceiptMaker receipts,
      BackfillProgress progress) {
    this.config = config;
    this.records = records;
    this.receipts = receipts;
    this.progress = progress;
  }

  /**
   * Writes the partitions of a run that have no receipt. When it returns, none is being written.
   *
   * @return why a partition was not written, after which the run has stopped; empty when all are
   *     done
   * @throws LakeException when a partition is still being written after the others have stopped
   */
  Optional<LakeException> execute(BackfillRun run, PartitionTask task, BackfillLimits limits)
      throws InterruptedException {
    List<String> open = receipts.openPartitions(run);
    int done = run.partitions().size() - open.size();
    if (done > 0) {
      progress.message(done + " of " + run.partitions().size() + " partitions are done");
    }
    int parallelism = Math.max(1, Math.min(limits.parallelism(), open.size()));
    Sink sink =
        new Sink(
            config,
            task.target(),
            records,
            new BackfillLimits(parallelism, limits.rowsPerSecond(), limits.maxRejects()));
    Map<String, Long> rows = new ConcurrentHashMap<>();
    OptionalLong total = task.rows(open);
    ExecutorService workers = Executors.newFixedThreadPool(parallelism);
    List<Future<Receipt>> written = new ArrayList<>();
    try {
      for (String dt : open) {
        written.add(
            workers.submit(
                () -> {
                  Receipt receipt =
                      write(
                          run,
                          task,
                          sink,
                          dt,
                          count -> {
                            rows.put(dt, count);
                            progress.rows(
                                rows.values().stream().mapToLong(Long::longValue).sum(), total);
                          });
                  // A small day may end before its job was ever asked how far it is.
                  rows.put(dt, receipt.counts().offered());
                  return receipt;
                }));
      }
      for (Future<Receipt> receipt : written) {
        progress.partition(receipt.get());
      }
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(failure(run, e.getCause()));
    } finally {
      end(workers);
    }
  }

  private Receipt write(
      BackfillRun run, PartitionTask task, Sink sink, String dt, LongConsumer rowsWritten)
      throws InterruptedException {
    Instant start = BackfillRecords.now();
    new PartitionLocks(task.target(), run.id()).checkHeld(dt);
    Optional<Snapshot> commit = receipts.commit(run, dt);
    if (commit.isEmpty()) {
      task.write(sink, run.id(), dt, rowsWritten);
      commit = receipts.commit(run, dt);
    } else {
      task.complete(sink, run.id(), dt);
    }
    return receipts.record(run, task.target(), task.groups(), dt, commit, start);
  }

  /** Waits for partitions that were begun to stop: they must not commit without their lock. */
  private static void end(ExecutorService workers) throws InterruptedException {
    workers.shutdownNow();
    if (!workers.awaitTermination(WORKERS_END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new LakeException(
          ErrorCode.JOB_NOT_STOPPED,
          "A partition is still being written after "
              + WORKERS_END_WITHIN.toSeconds()
              + " s; the run keeps its locks.",
          "End the process, then go on with `lake backfill resume`.");
    }
  }

  private static LakeException failure(BackfillRun run, Throwable cause) {
    if (cause instanceof LakeException known) {
      return known;
    }
    return new LakeException(
        ErrorCode.BACKFILL_FAILED,
        "The run " + run.id() + " failed: " + LakeException.rootMessage(cause),
        "Mend the cause, then go on with `lake backfill resume " + run.id() + "`.",
        cause instanceof Exception exception ? exception : null);
  }
}
