/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.PublishedMetadata;
import io.tidelake.publish.view.CleanViewPublisher;
import io.tidelake.tables.catalog.LakeCatalog;
import java.util.List;
import java.util.function.Consumer;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;

/** Takes tables away from readers that the lake has no more. */
final class DroppedTables {

  private final LakeCatalog catalog;
  private final IcebergLake iceberg;
  private final CleanViewPublisher views;
  private final FileIO files;
  private final Consumer<String> events;

  /**
   * @param files where the publisher's own files lie
   * @param events is told of each table that is not shown any more
   */
  DroppedTables(
      LakeCatalog catalog,
      IcebergLake iceberg,
      CleanViewPublisher views,
      FileIO files,
      Consumer<String> events) {
    this.catalog = catalog;
    this.iceberg = iceberg;
    this.views = views;
    this.files = files;
    this.events = events;
  }

  /** Takes a table out of the Iceberg catalog, and all that was written for it. */
  void remove(String name) {
    views.hide(name);
    iceberg.drop(name);
    files.deleteDirectoryQuietly(new Path(iceberg.folder(name)));
  }

  /** Tells that a table was removed. */
  void announce(String name) {
    events.accept("The table " + name + " was dropped, and is not shown any more.");
  }

  /**
   * Removes the tables that were dropped while no publisher ran.
   *
   * @param existing names of the tables of the lake
   */
  void removeOrphans(List<String> existing) {
    for (String name : iceberg.tableNames()) {
      if (!existing.contains(name) && catalog.findTable(name).isEmpty() && isPublished(name)) {
        remove(name);
        announce(name);
      }
    }
  }

  private boolean isPublished(String name) {
    try {
      return iceberg
          .load(name)
          .filter(table -> PublishedMetadata.isPublished(table.current()))
          .isPresent();
    } catch (IcebergLake.DamagedMetadataException e) {
      return false;
    }
  }
}
