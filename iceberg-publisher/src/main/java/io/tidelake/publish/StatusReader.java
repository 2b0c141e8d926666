/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.publish.PublisherReport.TableState;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.PublishedMetadata;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.TableOperations;

/** Tells how far tables are published, in the publisher's own process and in others. */
final class StatusReader {

  private StatusReader() {}

  /**
   * How far each table is published, asked of the lake, the Iceberg catalog and the publisher's
   * last report.
   *
   * @throws LakeException when one of them cannot be reached
   */
  static PublisherStatus read(LakeConfig config) throws IOException {
    try (LakeCatalog catalog = LakeAccess.catalog(config);
        IcebergLake iceberg = IcebergLake.open(config)) {
      Optional<PublisherReport> report =
          PublisherReport.read(LakeAccess.files(config), IcebergLake.location(config));
      List<PublishedTable> tables = new ArrayList<>();
      for (String name : catalog.tableNames()) {
        Optional<TableState> state = report.map(last -> last.tables().get(name));
        long shown = shownSnapshot(iceberg, name);
        // A snapshot that changes nothing to be seen makes no commit of its own.
        long seen = shown == 0 ? 0 : Math.max(shown, state.map(TableState::snapshot).orElse(0L));
        tables.add(PublishedTable.of(name, newestSnapshot(catalog, name), seen, state));
      }
      return new PublisherStatus(
          report.map(PublisherReport::process).orElse(null),
          report.map(PublisherReport::writtenAt).orElse(null),
          tables);
    }
  }

  /**
   * How far each table is published, as the running publisher knows it.
   *
   * @param states by table
   */
  static List<PublishedTable> tables(LakeCatalog catalog, Map<String, TableState> states) {
    return states.entrySet().stream()
        .map(
            table ->
                PublishedTable.of(
                    table.getKey(),
                    newestSnapshot(catalog, table.getKey()),
                    table.getValue().snapshot(),
                    Optional.of(table.getValue())))
        .toList();
  }

  private static long newestSnapshot(LakeCatalog catalog, String table) {
    try {
      return catalog.latestSnapshotId(table);
    } catch (LakeException e) {
      // The table's own problem says why.
      return 0;
    }
  }

  private static long shownSnapshot(IcebergLake iceberg, String table) {
    try {
      return iceberg
          .load(table)
          .map(TableOperations::current)
          .map(PublishedMetadata::snapshotId)
          .orElse(0L);
    } catch (IcebergLake.DamagedMetadataException e) {
      return 0;
    }
  }
}
