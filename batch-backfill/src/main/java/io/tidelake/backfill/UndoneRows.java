package io.tidelake.backfill;

import io.tidelake.merge.Version;
import io.tidelake.merge.Version.Origin;
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
import org.apache.paimon.disk.IOManager;
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

  private static final String IS_DELETED = "is_deleted";
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

  private final Map<Integer, BucketFiles> touched;
  private final Map<Integer, BucketFiles> current;
  private final List<Map<Integer, BucketFiles>> earlierAndOther = new ArrayList<>();

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
    this.isDeleted = type.getFieldIndex(IS_DELETED);
    this.deletion =
        groups.stream().filter(group -> group.contains(isDeleted)).findFirst().orElseThrow();
    this.backfillVersion = backfill.version();
    this.attempt = attempt;
    this.touched = BucketFiles.added(target, commit(backfill, dt).orElseThrow(), dt);
    this.current = ScratchLake.files(target, dt);
  }

  /**
   * The rows of a partition.
   *
   * @param backfill whose rows of the partition are looked at; its tag exists
   * @param takesBack whether it does not count from now on, or does again
   * @param own the undo that this is part of, when it was interrupted; it does not count
   * @param attempt of the versions that the rows get
   */
  static UndoneRows of(
      FileStoreTable target,
      List<ColumnGroup> groups,
      RunHistory history,
      BackfillRun backfill,
      boolean takesBack,
      String own,
      int attempt,
      String dt) {
    UndoneRows rows = new UndoneRows(target, groups, backfill, attempt, dt);
    for (BackfillRun run : history.backfills()) {
      Optional<Snapshot> commit = rows.commit(run, dt);
      if (commit.isEmpty()) {
        continue;
      }
      boolean counts = run.equals(backfill) ? !takesBack : !history.isUndone(run, dt, own);
      Map<Integer, BucketFiles> written = BucketFiles.added(target, commit.get(), dt);
      if (counts) {
        rows.earlierAndOther.add(written);
      } else {
        rows.undone.add(run.version());
        if (Version.origin(run.version()) == Origin.CORRECTION) {
          long id = commit.get().id();
          rows.firstRefusal = Optional.of(rows.firstRefusal.map(at -> Math.min(at, id)).orElse(id));
        }
        rows.earlierAndOther.add(
            BackfillRunner.before(BucketFiles.all(target, commit.get(), dt), written));
      }
      history.undosOf(run).forEach(undo -> rows.undos.add(Version.slot(undo.version())));
    }
    rows.firstRefusal.ifPresent(commit -> rows.addStreamed(commit, dt));
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
   */
  void forEach(RowConsumer action, LongConsumer rowsYielded) throws Exception {
    long[] count = {0};
    try (IOManager spill = IOManager.create(System.getProperty("java.io.tmpdir"))) {
      for (Map.Entry<Integer, BucketFiles> bucket : touched.entrySet()) {
        List<BucketRows> inputs = new ArrayList<>();
        try {
          inputs.add(bucket.getValue().rows(spill));
          inputs.add(files(current, bucket).rows(spill));
          for (Map<Integer, BucketFiles> files : earlierAndOther) {
            inputs.add(files(files, bucket).rows(spill));
          }
          BucketRows.zip(
              inputs,
              rows -> {
                GenericRow row = rows[0] == null || rows[1] == null ? null : mended(rows);
                if (row != null) {
                  action.accept(row);
                  if (++count[0] % TELL_EVERY == 0) {
                    rowsYielded.accept(count[0]);
                  }
                }
              });
        } finally {
          for (BucketRows input : inputs) {
            input.close();
          }
        }
      }
    }
    rowsYielded.accept(count[0]);
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
    to.setField(group.version(), withAttempt(replaced, attempt));
    for (int position : group.positions()) {
      to.setField(position, fields[position].getFieldOrNull(from));
    }
  }

  /** Adds what streams wrote after a commit, as far as it is kept. */
  private void addStreamed(long commit, String dt) {
    SnapshotManager snapshots = target.snapshotManager();
    Long earliest = snapshots.earliestSnapshotId();
    Long latest = snapshots.latestSnapshotId();
    Map<Integer, BucketFiles> streamed = new HashMap<>();
    for (long id = Math.max(commit + 1, earliest == null ? 1 : earliest);
        latest != null && id <= latest;
        id++) {
      Snapshot snapshot = snapshots.snapshot(id);
      if (snapshot.commitKind() == Snapshot.CommitKind.APPEND
          && !snapshot.commitUser().startsWith(BackfillRunner.COMMIT_USER)) {
        BucketFiles.added(target, snapshot, dt)
            .forEach((bucket, files) -> streamed.merge(bucket, files, BucketFiles::with));
      }
    }
    earlierAndOther.add(streamed);
  }

  private Optional<Snapshot> commit(BackfillRun run, String dt) {
    return CommitTag.find(target, run.id(), dt);
  }

  private static BucketFiles files(
      Map<Integer, BucketFiles> buckets, Map.Entry<Integer, BucketFiles> bucket) {
    return buckets.getOrDefault(bucket.getKey(), bucket.getValue().none());
  }
}
