/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.undo;

import io.tidelake.backfill.ledger.CommitTag;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.merge.law.Version;
import io.tidelake.merge.law.Version.Origin;
import io.tidelake.tables.diff.BucketFiles;
import io.tidelake.tables.diff.ColumnGroup;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.RowType;
import org.apache.paimon.utils.SnapshotManager;

/**
 * What the rows of one partition that a backfill touched must become when it, and others before it,
 * are undone.
 *
 * <p>The winner of each column group is found anew among the records that count: the table as it
 * is, what undone backfills found when they wrote, what other backfills wrote since, and, when
 * corrections refuse late real-time records, those. A record that counts is in one of them: it is
 * visible, or an undone backfill hid it when it came, or it came later. Tags keep these files. So
 * backfills can be undone and brought back in any order.
 *
 * <p>What undos wrote does not count: it is the winner of its time under another version. This
 * version is the one that it replaces with a later attempt, so it loses to all that the replaced
 * one lost to. Once the tag of an undone backfill has expired, what its undo wrote is a record as
 * any other.
 */
final class UndoneRows {

  private static final long TELL_EVERY = 10_000;

  /** Consumes rows; each is valid during the call only. */
  @FunctionalInterface
  interface RowConsumer {
    void accept(InternalRow row) throws Exception;
  }

  private final FileStoreTable target;
  private final List<ColumnGroup> groups;
  private final RowType type;
  private final InternalRow.FieldGetter[] fields;
  private final ColumnGroup deletion;
  private final int isDeleted;
  private final long backfillVersion;
  private final int attempt;

  /** Versions of undone backfills. */
  private final Set<Long> undone = new HashSet<>();

  /** Attempts of undos, whatever the rest of the version. */
  private final Set<Integer> undos = new HashSet<>();

  /** Commit of the first undone correction: real-time records that came later may have lost. */
  private Optional<Long> firstRefusal = Optional.empty();

  private final String dt;

  /** The commit of the backfill whose rows are looked at. */
  private final Snapshot touching;

  /** Commits of other backfills that count, and of it when it does. */
  private final List<Snapshot> counting = new ArrayList<>();

  /** Commits of backfills that do not count; what they found does. */
  private final List<Snapshot> hiding = new ArrayList<>();

  private UndoneRows(
      FileStoreTable target,
      List<ColumnGroup> groups,
      BackfillRun backfill,
      int attempt,
      String dt) {
    this.target = target;
    this.groups = groups;
    this.type = target.rowType();
    this.fields = new InternalRow.FieldGetter[type.getFieldCount()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = InternalRow.createFieldGetter(type.getTypeAt(i), i);
    }
    this.isDeleted = type.getFieldIndex(TableDefinition.IS_DELETED);
    this.deletion =
        groups.stream().filter(group -> group.contains(isDeleted)).findFirst().orElseThrow();
    this.backfillVersion = backfill.version();
    this.attempt = attempt;
    this.dt = dt;
    this.touching = commit(backfill).orElseThrow();
  }

  /**
   * The rows of a partition.
   *
   * @param backfill whose rows of the partition are looked at; its tag exists
   * @param takesBack whether it does not count from now on, or does again
   * @param attempt of the versions that the rows get
   */
  static UndoneRows of(
      FileStoreTable target,
      List<ColumnGroup> groups,
      RunHistory history,
      BackfillRun backfill,
      boolean takesBack,
      int attempt,
      String dt) {
    UndoneRows rows = new UndoneRows(target, groups, backfill, attempt, dt);
    for (BackfillRun run : history.backfills()) {
      Optional<Snapshot> commit = rows.commit(run);
      if (commit.isEmpty()) {
        continue;
      }
      if (run.equals(backfill) ? takesBack : history.isUndone(run, dt)) {
        rows.hiding.add(commit.get());
        rows.undone.add(run.version());
        if (Version.origin(run.version()) == Origin.CORRECTION) {
          long id = commit.get().id();
          rows.firstRefusal = Optional.of(rows.firstRefusal.map(at -> Math.min(at, id)).orElse(id));
        }
      } else {
        rows.counting.add(commit.get());
      }
      history.undosOf(run).forEach(undo -> rows.undos.add(Version.slot(undo.version())));
    }
    return rows;
  }

  /**
   * Snapshots that an undone correction was followed by and that are not kept any more: real-time
   * records that came in them and lost to it are not known.
   *
   * @return the first and the last of them; empty when all are kept
   */
  Optional<long[]> forgottenSnapshots() {
    Long earliest = target.snapshotManager().earliestSnapshotId();
    return firstRefusal
        .filter(commit -> earliest != null && earliest > commit + 1)
        .map(commit -> new long[] {commit + 1, earliest - 1});
  }

  /** The same origin and instant with another attempt. */
  static long withAttempt(long version, int attempt) {
    return Version.origin(version) == Origin.CORRECTION
        ? Version.correction(Version.micros(version), attempt)
        : Version.snapshot(Version.micros(version), attempt);
  }

