/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.ledger;

import io.tidelake.backfill.input.SnapshotInput;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.model.Reject;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.io.OpsTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The lake's own records of runs, receipts and rejects, in tables of the layer OPS. */
public final class BackfillRecords {

  /** The table of rejected rows and files. */
  public static final String REJECTS = "ops_backfill_reject";

  private static final String RUNS = "ops_backfill_run";
  private static final String RECEIPTS = "ops_backfill_receipt";

  private final LakeCatalog catalog;

  /**
   * The records of a lake. Each table is opened when it is needed: a scratch lake has rejects only.
   */
  public BackfillRecords(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** The present, as exactly as the records can hold it. */
  public static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** All runs, the latest first. */
  public List<BackfillRun> runs() {
    return OpsTable.open(catalog, RUNS).read(Map.of()).stream()
        .map(BackfillRecords::run)
        .sorted(Comparator.comparing(BackfillRun::startedAt).reversed())
        .toList();
  }

  /**
   * A run.
   *
   * @throws LakeException when there is no such run
   */
  public BackfillRun run(String id) {
    return find(id)
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.RUN_UNKNOWN,
                    "There is no run " + id + ".",
                    "`lake backfill status` lists the runs."));
  }

  /** A run; empty when there is none. */
  public Optional<BackfillRun> find(String id) {
    return OpsTable.open(catalog, RUNS).read(Map.of("run_id", id)).stream()
        .map(BackfillRecords::run)
        .findFirst();
  }

  /** Whether a run was recorded and has neither been done nor failed. */
  public boolean isUnfinished(String id) {
    return find(id).filter(run -> run.state() == BackfillRun.State.running).isPresent();
  }

  public void save(BackfillRun run) {
    Map<String, Object> row = new HashMap<>();
    row.put("run_id", run.id());
    row.put("target", run.target());
    row.put("mode", run.mode().toString());
    row.put("version", run.version());
    row.put("mapping", run.mapping());
    row.put("input", run.input());
    row.put("undone_run_id", run.undoneRun().orElse(null));
    row.put("partitions", String.join(",", run.partitions()));
    row.put("state", run.state().name());
    row.put("message", run.message().orElse(null));
    row.put("started_by", run.startedBy());
    row.put("started_at", run.startedAt());
    row.put("finished_at", run.finishedAt().orElse(null));
    OpsTable.open(catalog, RUNS).write(List.of(row));
  }

  private static BackfillRun run(Map<String, Object> row) {
    return new BackfillRun(
        (String) row.get("run_id"),
        (String) row.get("target"),
        BackfillMode.of((String) row.get("mode")),
        (Long) row.get("version"),
        (String) row.get("mapping"),
        (String) row.get("input"),
        Optional.ofNullable((String) row.get("undone_run_id")),
        Arrays.asList(((String) row.get("partitions")).split(",", -1)),
        BackfillRun.State.valueOf((String) row.get("state")),
        Optional.ofNullable((String) row.get("message")),
        (String) row.get("started_by"),
        (Instant) row.get("started_at"),
        Optional.ofNullable((Instant) row.get("finished_at")));
  }

  /** The receipts of a run, by partition; none for partitions that are not done. */
  public List<Receipt> receipts(String run) {
    return OpsTable.open(catalog, RECEIPTS).read(Map.of("run_id", run)).stream()
        .map(BackfillRecords::receipt)
        .toList();
  }

  /** How many partitions of each run are done, by its id; runs without any are not among them. */
  public Map<String, Long> donePartitions() {
    return OpsTable.open(catalog, RECEIPTS).read(Map.of()).stream()
        .collect(Collectors.groupingBy(row -> (String) row.get("run_id"), Collectors.counting()));
  }

  public void save(Receipt receipt) {
    ChangeCounts counts = receipt.counts();
    Map<String, Object> row = new HashMap<>();
    row.put("run_id", receipt.run());
    row.put("target", receipt.target());
    row.put("dt", receipt.dt());
    row.put("snapshot_before", receipt.snapshotBefore());
    row.put("snapshot_after", receipt.snapshotAfter());
    row.put("offered_count", counts.offered());
    row.put("inserted_count", counts.inserted());
    row.put("changed_count", counts.changed());
    row.put("refused_count", counts.refused());
    row.put("unchanged_count", counts.unchanged());
    row.put("replaced_real_time_count", counts.replacedRealTime());
    row.put("rejected_count", receipt.rejected());
    row.put("filled_groups", counts.filledGroups());
    row.put("refused_groups", counts.refusedGroups());
    row.put("checksum", Long.toHexString(counts.checksum()));
    row.put("started_at", receipt.startedAt());
    row.put("duration_millis", receipt.durationMillis());
    OpsTable.open(catalog, RECEIPTS).write(List.of(row));
  }

  @SuppressWarnings("unchecked")
  private static Receipt receipt(Map<String, Object> row) {
    return new Receipt(
        (String) row.get("run_id"),
        (String) row.get("target"),
        (String) row.get("dt"),
        (Long) row.get("snapshot_before"),
        (Long) row.get("snapshot_after"),
        new ChangeCounts(
            (Long) row.get("offered_count"),
            (Long) row.get("inserted_count"),
            (Long) row.get("changed_count"),
            (Long) row.get("refused_count"),
            (Long) row.get("unchanged_count"),
            (Long) row.get("replaced_real_time_count"),
            (Map<String, Long>) row.get("filled_groups"),
            (Map<String, Long>) row.get("refused_groups"),
            Long.parseUnsignedLong((String) row.get("checksum"), 16)),
        (Long) row.get("rejected_count"),
        (Instant) row.get("started_at"),
        (Long) row.get("duration_millis"));
  }

  /** The rejects of a run's partition. */
  public List<Reject> rejects(String run, String dt) {
    return OpsTable.open(catalog, REJECTS).read(Map.of("run_id", run, "dt", dt)).stream()
        .map(BackfillRecords::reject)
        .toList();
  }

  public void rejectFiles(String run, String dt, List<SnapshotInput.BrokenFile> files) {
    if (files.isEmpty()) {
      return;
    }
    OpsTable.open(catalog, REJECTS)
        .write(
            files.stream()
                .map(
                    file -> {
                      Map<String, Object> row = new HashMap<>();
                      row.put("run_id", run);
                      row.put("dt", dt);
                      // One file is rejected once in a partition.
                      row.put("reject_id", "file " + file.file());
                      row.put("reason", file.reason());
                      row.put("source_file", file.file());
                      return row;
                    })
                .toList());
  }

  private static Reject reject(Map<String, Object> row) {
    return new Reject(
        (String) row.get("dt"),
        (String) row.get("reason"),
        Optional.ofNullable((String) row.get("source_file")),
        Optional.ofNullable((String) row.get("row_values")));
  }
}
