/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.AutoCloseableRegistry;
import org.apache.paimon.KeyValueFileStore;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.io.DataFileMeta;
import org.apache.paimon.operation.MergeFileSplitRead;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.DataSplit;
import org.apache.paimon.table.source.DeletionFile;
import org.apache.paimon.table.source.ScanMode;
import org.apache.paimon.table.source.snapshot.SnapshotReader;

/**
 * Some files of one bucket of a table, which hold records sorted by key. A backfill's commit is one
 * snapshot: what that snapshot adds is what was written, the files that it already found are the
 * state before.
 *
 * @param table the table
 * @param partition the partition of the bucket
 * @param bucket the bucket's number
 * @param files files of all levels, those of level 0 too, which are not compacted yet
 * @param deletions the deletion vector of each file; NULL for files without
 */
public record BucketFiles(
    FileStoreTable table,
    BinaryRow partition,
    int bucket,
    List<DataFileMeta> files,
    List<DeletionFile> deletions) {

  /**
   * All files of a partition in a snapshot, by bucket.
   *
   * @param dt the partition; empty for a table without partitions
   */
  public static Map<Integer, BucketFiles> all(FileStoreTable table, Snapshot snapshot, String dt) {
    return read(table, snapshot, dt, ScanMode.ALL);
  }

  /** The files that a snapshot added to a partition, by bucket. */
  public static Map<Integer, BucketFiles> added(
      FileStoreTable table, Snapshot snapshot, String dt) {
    return read(table, snapshot, dt, ScanMode.DELTA);
  }

  /** All files of a partition as they are now, by bucket; none when nothing was written. */
  public static Map<Integer, BucketFiles> now(FileStoreTable table, String dt) {
    return table.latestSnapshot().map(snapshot -> all(table, snapshot, dt)).orElse(Map.of());
  }

  /** What a commit found in the buckets that it wrote: all files of its snapshot but its own. */
  public static Map<Integer, BucketFiles> before(FileStoreTable table, Snapshot commit, String dt) {
    Map<Integer, BucketFiles> all = all(table, commit, dt);
    Map<Integer, BucketFiles> before = new TreeMap<>();
    added(table, commit, dt)
        .forEach((bucket, files) -> before.put(bucket, all.get(bucket).without(files)));
    return before;
  }

  /**
   * Goes through several states of one partition side by side, key by key.
   *
   * @param buckets which buckets; each is in one of the states at least
   * @param states of a partition of one table, or of its copies
   */
  public static void zip(
      Set<Integer> buckets, List<Map<Integer, BucketFiles>> states, BucketRows.RowsOfKey action)
      throws Exception {
    try (IOManager spill = IOManager.create(System.getProperty("java.io.tmpdir"))) {
      for (int bucket : buckets) {
        BucketFiles none =
            states.stream()
                .filter(state -> state.containsKey(bucket))
                .findFirst()
                .orElseThrow()
                .get(bucket)
                .none();
        try (AutoCloseableRegistry readers = new AutoCloseableRegistry()) {
          List<BucketRows> rows = new ArrayList<>();
          for (Map<Integer, BucketFiles> state : states) {
            BucketRows ofState = state.getOrDefault(bucket, none).rows(spill);
            readers.registerCloseable(ofState);
            rows.add(ofState);
          }
          BucketRows.zip(rows, action);
        }
      }
    }
  }

  /** No files of this bucket. */
  BucketFiles none() {
    return new BucketFiles(table, partition, bucket, List.of(), List.of());
  }

  /** These files and others of the same bucket. */
  public BucketFiles with(BucketFiles others) {
    BucketFiles all =
        new BucketFiles(
            table, partition, bucket, new ArrayList<>(files), new ArrayList<>(deletions));
    all.files.addAll(others.files);
    all.deletions.addAll(others.deletions);
    return all;
  }

  /** These files without some others. */
  BucketFiles without(BucketFiles others) {
    Set<String> names =
        others.files.stream().map(DataFileMeta::fileName).collect(Collectors.toSet());
    BucketFiles rest =
        new BucketFiles(table, partition, bucket, new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < files.size(); i++) {
      if (!names.contains(files.get(i).fileName())) {
        rest.files.add(files.get(i));
        rest.deletions.add(deletions.get(i));
      }
    }
    return rest;
  }

  /**
   * The rows of the files, merged by the table's own merge engine and sorted by key. Deleted rows
   * are left out.
   *
   * @param spill where sorting goes when there are very many files
   */
  private BucketRows rows(IOManager spill) throws IOException {
    MergeFileSplitRead read = ((KeyValueFileStore) table.store()).newRead();
    read.withReadType(table.rowType());
    read.withIOManager(spill);
    return new BucketRows(
        read.createMergeReader(partition, bucket, files, deletions, false), read.keyComparator());
  }

  private static Map<Integer, BucketFiles> read(
      FileStoreTable table, Snapshot snapshot, String dt, ScanMode mode) {
    SnapshotReader reader = table.newSnapshotReader().withSnapshot(snapshot).withMode(mode);
    if (!dt.isEmpty()) {
      reader.withPartitionFilter(Map.of(table.partitionKeys().get(0), dt));
    }
    Map<Integer, BucketFiles> buckets = new TreeMap<>();
    for (DataSplit split : reader.read().dataSplits()) {
      BucketFiles bucket =
          buckets.computeIfAbsent(
              split.bucket(),
              number ->
                  new BucketFiles(
                      table, split.partition(), number, new ArrayList<>(), new ArrayList<>()));
      List<DeletionFile> deletions = split.deletionFiles().orElse(null);
      for (int i = 0; i < split.dataFiles().size(); i++) {
        bucket.files.add(split.dataFiles().get(i));
        bucket.deletions.add(deletions == null ? null : deletions.get(i));
      }
    }
    return buckets;
  }
}
