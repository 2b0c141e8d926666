/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.IcebergSchemas;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.paimon.table.FileStoreTable;

/**
 * Iceberg's metadata of a published table: the properties by which the publisher knows it again,
 * and what is set before each commit of files.
 */
public final class PublishedMetadata {

  /** Snapshot property: the Paimon snapshot that an Iceberg snapshot shows. */
  private static final String SNAPSHOT_ID = "paimon.snapshot-id";

  /** Snapshot property: a name that no other Paimon snapshot ever has. */
  private static final String SNAPSHOT_NAME = "paimon.delta-manifest-list";

  /** Table property: which table it shows; another one when it was created again. */
  private static final String TABLE_UUID = "paimon.table-uuid";

  /** Table property: whether some of its data files are the publisher's own. */
  private static final String HAS_MERGED_FILES = "tidelake.has-merged-files";

  private static final int FORMAT_VERSION = 3;
  private static final int KEPT_SNAPSHOTS = 20;

  private PublishedMetadata() {}

  /** Whether a publisher, of this lake or another, made this table. */
  public static boolean isPublished(TableMetadata metadata) {
    return !metadata.property(TABLE_UUID, "").isEmpty();
  }

  /** The Paimon snapshot that was committed last; 0 for none. */
  public static long snapshotId(TableMetadata metadata) {
    Snapshot snapshot = metadata.currentSnapshot();
    return snapshot == null ? 0 : Long.parseLong(snapshot.summary().getOrDefault(SNAPSHOT_ID, "0"));
  }

  /** Whether it shows this incarnation of a table, in a format that can be built upon. */
  static boolean isOf(TableMetadata metadata, FileStoreTable table) {
    return table.uuid().equals(metadata.property(TABLE_UUID, ""))
        && metadata.formatVersion() == FORMAT_VERSION;
  }

  static boolean hasMergedFiles(TableMetadata metadata) {
    return metadata.propertyAsBoolean(HAS_MERGED_FILES, false);
  }

  /** Says of which Paimon snapshot the files are. */
  static void label(SnapshotUpdate<?> update, org.apache.paimon.Snapshot paimon) {
    update.set(SNAPSHOT_ID, Long.toString(paimon.id()));
    update.set(SNAPSHOT_NAME, paimon.deltaManifestList());
  }

  /** Whether an Iceberg snapshot shows a Paimon snapshot. */
  static boolean shows(Snapshot snapshot, org.apache.paimon.Snapshot paimon) {
    return paimon.deltaManifestList().equals(snapshot.summary().get(SNAPSHOT_NAME));
  }

  /** The metadata of a new table without snapshots. */
  static TableMetadata create(
      FileStoreTable table, Schema schema, String location, FileChanges changes) {
    return TableMetadata.buildFromEmpty(FORMAT_VERSION)
        .assignUUID()
        .setLocation(location)
        .setCurrentSchema(schema, IcebergSchemas.lastColumnId(schema))
        .setDefaultPartitionSpec(IcebergSchemas.partitions(table.schema(), schema))
        .setDefaultSortOrder(SortOrder.unsorted())
        .setProperties(properties(table, changes))
        .build();
  }

  /**
   * The metadata with the schema and properties as they are now, without outdated snapshots.
   *
   * @return the same object when nothing is to be changed
   */
  static TableMetadata update(
      TableMetadata base, FileStoreTable table, Schema schema, FileChanges changes) {
    TableMetadata.Builder builder = TableMetadata.buildFrom(base);
    boolean changed = false;
    if (!base.schema().sameSchema(schema)) {
      int last = Math.max(base.lastColumnId(), IcebergSchemas.lastColumnId(schema));
      builder.setCurrentSchema(schema, last);
      changed = true;
    }
    Map<String, String> properties = properties(table, changes);
    properties.entrySet().removeAll(base.properties().entrySet());
    if (!properties.isEmpty()) {
      builder.setProperties(properties);
      changed = true;
    }
    Set<Long> outdated = changes.isEmpty() ? Set.of() : outdated(base);
    if (!outdated.isEmpty()) {
      builder.removeSnapshots(outdated);
      changed = true;
    }
    return changed ? builder.build() : base;
  }

  private static Map<String, String> properties(FileStoreTable table, FileChanges changes) {
    Map<String, String> properties = new HashMap<>();
    properties.put(TABLE_UUID, table.uuid());
    properties.put("paimon.table", table.fullName());
    properties.put("comment", table.comment().orElse(""));
    // Data files are Paimon's: no engine may delete them.
    properties.put(TableProperties.GC_ENABLED, "false");
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
    // A change rewrites the manifests of the files that it removes; small ones are written fast.
    properties.put(TableProperties.MANIFEST_TARGET_SIZE_BYTES, Integer.toString(64 << 10));
    // Each change opens all manifests whose days it touches: few are opened faster than Iceberg's
    // 100.
    properties.put(TableProperties.MANIFEST_MIN_MERGE_COUNT, "4");
    if (changes.addMergedFiles()) {
      properties.put(HAS_MERGED_FILES, "true");
    }
    return properties;
  }

  private static Set<Long> outdated(TableMetadata base) {
    Set<Long> named =
        base.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    List<Long> unnamed =
        base.snapshots().stream()
            .map(Snapshot::snapshotId)
            .filter(id -> !named.contains(id))
            .toList();
    return new HashSet<>(unnamed.subList(0, Math.max(0, unnamed.size() - KEPT_SNAPSHOTS)));
  }
}
