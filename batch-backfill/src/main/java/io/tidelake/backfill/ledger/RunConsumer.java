/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.ledger;

import org.apache.paimon.consumer.Consumer;
import org.apache.paimon.consumer.ConsumerManager;
import org.apache.paimon.table.FileStoreTable;

/**
 * The consumer that a run is of its target: as long as it is there, no snapshot since the run's
 * start expires, so that what the run has committed can be found and counted.
 */
public final class RunConsumer {

  private RunConsumer() {}

  /** Keeps the snapshots from now on. */
  public static void create(FileStoreTable target, String run) {
    Long latest = target.snapshotManager().latestSnapshotId();
    consumers(target).resetConsumer(run, new Consumer(latest == null ? 1 : latest));
  }

  /**
   * The snapshot after which the run's commits are found.
   *
   * @return 0 for a run that was given up and goes on
   */
  public static long start(FileStoreTable target, String run) {
    return consumers(target).consumer(run).map(consumer -> consumer.nextSnapshot() - 1).orElse(0L);
  }

  /** Lets the snapshots go. */
  public static void delete(FileStoreTable target, String run) {
    consumers(target).deleteConsumer(run);
  }

  private static ConsumerManager consumers(FileStoreTable target) {
    return new ConsumerManager(target.fileIO(), target.location());
  }
}
