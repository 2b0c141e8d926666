/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.StagedOperations;
import io.tidelake.publish.mirror.FileMirror.VisibleFile;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import io.tidelake.publish.mirror.TableContent.BucketId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.SnapshotRef;
import org.apache.paimon.Snapshot;

/** What has to be added and removed so that an Iceberg table shows a Paimon snapshot. */
final class FileChanges {

  private final List<VisibleFile> added = new ArrayList<>();
  private final List<PublishedFile> removed = new ArrayList<>();
  private final List<PublishedFile> moreDeleted = new ArrayList<>();
  private final List<PublishedFile> outdatedDeletions = new ArrayList<>();
  private final Map<BucketId, Map<String, PublishedFile>> visible = new HashMap<>();

  private FileChanges() {}

  /**
   * Compares what readers see with what they shall see.
   *
   * @param before the files that readers see, by location; those that are in none of the buckets
   *     are removed
   * @param content the snapshot that readers shall see
   * @param buckets those that are looked at
   */
  static FileChanges between(
      Map<String, PublishedFile> before,
      FileMirror mirror,
      TableContent content,
      Collection<BucketId> buckets)
      throws IOException {
    FileChanges changes = new FileChanges();
    Map<String, PublishedFile> left = new HashMap<>(before);
    for (BucketId bucket : buckets) {
      Map<String, PublishedFile> files = new HashMap<>();
      for (VisibleFile file : mirror.visible(content, bucket)) {
        files.put(file.file().location(), file.file());
        changes.show(Optional.ofNullable(left.remove(file.file().location())), file);
      }
      changes.visible.put(bucket, files);
    }
    changes.removed.addAll(left.values());
    return changes;
  }

  private void show(Optional<PublishedFile> before, VisibleFile now) {
    if (before.isEmpty()) {
      added.add(now);
    } else if (!before.get().deletion().equals(now.file().deletion())) {
      if (before.get().deletion().isPresent()) {
        outdatedDeletions.add(before.get());
      }
      if (now.file().deletion().isPresent()) {
        moreDeleted.add(now.file());
      }
    }
  }

  /** What readers see of the buckets that were looked at once the changes are made. */
  Map<BucketId, Map<String, PublishedFile>> visible() {
    return visible;
  }

  /** How many rows that is. */
  long visibleRows() {
    return visible.values().stream()
        .mapToLong(files -> PublishedFile.liveRows(files.values()))
        .sum();
  }

  boolean isEmpty() {
    return added.isEmpty()
        && removed.isEmpty()
        && moreDeleted.isEmpty()
        && outdatedDeletions.isEmpty();
  }

  boolean addMergedFiles() {
    return added.stream()
        .anyMatch(file -> FileMirror.mergedKey(file.file().location()).isPresent());
  }

  /** Looks at each file that readers are sent to for the first time. */
  void validateFiles(FileValidator validator) {
    added.forEach(
        file -> {
          validator.validate(file.file());
          file.file().deletion().ifPresent(validator::validate);
        });
    moreDeleted.forEach(file -> validator.validate(file.deletion().orElseThrow()));
  }

  /** Adds an Iceberg snapshot to a branch. */
  void commit(StagedOperations table, String name, Snapshot paimon, String branch) {
    PartitionSpec spec = table.current().spec();
    RowDelta delta = new BaseTable(table, name, report -> {}).newRowDelta();
    if (table.current().currentSnapshot() != null) {
      delta.validateFromSnapshot(table.current().currentSnapshot().snapshotId());
    }
    if (!branch.equals(SnapshotRef.MAIN_BRANCH)) {
      delta.toBranch(branch);
    }
    PublishedMetadata.label(delta, paimon);
    for (PublishedFile file : removed) {
      delta.removeRows(dataFile(spec, file).build());
      file.deletion().ifPresent(deletion -> delta.removeDeletes(deleteFile(spec, file, deletion)));
    }
    for (PublishedFile file : outdatedDeletions) {
      delta.removeDeletes(deleteFile(spec, file, file.deletion().orElseThrow()));
    }
    for (VisibleFile visible : added) {
      PublishedFile file = visible.file();
      delta.addRows(dataFile(spec, file).withMetrics(visible.statistics().get()).build());
      file.deletion().ifPresent(deletion -> delta.addDeletes(deleteFile(spec, file, deletion)));
    }
    for (PublishedFile file : moreDeleted) {
      delta.addDeletes(deleteFile(spec, file, file.deletion().orElseThrow()));
    }
    delta.commit();
  }

  private static DataFiles.Builder dataFile(PartitionSpec spec, PublishedFile file) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(file.location())
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(file.bytes())
            .withRecordCount(file.rows());
    return spec.isPartitioned() ? builder.withPartition(file.partition()) : builder;
  }

  private static DeleteFile deleteFile(PartitionSpec spec, PublishedFile file, Deletion deletion) {
    FileMetadata.Builder builder =
        FileMetadata.deleteFileBuilder(spec)
            .ofPositionDeletes()
            .withFormat(FileFormat.PUFFIN)
            .withPath(deletion.location())
            .withFileSizeInBytes(deletion.fileBytes())
            .withReferencedDataFile(file.location())
            .withContentOffset(deletion.offset())
            .withContentSizeInBytes(deletion.length())
            .withRecordCount(deletion.rows());
    return (spec.isPartitioned() ? builder.withPartition(file.partition()) : builder).build();
  }
}
