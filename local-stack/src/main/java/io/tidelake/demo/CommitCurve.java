/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.workload.RowChange;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.WorkloadWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * When the operational database had committed how many fulfillment orders. A table that shows n of
 * them is as old as the commit of the n-th.
 */
public final class CommitCurve implements WorkloadWriter.CommitListener {

  private final Set<Long> seen = new HashSet<>();
  private final TreeMap<Long, Instant> ever = new TreeMap<>();
  private final TreeMap<Long, Instant> alive = new TreeMap<>();
  private long aliveCount;
  private long changes;

  @Override
  public synchronized void committed(List<RowChange> transaction, Instant committedAt) {
    changes += transaction.size();
    for (RowChange change : transaction) {
      if (change.row() instanceof FulfillmentOrder order) {
        switch (change.operation()) {
          case INSERT -> {
            aliveCount++;
            seen.add(order.fulfillmentId());
          }
          case DELETE -> aliveCount--;
          default -> {}
        }
        ever.putIfAbsent((long) seen.size(), committedAt);
        alive.putIfAbsent(aliveCount, committedAt);
      }
    }
  }

  /** How many row changes were committed. */
  public synchronized long changes() {
    return changes;
  }

  /** How old a table is that shows so many fulfillment orders, deleted ones included. */
  synchronized Optional<Duration> ageOfEver(long rows) {
    return age(ever, rows, seen.size());
  }

  /** How old a table is that shows so many fulfillment orders, deleted ones left out. */
  synchronized Optional<Duration> ageOfAlive(long rows) {
    return age(alive, rows, aliveCount);
  }

  /**
   * Empty while it shows nothing; otherwise from the commit of the first order it does not show.
   */
  private static Optional<Duration> age(TreeMap<Long, Instant> curve, long rows, long committed) {
    if (rows == 0) {
      return Optional.empty();
    }
    if (rows == committed) {
      return Optional.of(Duration.ZERO);
    }
    var next = curve.higherEntry(rows);
    return Optional.of(
        next == null ? Duration.ZERO : Duration.between(next.getValue(), Instant.now()));
  }
}
