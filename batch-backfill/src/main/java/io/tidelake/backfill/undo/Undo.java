/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.undo;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.CommitTag;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.law.Version;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.ColumnGroup;
import io.tidelake.tables.io.PaimonRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.table.FileStoreTable;

/**
 * Takes back what a backfill wrote: every row that it touched becomes what it would be without it.
 * Undoing an undo brings the backfill back by the same rule, see {@link UndoneRows}.
 */
public final class Undo {

  private final FileStoreTable target;
  private final List<ColumnGroup> groups;
  private final RunHistory history;
  private final BackfillRun backfill;
  private final boolean takesBack;
  private final int attempt;
  private final List<String> partitions;

  private Undo(LakeCatalog catalog, RunHistory history, BackfillRun undone, int attempt) {
    this.target = catalog.table(undone.target());
    this.groups = ColumnGroup.of(catalog.definition(undone.target()), target.rowType());
    this.history = history;
    this.backfill = history.backfillOf(undone);
    this.takesBack = !history.takesBack(undone);
    this.attempt = attempt;
    this.partitions =
        backfill.partitions().stream()
            .filter(dt -> CommitTag.find(target, backfill.id(), dt).isPresent())
            .toList();
  }

  /**
   * Understands an undo.
   *
   * @param id the run to undo, which may be an undo itself
   * @throws LakeException when the run is not over, is undone already, or is so long ago that the
   *     state before it is not kept any more
   */
  public static Undo open(LakeCatalog catalog, BackfillRecords records, String id) {
    BackfillRun undone = records.run(id);
    if (undone.state() == BackfillRun.State.running) {
      throw new LakeException(
          ErrorCode.RUN_NOT_OVER,
          "The run " + id + " is running, or was interrupted.",
          "Wait for it; or finish it with `lake backfill resume "
              + id
              + "`, or give it up with `lake backfill abandon "
              + id
              + "`.");
    }
    RunHistory history = RunHistory.of(records, undone.target());
    Undo undo = new Undo(catalog, history, undone, history.nextAttempt());
    undo.refuseExpired(records);
    undo.refuseUndone(undone);
    return undo;
  }

  /** The undo that an interrupted run is. */
  public static Undo resume(LakeCatalog catalog, BackfillRecords records, BackfillRun interrupted) {
    return new Undo(
        catalog,
        // What it has written itself is no reason to leave the rest.
        RunHistory.of(records, interrupted.target()).without(interrupted),
        records.run(interrupted.undoneRun().orElseThrow()),
        Version.slot(interrupted.version()));
  }

  public FileStoreTable target() {
    return target;
  }

  public List<ColumnGroup> groups() {
    return groups;
  }

  /** The backfill that is taken back, or brought back. */
  public BackfillRun backfill() {
    return backfill;
  }

  /** Partitions in which the backfill wrote anything, in its order. */
  public List<String> partitions() {
    return partitions;
  }

  /** The version that it gives to groups which hold the backfill's own values. */
  public long version() {
    return UndoneRows.withAttempt(backfill.version(), attempt);
  }

  /**
   * Writes a partition in one commit, or none when there is nothing to write.
   *
   * @param sink the target, or an empty copy of it
   * @param run names the run that undoes, of which the user of the commit tells
   * @param rowsWritten is told how many rows it has written
   * @return how many it has written
   * @throws LakeException when it fails; nothing of the partition is visible then
   */
  public long write(FileStoreTable sink, String run, String dt, LongConsumer rowsWritten) {
    String commitUser = BackfillRun.commitUser(run, dt);
    FileStoreTable table = sink.copy(Map.of(CoreOptions.COMMIT_USER_PREFIX.key(), commitUser));
    UndoneRows rows = rows(dt);
    long[] count = {0};
    try {
      PaimonRows.write(table, writer -> count[0] = rows.forEach(writer::write, rowsWritten));
      return count[0];
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.UNDO_FAILED,
          target.name() + " " + dt + " was not written: " + LakeException.rootMessage(e),
          "Mend the cause, then go on with `lake backfill resume`; --debug shows the whole error.",
          e);
    }
  }

  /** What cannot be known any more, for people. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (String dt : partitions) {
      rows(dt)
          .forgottenSnapshots()
          .ifPresent(
              ids ->
                  problems.add(
                      (dt.isEmpty() ? "" : dt + ": ")
                          + "real-time records that came in the snapshots "
                          + ids[0]
                          + " to "
                          + ids[1]
                          + " and lost to a correction are not kept any more; they do not return"));
    }
    return problems;
  }

  private UndoneRows rows(String dt) {
    return UndoneRows.of(target, groups, history, backfill, takesBack, attempt, dt);
  }

  private void refuseExpired(BackfillRecords records) {
    List<String> expired =
        records.receipts(backfill.id()).stream()
            .filter(receipt -> receipt.snapshotAfter() > receipt.snapshotBefore())
            .map(Receipt::dt)
            .filter(dt -> !partitions.contains(dt))
            .toList();
    if (!expired.isEmpty()) {
      throw new LakeException(
          ErrorCode.UNDO_TOO_LATE,
          "What "
              + backfill.id()
              + " found is not kept any more"
              + (target.partitionKeys().isEmpty()
                  ? "."
                  : " for " + String.join(", ", expired) + "."),
          "`backfill.undo-for` in lake.yaml says how long it is; write right values with"
              + " `lake backfill run --mode correct`.");
    }
  }

  private void refuseUndone(BackfillRun undone) {
    boolean isDone =
        partitions.stream().allMatch(dt -> history.isUndone(backfill, dt) == takesBack);
    if (isDone) {
      throw new LakeException(
          ErrorCode.NOTHING_TO_UNDO,
          partitions.isEmpty()
              ? "The run " + undone.id() + " wrote nothing."
              : takesBack
                  ? "The backfill " + backfill.id() + " is undone already."
                  : "The backfill " + backfill.id() + " is in force already.",
          "`lake backfill status` lists the runs, and what they undo.");
    }
  }
}