  /**
   * Yields what must be written, and nothing for rows that are right.
   *
   * @param rowsYielded is told how many there were so far
   * @return how many there were
   */
  long forEach(RowConsumer action, LongConsumer rowsYielded) throws Exception {
    Map<Integer, BucketFiles> touched = BucketFiles.added(target, touching, dt);
    List<Map<Integer, BucketFiles>> states = new ArrayList<>();
    states.add(touched);
    states.add(BucketFiles.now(target, dt));
    counting.forEach(commit -> states.add(BucketFiles.added(target, commit, dt)));
    hiding.forEach(commit -> states.add(BucketFiles.before(target, commit, dt)));
    firstRefusal.ifPresent(commit -> states.add(streamedSince(commit)));
    long[] count = {0};
    BucketFiles.zip(
        touched.keySet(),
        states,
        rows -> {
          GenericRow row = rows[0] == null || rows[1] == null ? null : mended(rows);
          if (row != null) {
            action.accept(row);
            if (++count[0] % TELL_EVERY == 0) {
              rowsYielded.accept(count[0]);
            }
          }
        });
    rowsYielded.accept(count[0]);
    return count[0];
  }

  /**
   * What makes a row right.
   *
   * @param rows what the backfill wrote, the table's row, and where other records are
   * @return NULL when it is right
   */
  private GenericRow mended(InternalRow[] rows) {
    InternalRow now = rows[1];
    Map<ColumnGroup, InternalRow> winners = new HashMap<>();
    for (ColumnGroup group : groups) {
      for (int i = 1; i < rows.length; i++) {
        if (rows[i] != null
            && counts(group, rows[i])
            && (!winners.containsKey(group) || group.replaces(rows[i], winners.get(group)))) {
          winners.put(group, rows[i]);
        }
      }
    }
    GenericRow row = new GenericRow(fields.length);
    boolean differs = false;
    for (ColumnGroup group : groups) {
      InternalRow winner = winners.get(group);
      if (!group.isCarriedBy(now) || counts(group, now)) {
        continue;
      }
      if (winners.isEmpty() && group.equals(deletion) && groups.size() > 1) {
        // A row that nobody knows is a deleted one, see below; it may be that already.
        continue;
      }
      if (winner != null) {
        if (!group.hasEqualValues(winner, now)) {
          take(group, winner, row, group.versionIn(now));
          differs = true;
        }
      } else if (groups.size() == 1) {
        // The rest of a deleted row keeps its values, from which the tables behind it can be told
        // what to take back.
        take(group, now, row, group.versionIn(now));
      } else if (!group.hasEqualValues(new GenericRow(fields.length), now)) {
        take(group, new GenericRow(fields.length), row, group.versionIn(now));
        differs = true;
      }
    }
    if (winners.isEmpty() && (now.isNullAt(isDeleted) || !now.getBoolean(isDeleted))) {
      // Nobody knows the row.
      row.setField(isDeleted, true);
      row.setField(
          deletion.version(),
          withAttempt(
              deletion.isCarriedBy(now) ? deletion.versionIn(now) : backfillVersion, attempt));
      differs = true;
    }
    if (!differs) {
      return null;
    }
    for (String key : target.primaryKeys()) {
      int position = type.getFieldIndex(key);
      row.setField(position, fields[position].getFieldOrNull(now));
    }
    return row;
  }

  private boolean counts(ColumnGroup group, InternalRow row) {
    if (!group.isCarriedBy(row)) {
      return false;
    }
    long version = group.versionIn(row);
    return Version.origin(version) == Origin.REAL_TIME
        || !undone.contains(version) && !undos.contains(Version.slot(version));
  }

  private void take(ColumnGroup group, InternalRow from, GenericRow to, long replaced) {
    group.copy(from, to);
    to.setField(group.version(), withAttempt(replaced, attempt));
  }

  /** What streams wrote after a commit, as far as it is kept. */
  private Map<Integer, BucketFiles> streamedSince(long commit) {
    SnapshotManager snapshots = target.snapshotManager();
    Long earliest = snapshots.earliestSnapshotId();
    Long latest = snapshots.latestSnapshotId();
    Map<Integer, BucketFiles> streamed = new HashMap<>();
    for (long id = Math.max(commit + 1, earliest == null ? 1 : earliest);
        latest != null && id <= latest;
        id++) {
      Snapshot snapshot = snapshots.snapshot(id);
      if (snapshot.commitKind() == Snapshot.CommitKind.APPEND
          && !snapshot.commitUser().startsWith(BackfillRun.COMMIT_USER)) {
        BucketFiles.added(target, snapshot, dt)
            .forEach((bucket, files) -> streamed.merge(bucket, files, BucketFiles::with));
      }
    }
    return streamed;
  }

  private Optional<Snapshot> commit(BackfillRun run) {
    return CommitTag.find(target, run.id(), dt);
  }
}
