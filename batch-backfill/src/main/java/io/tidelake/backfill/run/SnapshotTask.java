/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.backfill.write.PartitionJob;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.ColumnGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.apache.paimon.table.FileStoreTable;

/**
 * Writes a snapshot.
 *
 * @param engine where its jobs run
 * @param progress is told of broken files
 */
record SnapshotTask(Backfill backfill, BatchEngine engine, BackfillProgress progress)
    implements PartitionTask {

  @Override
  public FileStoreTable target() {
    return backfill.target();
  }

  @Override
  public List<ColumnGroup> groups() {
    return backfill.groups();
  }

  @Override
  public List<String> partitions() {
    return backfill.partitions();
  }

  @Override
  public OptionalLong rows(List<String> someOfThem) {
    return backfill.rows(someOfThem);
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    backfill
        .missingDays()
        .forEach(day -> problems.add("the snapshot has no rows of " + day + "; a run refuses it"));
    backfill
        .foldersWithoutDay()
        .forEach(day -> problems.add("the folder dt=" + day + " is no day; it is not read"));
    return problems;
  }

  /**
   * Refuses a snapshot that lacks days or has no rows.
   *
   * @param input how messages call it
   * @throws LakeException when it does
   */
  void refuseUnready(String input) {
    if (!backfill.missingDays().isEmpty()) {
      throw new LakeException(
          ErrorCode.DAYS_MISSING,
          "The snapshot has no rows of " + String.join(", ", backfill.missingDays()) + ".",
          "It has "
              + (partitions().isEmpty()
                  ? "none of the days asked for"
                  : String.join(", ", partitions()))
              + "; name these with --days, or complete the snapshot.");
    }
    if (partitions().isEmpty() || rows(partitions()).orElse(1) == 0) {
      throw new LakeException(
          ErrorCode.SNAPSHOT_EMPTY,
          "The snapshot " + input + " has no rows that could be written.",
          "Check the folder, and that the export was complete.");
    }
  }

  @Override
  public long write(Sink sink, String run, String dt, LongConsumer rowsWritten)
      throws InterruptedException {
    return job(sink).run(run, dt, rowsWritten, sink.records(), progress);
  }

  @Override
  public void complete(Sink sink, String run, String dt) throws InterruptedException {
    job(sink).rejectAgain(run, dt);
  }

  private PartitionJob job(Sink sink) {
    return new PartitionJob(backfill, sink.config(), engine, sink.limits());
  }
}
