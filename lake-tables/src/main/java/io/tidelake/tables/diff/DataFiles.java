/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.paimon.Snapshot;
import org.apache.paimon.manifest.FileKind;
import org.apache.paimon.manifest.ManifestEntry;
import org.apache.paimon.operation.FileStoreScan;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ScanMode;
import org.apache.paimon.utils.SnapshotManager;

/**
 * The data files of a table, by day, out of Paimon's manifests alone. No row of a day has changed
 * while its data files are the same ones: files are never changed and their names never used again.
 * Compaction replaces files without changing rows; {@link #writtenSince} tells it from a write as
 * long as the snapshots are there.
 *
 * <p>Sequence numbers or times of files would not do: writers that work at once give the same
 * numbers, and a file keeps neither the time nor the number of the write that its rows came from.
 */
public final class DataFiles {

  private final FileStoreTable table;
  private final long snapshot;
  private final SortedMap<String, SortedSet<String>> byDay = new TreeMap<>();
  private final Map<Long, Optional<Set<String>>> written = new HashMap<>();
  private final Map<Long, Optional<DataFiles>> earlier = new HashMap<>();

  private DataFiles(FileStoreTable table, Snapshot snapshot) {
    this.table = table;
    this.snapshot = snapshot == null ? 0 : snapshot.id();
    if (snapshot != null) {
      FileStoreScan scan = table.store().newScan().withSnapshot(snapshot).dropStats();
      for (ManifestEntry file : scan.plan().files(FileKind.ADD)) {
        byDay.computeIfAbsent(day(table, file), day -> new TreeSet<>()).add(file.fileName());
      }
    }
  }

  /** The files of the newest snapshot. */
  public static DataFiles of(LakeCatalog catalog, String table) {
    FileStoreTable paimon = catalog.table(table);
    return new DataFiles(paimon, paimon.latestSnapshot().orElse(null));
  }

  /** The files of a snapshot; none when it is NULL. */
  public static DataFiles of(FileStoreTable table, Snapshot snapshot) {
    return new DataFiles(table, snapshot);
  }

  /** The snapshot that holds the files; 0 when there is none. */
  public long snapshot() {
    return snapshot;
  }

  /** The days that have files, sorted; an empty text for a table without days. */
  public Set<String> days() {
    return byDay.keySet();
  }

  /** A checksum of the files of some days. */
  public String checksum(Predicate<String> days) {
    SortedSet<String> names = new TreeSet<>();
    byDay.forEach(
        (day, files) -> {
          if (days.test(day)) {
            names.addAll(files);
          }
        });
    return checksum(names);
  }

  public static String checksum(Collection<String> texts) {
    try {
      byte[] text = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /**
   * Whether rows of some days were written after a snapshot, up to that of these files.
   *
   * @param since id of a snapshot
   * @param checksum what {@link #checksum} said of its files
   * @return true also when it cannot be known, because snapshots have expired or are other ones
   */
  public boolean writtenSince(long since, String checksum, Predicate<String> days) {
    // After a rollback, or in a table that was created anew, the number means another snapshot.
    return earlier
            .computeIfAbsent(since, this::find)
            .filter(files -> files.checksum(days).equals(checksum))
            .isEmpty()
        || isWritten(since, snapshot, id -> written.computeIfAbsent(id, this::daysWrittenBy), days);
  }

  private Optional<DataFiles> find(long id) {
    try {
      return Optional.of(new DataFiles(table, snapshot(table, id)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private Optional<Set<String>> daysWrittenBy(long id) {
    return daysWrittenBy(table, id, "");
  }

  /**
   * Whether another than a given writer has written rows of some days after a snapshot, up to now.
   *
   * @param writer prefix of the commit user of the writer that does not count
   * @return true also when it cannot be known, because snapshots have expired
   */
  public static boolean writtenByOthers(
      FileStoreTable table, long since, String writer, Predicate<String> days) {
    long latest = table.latestSnapshot().map(Snapshot::id).orElse(0L);
    return isWritten(since, latest, id -> daysWrittenBy(table, id, writer), days);
  }

  private static boolean isWritten(
      long since, long until, LongFunction<Optional<Set<String>>> written, Predicate<String> days) {
    return LongStream.rangeClosed(since + 1, until)
        .mapToObj(written)
        .anyMatch(found -> found.isEmpty() || found.get().stream().anyMatch(days));
  }

  /**
   * The days of which a snapshot wrote rows; empty when it has expired.
   *
   * @param exempt prefix of a commit user whose rows do not count; empty for none
   */
  private static Optional<Set<String>> daysWrittenBy(FileStoreTable table, long id, String exempt) {
    try {
      Snapshot commit = snapshot(table, id);
      if (commit.commitKind() == Snapshot.CommitKind.COMPACT
          || !exempt.isEmpty() && commit.commitUser().startsWith(exempt)) {
        return Optional.of(Set.of());
      }
      Set<String> days = new TreeSet<>();
      FileStoreScan scan =
          table.store().newScan().withKind(ScanMode.DELTA).withSnapshot(commit).dropStats();
      scan.plan().files().forEach(file -> days.add(day(table, file)));
      return Optional.of(days);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Read from its file, since the cache of the catalog knows nothing of rollbacks. */
  private static Snapshot snapshot(FileStoreTable table, long id) throws FileNotFoundException {
    return SnapshotManager.tryFromPath(table.fileIO(), table.snapshotManager().snapshotPath(id));
  }

  private static String day(FileStoreTable table, ManifestEntry file) {
    int index = table.partitionKeys().indexOf(TableDefinition.DAY);
    return index < 0 || file.partition().isNullAt(index)
        ? ""
        : file.partition().getString(index).toString();
  }
}
