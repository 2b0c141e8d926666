/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import io.tidelake.tables.diff.ChangeCounts;
import java.util.List;
import java.util.Optional;

/**
 * What a backfill, or its undo, would do.
 *
 * @param target the table
 * @param mode fill or correct
 * @param asOf the instant that the snapshot describes, as ISO text
 * @param input where the snapshot is
 * @param undoneRun the run that would be undone; empty for a backfill
 * @param partitions what it would do to each partition
 * @param downstream what would follow
 * @param problems what is wrong with the snapshot; a run would refuse it or reject rows
 * @param estimatedSeconds how long a run would take, by the time that the dry run took
 */
public record BackfillPlan(
    String target,
    String mode,
    String asOf,
    String input,
    Optional<String> undoneRun,
    List<Partition> partitions,
    Downstream downstream,
    List<String> problems,
    double estimatedSeconds) {

  /**
   * What a backfill would do to one partition.
   *
   * @param dt the partition; empty for a table without partitions
   * @param counts what the rows would do to the table as it is now
   * @param duplicates rows whose key an earlier row of the snapshot has
   * @param rejected rows and files that do not fit
   * @param rejects some of them
   */
  public record Partition(
      String dt, ChangeCounts counts, long duplicates, long rejected, List<Reject> rejects) {}

  /** The counts of all partitions together. */
  public ChangeCounts counts() {
    return ChangeCounts.sum(partitions.stream().map(Partition::counts).toList());
  }
}
