/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.iceberg.IcebergLake.DamagedMetadataException;
import io.tidelake.publish.iceberg.StagedOperations;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.Split;

/**
 * Commits changes of one table to the Iceberg catalog, each as one commit, after it has checked
 * that the files are whole and that readers will see as many rows as they should.
 */
final class IcebergCommitter {

  private final IcebergLake iceberg;
  private final String name;
  private final FileStoreTable table;
  private final ShownFiles shown;
  private final FileValidator validator;
  private final String location;
  private Optional<TableOperations> operations;

  /**
   * Commits to a table, which the first commit creates if need be.
   *
   * @param existing what the catalog has to build upon; else a new incarnation is made
   * @param shown is told of each commit
   */
  IcebergCommitter(
      IcebergLake iceberg,
      String name,
      FileStoreTable table,
      Optional<ExistingPublication> existing,
      ShownFiles shown) {
    this.iceberg = iceberg;
    this.name = name;
    this.table = table;
    this.shown = shown;
    this.validator = new FileValidator(table);
    this.operations = existing.map(ExistingPublication::operations);
    this.location =
        operations
            .map(found -> found.current().location())
            .orElseGet(() -> iceberg.newLocation(name));
  }

  /** The folder of this incarnation of the Iceberg table. */
  String location() {
    return location;
  }

  /** The Iceberg table; there is one after the first commit. */
  TableOperations operations() {
    return operations.orElseThrow();
  }

  /** Whether the catalog shows what was committed last, and the metadata is whole. */
  boolean isUnchangedInCatalog() {
    TableMetadata committed = operations().current();
    try {
      return iceberg
              .load(name)
              .filter(
                  found ->
                      Objects.equals(
                          found.current().metadataFileLocation(), committed.metadataFileLocation()))
              .isPresent()
          && (committed.currentSnapshot() == null
              || committed.currentSnapshot().allManifests(operations().io()).stream()
                  .allMatch(this::isWhole));
    } catch (DamagedMetadataException e) {
      return false;
    }
  }

  private boolean isWhole(ManifestFile manifest) {
    try {
      return operations().io().newInputFile(manifest.path()).getLength() == manifest.length();
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * Makes the Iceberg table show all of a snapshot; creates it if need be.
   *
   * @param changes of all buckets
   * @param content the snapshot
   * @param schema as it is now
   */
  void reconcileAll(FileChanges changes, TableContent content, Schema schema) {
    validateRowCount(changes, content);
    commit(changes, content, schema);
  }

  /**
   * Makes the Iceberg table show a later snapshot of the same schema.
   *
   * @param changes of the buckets that changed
   * @param content the snapshot
   */
  void applyIncremental(FileChanges changes, TableContent content) {
    commit(changes, content, operations().current().schema());
  }

  private void commit(FileChanges changes, TableContent content, Schema schema) {
    changes.validateFiles(validator);
    TableMetadata base = operations.map(TableOperations::current).orElse(null);
    StagedOperations staged =
        new StagedOperations(
            iceberg.files(),
            base == null
                ? PublishedMetadata.create(table, schema, location, changes)
                : PublishedMetadata.update(base, table, schema, changes));
    boolean isFirst = staged.current().currentSnapshot() == null;
    if (content.snapshot() != null && (isFirst || !changes.isEmpty())) {
      changes.commit(staged, name, content.snapshot(), SnapshotRef.MAIN_BRANCH);
      validateTotal(staged, shown.rowsAfter(changes), content);
    }
    if (base == null) {
      operations = Optional.of(iceberg.create(name, staged.current()));
    } else if (staged.current() != base) {
      operations().commit(base, staged.current());
    }
    shown.update(changes);
    changes.visible().keySet().forEach(content::dropStatistics);
  }

  /** Of a table that Paimon reads without merging, it knows the rows of the snapshot itself. */
  private void validateRowCount(FileChanges changes, TableContent content) {
    if (content.snapshot() == null) {
      return;
    }
    FileStoreTable then =
        table.copyWithoutTimeTravel(
            Map.of(CoreOptions.SCAN_SNAPSHOT_ID.key(), "" + content.snapshot().id()));
    long count = 0;
    for (Split split : then.newScan().plan().splits()) {
      if (split.mergedRowCount().isEmpty()) {
        return;
      }
      count += split.mergedRowCount().getAsLong();
    }
    if (count != changes.visibleRows()) {
      throw rowsDiffer(content, count, changes.visibleRows());
    }
  }

  /** Iceberg counts the rows of all files from commit to commit. */
  private void validateTotal(StagedOperations staged, long rows, TableContent content) {
    Map<String, String> summary = staged.current().currentSnapshot().summary();
    long published =
        Long.parseLong(summary.get(SnapshotSummary.TOTAL_RECORDS_PROP))
            - Long.parseLong(summary.get(SnapshotSummary.TOTAL_POS_DELETES_PROP));
    if (published != rows) {
      throw rowsDiffer(content, rows, published);
    }
  }

  private LakeException rowsDiffer(TableContent content, long paimon, long published) {
    return new LakeException(
        ErrorCode.PUBLICATION_REFUSED,
        "Snapshot %d of %s has %d rows, but Iceberg readers would see %d; it is not published."
            .formatted(content.snapshot().id(), name, paimon, published),
        "The publisher compares all files anew; if it goes on, run `lake publish` with --debug.");
  }
}
