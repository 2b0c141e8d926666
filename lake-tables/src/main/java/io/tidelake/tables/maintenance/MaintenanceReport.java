/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.maintenance;

import java.util.List;
import java.util.Optional;

/**
 * What maintenance did, or would do.
 *
 * @param tables by table
 * @param scratchFolders temporary folders of processes that have ended, which were deleted
 */
public record MaintenanceReport(List<Table> tables, List<String> scratchFolders) {

  /**
   * What became of one table.
   *
   * @param name its name
   * @param snapshotsExpired how many snapshots expired
   * @param tagsMade names of the tags that were made
   * @param tagsRemoved names of the tags that were removed
   * @param daysDropped partitions that were dropped; their files go when the snapshots that hold
   *     them expire
   * @param filesRemoved files that were removed, those of the metadata too
   * @param bytesRemoved how long they were together
   * @param orphansRemoved how many of them no snapshot and no tag knew
   * @param notes what could not be done, or is in the way, for people
   * @param failure why not all could be done; empty when all was
   */
  public record Table(
      String name,
      int snapshotsExpired,
      List<String> tagsMade,
      List<String> tagsRemoved,
      List<String> daysDropped,
      long filesRemoved,
      long bytesRemoved,
      long orphansRemoved,
      List<String> notes,
      Optional<String> failure) {

    public Table {
      tagsMade = List.copyOf(tagsMade);
      tagsRemoved = List.copyOf(tagsRemoved);
      daysDropped = List.copyOf(daysDropped);
      notes = List.copyOf(notes);
    }

    /** Whether nothing was done. */
    public boolean isUntouched() {
      return tagsMade.isEmpty()
          && tagsRemoved.isEmpty()
          && daysDropped.isEmpty()
          && snapshotsExpired + filesRemoved == 0;
    }
  }

  public MaintenanceReport {
    tables = List.copyOf(tables);
    scratchFolders = List.copyOf(scratchFolders);
  }

  /** Whether all could be done. */
  public boolean isComplete() {
    return tables.stream().allMatch(table -> table.failure().isEmpty());
  }
}
