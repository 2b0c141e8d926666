/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.verify;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.run.ScratchLake;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.backfill.write.PartitionJob;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.DataFiles;
import io.tidelake.tables.diff.TableComparison;
import io.tidelake.tables.diff.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.apache.paimon.table.FileStoreTable;

/**
 * Computes tables a second time, apart from the streams, and compares them with what the lake
 * holds. The lake is only read.
 */
public final class Verifier {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final BatchEngine engine;
  private final BackfillProgress progress;

  /**
   * @param engine where its jobs run
   * @param progress is told how far it is
   */
  public Verifier(
      LakeConfig config, LakeCatalog catalog, BatchEngine engine, BackfillProgress progress) {
    this.config = config;
    this.catalog = catalog;
    this.engine = engine;
    this.progress = progress;
  }

  /**
   * Verifies a table that pipelines make: it is made anew from ODS and DIM.
   *
   * @param target the table
   * @param days the days to verify; empty for all
   * @param patience how long a stream may take to follow what was read of ODS
   * @throws LakeException when the table is not made from others, or a job fails
   */
  public Verification verify(String target, List<String> days, Duration patience)
      throws InterruptedException {
    Backfill.checkDays(catalog.table(target), days);
    Rederivation rederivation = new Rederivation(config, catalog, engine, target, days);
    try (ScratchLake scratch = ScratchLake.create(config, catalog, rederivation.tables())) {
      rederivation.writeTo(
          scratch, table -> progress.message(table + " is computed from its inputs"));
      return compare(
          target,
          "a computation from ODS and DIM",
          scratch,
          days.isEmpty() ? partitions(target, scratch) : days,
          OptionalLong.empty(),
          patience);
    }
  }

  /**
   * Verifies what a backfill wrote: its snapshot is read again, and each value must be in the table
   * unless the table has a newer one.
   *
   * @param id the run
   * @throws LakeException when there is no such run, it is an undo, or its snapshot cannot be read
   */
  public Verification verifyRun(String id) throws InterruptedException {
    BackfillRun run = new BackfillRecords(catalog).run(id);
    if (run.undoneRun().isPresent()) {
      throw new LakeException(
          ErrorCode.VERIFY_UNDO,
          id + " undoes " + run.undoneRun().get() + "; it has no snapshot of its own.",
          "`lake backfill receipt " + id + "` says what it changed.");
    }
    Backfill backfill = Backfill.open(config, catalog, run);
    try (ScratchLake scratch =
        ScratchLake.create(config, catalog, List.of(run.target(), BackfillRecords.REJECTS))) {
      PartitionJob job =
          new PartitionJob(
              backfill, scratch.config(), engine, new BackfillLimits(1, 0, Integer.MAX_VALUE));
      for (String dt : run.partitions()) {
        job.run(
            "verify",
            dt,
            count -> progress.rows(count, OptionalLong.empty()),
            scratch.records(),
            progress);
      }
      return compare(
          run.target(),
          "the snapshot " + run.input(),
          scratch,
          run.partitions(),
          OptionalLong.of(run.version()),
          Duration.ZERO);
    }
  }

  private Verification compare(
      String target,
      String against,
      ScratchLake scratch,
      List<String> partitions,
      OptionalLong backfilled,
      Duration patience)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(patience);
    while (true) {
      FileStoreTable table = catalog.table(target);
      TableComparison comparison =
          new TableComparison(catalog.definition(target), table.rowType(), backfilled);
      List<Verification.Partition> compared = new ArrayList<>();
      for (String dt : partitions) {
        compared.add(comparison.compare(table, scratch.table(target), dt));
      }
      Verification found = new Verification(target, against, compared, comparison.samples());
      if (found.agrees() || Instant.now().isAfter(deadline)) {
        return found;
      }
      progress.message(
          "rows differ; looking again for "
              + Duration.between(Instant.now(), deadline).toSeconds()
              + " s");
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  /** The days of a table and of its copy; an empty text when they have none. */
  private List<String> partitions(String target, ScratchLake scratch) {
    TreeSet<String> days = new TreeSet<>(DataFiles.of(catalog, target).days());
    days.addAll(DataFiles.of(scratch.catalog(), target).days());
    return List.copyOf(days);
  }
}
