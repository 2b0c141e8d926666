package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.StagedOperations;
import io.tidelake.publish.mirror.FileMirror.VisibleFile;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import java.util.ArrayList;
import java.util.List;
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
final class Difference {

  private final List<VisibleFile> added = new ArrayList<>();
  private final List<PublishedFile> removed = new ArrayList<>();
  private final List<PublishedFile> moreDeleted = new ArrayList<>();
  private final List<PublishedFile> outdatedDeletions = new ArrayList<>();

  /**
   * A file shall be shown.
   *
   * @param before as it is shown already
   */
  void add(Optional<PublishedFile> before, VisibleFile now) {
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

  /** A file shall not be shown any more. */
  void remove(PublishedFile file) {
    removed.add(file);
  }

  boolean isEmpty() {
    return added.isEmpty()
        && removed.isEmpty()
        && moreDeleted.isEmpty()
        && outdatedDeletions.isEmpty();
  }

  boolean addsMergedFiles() {
    return added.stream()
        .anyMatch(file -> FileMirror.mergedKey(file.file().location()).isPresent());
  }

  /** Looks at each file that readers are sent to for the first time. */
  void refuseDamaged(FileMirror mirror) {
    added.forEach(
        file -> {
          mirror.refuseDamaged(file.file());
          file.file().deletion().ifPresent(mirror::refuseDamaged);
        });
    moreDeleted.forEach(file -> mirror.refuseDamaged(file.deletion().orElseThrow()));
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
    delta.set(TablePublisher.SNAPSHOT_ID, Long.toString(paimon.id()));
    delta.set(TablePublisher.SNAPSHOT_NAME, paimon.deltaManifestList());
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
