/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.deletionvectors.DeletionVectorsIndexFile;
import org.apache.paimon.index.DeletionVectorMeta;
import org.apache.paimon.index.IndexFileHandler;
import org.apache.paimon.io.DataFileMeta;
import org.apache.paimon.manifest.FileKind;
import org.apache.paimon.manifest.IndexManifestEntry;
import org.apache.paimon.manifest.ManifestEntry;
import org.apache.paimon.operation.FileStoreScan;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ScanMode;

/**
 * The files of a snapshot of a Paimon table, by bucket, level 0 included. Follows the table from
 * one snapshot to the next by what changed between them.
 */
final class TableContent {

  /** A bucket of a partition. */
  record BucketId(BinaryRow partition, int bucket) {}

  private final Map<BucketId, Map<String, DataFileMeta>> files = new HashMap<>();
  private Map<BucketId, Map<String, Deletion>> deletions = Map.of();
  private Snapshot snapshot;
  private long records;

  private TableContent() {}

  /**
   * Reads a snapshot.
   *
   * @param snapshot may be NULL: the table has none, and is empty
   */
  static TableContent of(FileStoreTable table, Snapshot snapshot) {
    TableContent content = new TableContent();
    if (snapshot != null) {
      content.apply(table, snapshot, scan(table, snapshot, ScanMode.ALL));
    }
    return content;
  }

  /**
   * Goes on to a later snapshot.
   *
   * @return the buckets whose files or deleted rows are others than before
   */
  Set<BucketId> advance(FileStoreTable table, Snapshot newest) {
    Set<BucketId> changed = new HashSet<>();
    for (long id = snapshot.id() + 1; id <= newest.id(); id++) {
      Snapshot next = id == newest.id() ? newest : table.snapshotManager().snapshot(id);
      changed.addAll(apply(table, next, scan(table, next, ScanMode.DELTA)));
    }
    return changed;
  }

  private static List<ManifestEntry> scan(FileStoreTable table, Snapshot snapshot, ScanMode mode) {
    FileStoreScan scan = table.store().newScan().onlyReadRealBuckets();
    return scan.withSnapshot(snapshot).withKind(mode).plan().files();
  }

  private Set<BucketId> apply(FileStoreTable table, Snapshot next, List<ManifestEntry> entries) {
    Set<BucketId> changed = new HashSet<>();
    // A file that goes up a level is deleted and added, under one name.
    for (FileKind kind : List.of(FileKind.DELETE, FileKind.ADD)) {
      for (ManifestEntry entry : entries) {
        if (entry.kind() == kind) {
          BucketId bucket = new BucketId(entry.partition(), entry.bucket());
          apply(next, kind, bucket, entry.file());
          changed.add(bucket);
        }
      }
    }
    if (snapshot == null || !Objects.equals(snapshot.indexManifest(), next.indexManifest())) {
      Map<BucketId, Map<String, Deletion>> before = deletions;
      deletions = deletions(table, next);
      for (BucketId bucket : union(before.keySet(), deletions.keySet())) {
        if (!Objects.equals(before.get(bucket), deletions.get(bucket))) {
          changed.add(bucket);
        }
      }
    }
    snapshot = next;
    validateTotal();
    return changed;
  }

  private void apply(Snapshot next, FileKind kind, BucketId bucket, DataFileMeta file) {
    Map<String, DataFileMeta> inBucket = files.computeIfAbsent(bucket, key -> new TreeMap<>());
    if (kind == FileKind.ADD) {
      DataFileMeta replaced = inBucket.put(file.fileName(), file);
      records += file.rowCount() - (replaced == null ? 0 : replaced.rowCount());
      return;
    }
    DataFileMeta removed = inBucket.remove(file.fileName());
    if (removed == null) {
      throw inconsistent(
          next, "it removes the file " + file.fileName() + ", which the snapshot before has not");
    }
    records -= removed.rowCount();
    if (inBucket.isEmpty()) {
      files.remove(bucket);
    }
  }

  /** Paimon counts the rows of all files from commit to commit. */
  private void validateTotal() {
    if (records != snapshot.totalRecordCount()) {
      throw inconsistent(
          snapshot,
          "its files hold %d rows, but it says that they hold %d"
              .formatted(records, snapshot.totalRecordCount()));
    }
  }

  private static LakeException inconsistent(Snapshot snapshot, String how) {
    return new LakeException(
        ErrorCode.SNAPSHOT_INCONSISTENT,
        "Snapshot " + snapshot.id() + " does not agree with its files: " + how + ".",
        "The publisher reads the table anew; if it goes on, look at the table's manifests.");
  }

  private static Set<BucketId> union(Collection<BucketId> one, Collection<BucketId> other) {
    Set<BucketId> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static Map<BucketId, Map<String, Deletion>> deletions(
      FileStoreTable table, Snapshot snapshot) {
    IndexFileHandler index = table.store().newIndexFileHandler();
    Map<BucketId, Map<String, Deletion>> deletions = new HashMap<>();
    for (IndexManifestEntry entry :
        index.scan(snapshot, DeletionVectorsIndexFile.DELETION_VECTORS_INDEX)) {
      Map<String, Deletion> inBucket =
          deletions.computeIfAbsent(
              new BucketId(entry.partition(), entry.bucket()), key -> new HashMap<>());
      String location = IcebergLake.location(index.filePath(entry));
      for (DeletionVectorMeta vector : entry.indexFile().dvRanges().values()) {
        inBucket.put(
            vector.dataFileName(),
            new Deletion(
                location,
                entry.indexFile().fileSize(),
                vector.offset(),
                vector.length(),
                vector.cardinality()));
      }
    }
    return deletions;
  }

  /** The snapshot; NULL when the table has none. */
  Snapshot snapshot() {
    return snapshot;
  }

  /** The buckets that have files. */
  Set<BucketId> buckets() {
    return files.keySet();
  }

  /** The files of a bucket, ordered by name. */
  Collection<DataFileMeta> files(BucketId bucket) {
    return files.getOrDefault(bucket, Map.of()).values();
  }

  /** What is deleted of a bucket's files, by file name. */
  Map<String, Deletion> deletions(BucketId bucket) {
    return deletions.getOrDefault(bucket, Map.of());
  }

  /** Forgets the statistics of the files of a bucket, which take most of the memory. */
  void dropStatistics(BucketId bucket) {
    files.computeIfPresent(
        bucket,
        (key, inBucket) -> {
          inBucket.replaceAll((name, file) -> file.copyWithoutStats());
          return inBucket;
        });
  }
}
