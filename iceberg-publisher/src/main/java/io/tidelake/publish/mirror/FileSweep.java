/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.IcebergLake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;

/**
 * Deletes what the publisher itself wrote for a table and no snapshot needs any more: manifests,
 * merged rows, older incarnations, and what a killed publisher left. A file goes when two sweeps in
 * a row found that nothing needs it; so a query has the time between them to read it. Files of
 * Paimon's lie elsewhere and are never looked at.
 */
final class FileSweep {

  private final FileIO files;
  private final Path folder;
  private final Duration interval;
  private final Clock clock;
  private Set<String> unneeded = Set.of();
  private Instant next;

  /**
   * @param folder of all incarnations of the table
   * @param interval how long a file is kept at least after nothing needs it any more
   */
  FileSweep(FileIO files, String folder, Duration interval, Clock clock) {
    this.files = files;
    this.folder = new Path(folder);
    this.interval = interval;
    this.clock = clock;
    this.next = clock.instant().plus(interval);
  }

  /** Sweeps when it is time. */
  void sweepIfDue(TableOperations table) throws IOException {
    if (clock.instant().isBefore(next)) {
      return;
    }
    Set<String> needed = needed(table);
    Set<String> found = new HashSet<>();
    for (FileStatus file : files.listFiles(folder, true)) {
      String location = IcebergLake.location(file.getPath());
      if (needed.contains(location)) {
        continue;
      }
      if (unneeded.contains(location)) {
        files.deleteQuietly(file.getPath());
      } else {
        found.add(location);
      }
    }
    unneeded = found;
    next = clock.instant().plus(interval);
  }

  private static Set<String> needed(TableOperations operations) {
    BaseTable table = new BaseTable(operations, "swept");
    Set<String> needed = new HashSet<>(ReachableFileUtil.metadataFileLocations(table, false));
    needed.addAll(ReachableFileUtil.manifestListLocations(table));
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        needed.add(manifest.path());
      }
      if (PublishedMetadata.hasMergedFiles(operations.current())) {
        addDataFiles(snapshot, table, needed);
      }
    }
    return needed;
  }

  private static void addDataFiles(Snapshot snapshot, Table table, Set<String> needed) {
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      tasks.forEach(task -> needed.add(task.file().location()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
