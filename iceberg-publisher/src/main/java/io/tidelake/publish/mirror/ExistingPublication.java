/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.paimon.table.FileStoreTable;

/**
 * What the Iceberg catalog shows of a table already, and can be built upon.
 *
 * @param operations the table in the catalog
 * @param filesByLocation what readers see of it
 */
record ExistingPublication(TableOperations operations, Map<String, PublishedFile> filesByLocation) {

  /**
   * Looks into the catalog.
   *
   * @return empty when the Iceberg table has to be made, or to be made anew: there is none, it
   *     shows another incarnation of the Paimon table, or it is damaged
   */
  static Optional<ExistingPublication> find(IcebergLake iceberg, String name, FileStoreTable table)
      throws IOException {
    try {
      Optional<TableOperations> loaded = iceberg.load(name);
      if (loaded.isEmpty() || !PublishedMetadata.isOf(loaded.get().current(), table)) {
        return Optional.empty();
      }
      return Optional.of(new ExistingPublication(loaded.get(), files(loaded.get())));
    } catch (RuntimeException | IOException e) {
      if (!IcebergLake.isDamage(e)) {
        throw e;
      }
      // It is made anew from Paimon's metadata.
      return Optional.empty();
    }
  }

  private static Map<String, PublishedFile> files(TableOperations operations) throws IOException {
    Map<String, PublishedFile> files = new HashMap<>();
    if (operations.current().currentSnapshot() == null) {
      return files;
    }
    try (CloseableIterable<FileScanTask> tasks =
        new BaseTable(operations, "shown").newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.deletes().size() > 1) {
          throw new IOException(task.file().location() + " has several deletion vectors");
        }
        files.put(
            task.file().location(),
            new PublishedFile(
                task.file().location(),
                ((PartitionData) task.file().partition()).copy(),
                task.file().recordCount(),
                task.file().fileSizeInBytes(),
                task.deletes().stream().findFirst().map(ExistingPublication::deletion)));
      }
    }
    return files;
  }

  private static Deletion deletion(DeleteFile file) {
    return new Deletion(
        file.location(),
        file.fileSizeInBytes(),
        file.contentOffset(),
        file.contentSizeInBytes(),
        file.recordCount());
  }
}
