/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.closeddays.ClosedDays;
import io.tidelake.backfill.closeddays.ClosedTable;
import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.Downstream;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.Reject;
import io.tidelake.backfill.undo.Undo;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.backfill.write.Mapping;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.BucketFiles;
import io.tidelake.tables.diff.ChangeCounter;
import io.tidelake.tables.diff.ChangeCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.paimon.table.FileStoreTable;

/**
 * Finds out what a backfill would do: it writes the snapshot into an empty copy of the table in a
 * temporary folder, by the very job that a run uses, and counts what these rows would do to the
 * table as it is now. The lake is only read.
 */
public final class BackfillPlanner {

  private static final int SAMPLES = 5;

  /** Stands for the id of a run. */
  private static final String DRY_RUN = "plan";

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final BatchEngine engine;
  private final BackfillProgress progress;

  /**
   * @param engine where its jobs run
   * @param progress is told how far it is
   */
  public BackfillPlanner(
      LakeConfig config, LakeCatalog catalog, BatchEngine engine, BackfillProgress progress) {
    this.config = config;
    this.catalog = catalog;
    this.engine = engine;
    this.progress = progress;
  }

  /**
   * Plans a backfill.
   *
   * @param limits of the run that is planned; the dry run itself is not slowed down
   * @throws LakeException when it cannot be understood
   */
  public BackfillPlan plan(BackfillRequest request, BackfillLimits limits)
      throws InterruptedException {
    long asOf = Backfill.checkAsOf(request.asOf());
    long version =
        RunHistory.of(new BackfillRecords(catalog), request.target())
            .nextVersion(request.mode(), asOf);
    Backfill backfill =
        Backfill.open(
            config,
            catalog,
            request.target(),
            request.input(),
            Mapping.read(request.mapping(), version),
            request.days());
    SnapshotTask task = new SnapshotTask(backfill, engine, progress);
    Partitions planned = tryOut(task, limits);
    double throttled = limits.rowsPerSecond() == 0 ? 0 : planned.offered() / limits.rowsPerSecond();
    return new BackfillPlan(
        request.target(),
        request.mode().toString(),
        request.asOf().toString(),
        request.input(),
        Optional.empty(),
        planned.partitions(),
        downstream(request.target(), planned),
        problems(request, task, planned),
        Math.max(throttled, planned.seconds() / limits.parallelism()));
  }

  /**
   * Plans an undo.
   *
   * @param id the run to undo
   * @param limits of the undo that is planned
   * @throws LakeException when it cannot be undone
   */
  public BackfillPlan planUndo(String id, BackfillLimits limits) throws InterruptedException {
    Undo undo = Undo.open(catalog, new BackfillRecords(catalog), id);
    Partitions planned = tryOut(new UndoTask(undo), limits);
    return new BackfillPlan(
        undo.backfill().target(),
        undo.backfill().mode().toString(),
        undo.backfill().asOf().toString(),
        undo.backfill().input(),
        Optional.of(id),
        planned.partitions(),
        downstream(undo.backfill().target(), planned),
        undo.problems(),
        planned.seconds() / limits.parallelism());
  }

  /** What was planned, and how long it took. */
  private record Partitions(List<BackfillPlan.Partition> partitions, double seconds) {

    long offered() {
      return partitions.stream().mapToLong(partition -> partition.counts().offered()).sum();
    }
  }

  private Partitions tryOut(PartitionTask task, BackfillLimits limits) throws InterruptedException {
    BackfillLimits unthrottled = new BackfillLimits(1, 0, limits.maxRejects());
    OptionalLong total = task.rows(task.partitions());
    List<BackfillPlan.Partition> planned = new ArrayList<>();
    Instant start = Instant.now();
    long rows = 0;
    for (String dt : task.partitions()) {
      long before = rows;
      BackfillPlan.Partition partition =
          tryOut(task, unthrottled, dt, count -> progress.rows(before + count, total));
      rows += partition.counts().offered();
      planned.add(partition);
    }
    return new Partitions(planned, Duration.between(start, Instant.now()).toMillis() / 1000.0);
  }

  private Downstream downstream(String target, Partitions planned) {
    List<String> days =
        planned.partitions().stream()
            .filter(day -> day.counts().touchesRows())
            .map(BackfillPlan.Partition::dt)
            .toList();
    return days.isEmpty() ? Downstream.NOTHING : downstream(target, days);
  }

  /**
   * What follows from a change of a table, as the pipelines say.
   *
   * @param days in which days of the table something changes
   */
  private Downstream downstream(String table, List<String> days) {
    Set<String> following = LineageReader.read(config).following(table);
    if (!ClosedDays.concern(config, days)) {
      return new Downstream(List.copyOf(following), List.of(), List.of());
    }
    ClosedDays closedDays = new ClosedDays(config, catalog, engine);
    List<Recomputation> byRun = closedDays.plan(table, days);
    Set<String> computed = byRun.stream().map(Recomputation::target).collect(Collectors.toSet());
    List<String> bySweep =
        closedDays.tables().stream()
            .map(ClosedTable::name)
            .filter(name -> following.contains(name) && !computed.contains(name))
            .toList();
    return new Downstream(List.copyOf(following), byRun, bySweep);
  }

  private BackfillPlan.Partition tryOut(
      PartitionTask task, BackfillLimits limits, String dt, LongConsumer rowsWritten)
      throws InterruptedException {
    FileStoreTable target = task.target();
    try (ScratchLake scratch =
        ScratchLake.create(config, catalog, List.of(target.name(), BackfillRecords.REJECTS))) {
      FileStoreTable written = scratch.table(target.name());
      BackfillRecords records = scratch.records();
      long fitting =
          task.write(
              new Sink(scratch.config(), written, records, limits), DRY_RUN, dt, rowsWritten);
      ChangeCounts counts =
          ChangeCounter.count(
              BucketFiles.now(target, dt), BucketFiles.now(written, dt), task.groups());
      List<Reject> rejects = records.rejects(DRY_RUN, dt);
      return new BackfillPlan.Partition(
          dt,
          counts,
          fitting - counts.offered(),
          rejects.size(),
          List.copyOf(rejects.subList(0, Math.min(SAMPLES, rejects.size()))));
    }
  }

  private static List<String> problems(
      BackfillRequest request, SnapshotTask task, Partitions planned) {
    List<String> problems = new ArrayList<>(task.problems());
    if (planned.offered() == 0) {
      problems.add("no row of " + request.input() + " could be written");
    }
    for (BackfillPlan.Partition partition : planned.partitions()) {
      String where = partition.dt().isEmpty() ? "" : partition.dt() + ": ";
      if (partition.duplicates() > 0) {
        problems.add(
            where
                + partition.duplicates()
                + " rows repeat the key of another row; which of them wins is not defined");
      }
      partition
          .rejects()
          .forEach(
              reject ->
                  problems.add(
                      where + reject.reason() + " (" + reject.sourceFile().orElse("?") + ")"));
      if (partition.rejected() > partition.rejects().size()) {
        problems.add(
            where + "and " + (partition.rejected() - partition.rejects().size()) + " rejects more");
      }
    }
    return problems;
  }
}
