/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sweep did, or would do.
 *
 * @param closedBefore the days before it were swept, {@code yyyy-MM-dd}
 * @param recomputed in the order in which they were computed
 * @param unchanged by table the number of closed days of which no input has changed; for a table
 *     whose days are not those of its inputs 1 for all of them
 * @param withoutInput by table the days that were left alone because no input has files for them
 *     any more
 */
public record SweepResult(
    String closedBefore,
    List<Recomputation> recomputed,
    Map<String, Integer> unchanged,
    Map<String, List<String>> withoutInput) {

  public SweepResult {
    recomputed = List.copyOf(recomputed);
    unchanged = new TreeMap<>(unchanged);
    withoutInput = new TreeMap<>(withoutInput);
  }
}
