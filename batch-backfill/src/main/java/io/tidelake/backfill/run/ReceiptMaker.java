/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.CommitTag;
import io.tidelake.backfill.ledger.RunConsumer;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.BucketFiles;
import io.tidelake.tables.diff.ChangeCounter;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.diff.ColumnGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;

/**
 * Makes the receipts of runs: finds what a run has committed of a partition, tags it, so that its
 * changes can be undone later, counts them from the table's own files and records the counts.
 */
final class ReceiptMaker {

  private final LakeCatalog catalog;
  private final BackfillRecords records;
  private final Duration undoFor;

  ReceiptMaker(LakeConfig config, LakeCatalog catalog, BackfillRecords records) {
    this.catalog = catalog;
    this.records = records;
    this.undoFor = config.backfill().undoFor();
  }

  /** The partitions of a run that have no receipt, in the order in which they are written. */
  List<String> openPartitions(BackfillRun run) {
    List<String> open = new ArrayList<>(run.partitions());
    records.receipts(run.id()).forEach(receipt -> open.remove(receipt.dt()));
    return open;
  }

  /** The snapshot that a run made of a partition, if it did. */
  Optional<Snapshot> commit(BackfillRun run, String dt) {
    long start = RunConsumer.start(catalog.table(run.target()), run.id());
    return catalog.findCommit(run.target(), BackfillRun.commitUser(run.id(), dt) + "_", start);
  }

  /**
   * Tags, counts and records what a run did to a partition.
   *
   * @param commit what {@link #commit} found; empty when there was nothing to write
   * @param start when the partition was begun
   */
  Receipt record(
      BackfillRun run,
      FileStoreTable target,
      List<ColumnGroup> groups,
      String dt,
      Optional<Snapshot> commit,
      Instant start) {
    ChangeCounts counts = ChangeCounts.NONE;
    long latest = target.latestSnapshot().map(Snapshot::id).orElse(0L);
    if (commit.isPresent()) {
      CommitTag.create(undoFor, target, run.id(), dt, commit.get());
      counts =
          ChangeCounter.count(
              BucketFiles.before(target, commit.get(), dt),
              BucketFiles.added(target, commit.get(), dt),
              groups);
    }
    Receipt receipt =
        new Receipt(
            run.id(),
            run.target(),
            dt,
            commit.map(snapshot -> snapshot.id() - 1).orElse(latest),
            commit.map(Snapshot::id).orElse(latest),
            counts,
            records.rejects(run.id(), dt).size(),
            start,
            Duration.between(start, BackfillRecords.now()).toMillis());
    records.save(receipt);
    return receipt;
  }

  /**
   * Makes the receipts of what a run has committed before it was interrupted, so that it can be
   * undone like the rest.
   */
  void complete(BackfillRun run, FileStoreTable target) {
    List<ColumnGroup> groups = ColumnGroup.of(catalog.definition(run.target()), target.rowType());
    for (String dt : openPartitions(run)) {
      Optional<Snapshot> commit = commit(run, dt);
      if (commit.isPresent()) {
        record(run, target, groups, dt, commit, BackfillRecords.now());
      }
    }
  }
}
