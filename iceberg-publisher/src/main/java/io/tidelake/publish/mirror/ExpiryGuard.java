/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.paimon.consumer.Consumer;
import org.apache.paimon.consumer.ConsumerManager;
import org.apache.paimon.table.FileStoreTable;

/**
 * Keeps the files that published snapshots need from Paimon's expiry: a consumer of the table that
 * follows the published snapshot at a distance. While no publisher runs it stays where it is, so
 * that what readers see stays readable.
 */
final class ExpiryGuard {

  /** The name of the consumer. */
  static final String CONSUMER = "iceberg-publisher";

  // The consumer is a file; it need not be written for each snapshot.
  private static final int MOST_MOVES_PER_KEEP_TIME = 20;

  /** A snapshot that readers may use until some time after another took its place. */
  private record ReplacedSnapshot(long id, Instant replacedAt) {}

  private final ConsumerManager consumers;
  private final Duration keepFor;
  private final Clock clock;
  private final Deque<ReplacedSnapshot> replaced = new ArrayDeque<>();
  private long kept;
  private long current;
  private Instant moved;

  /**
   * Begins to keep a snapshot, and what was kept before.
   *
   * @param snapshot id of the snapshot that will be published next
   */
  ExpiryGuard(FileStoreTable table, long snapshot, Duration keepFor, Clock clock) {
    this.consumers = table.consumerManager();
    this.keepFor = keepFor;
    this.clock = clock;
    this.current = snapshot;
    this.kept =
        consumers
            .consumer(CONSUMER)
            .map(consumer -> Math.min(consumer.nextSnapshot(), snapshot))
            .orElse(snapshot);
    if (kept < snapshot) {
      replaced.add(new ReplacedSnapshot(kept, clock.instant()));
    }
    keep();
  }

  private void keep() {
    consumers.resetConsumer(CONSUMER, new Consumer(kept));
    moved = clock.instant();
  }

  /** Says that a snapshot has taken the place of the one before. */
  void published(long snapshot) {
    if (snapshot < kept) {
      // A rollback: the snapshots behind it are gone.
      kept = snapshot;
      replaced.clear();
      keep();
    } else if (snapshot != current) {
      replaced.add(new ReplacedSnapshot(current, clock.instant()));
    }
    current = snapshot;
  }

  /** Lets go of snapshots that were replaced long enough ago; to be called now and then. */
  void advance() {
    Instant now = clock.instant();
    while (!replaced.isEmpty() && !replaced.peek().replacedAt().plus(keepFor).isAfter(now)) {
      replaced.remove();
    }
    long needed = replaced.isEmpty() ? current : Math.min(current, replaced.peek().id());
    if (needed > kept && !moved.plus(keepFor.dividedBy(MOST_MOVES_PER_KEEP_TIME)).isAfter(now)) {
      kept = needed;
      keep();
    }
  }
}
