/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Closed days of one table that were, or would be, computed anew.
 *
 * @param target the table
 * @param days the days, sorted; empty for all closed days together, in a table whose days are not
 *     those of its inputs
 * @param reason why, for people
 * @param counts what was found, by day, days without rows left out; empty for what was only planned
 */
public record Recomputation(
    String target, List<String> days, String reason, Map<String, DayCounts> counts) {

  public Recomputation {
    days = days.stream().sorted().toList();
    counts = new TreeMap<>(counts);
  }

  /** What was found in all days together. */
  public DayCounts total() {
    return counts.values().stream().reduce(DayCounts.NONE, DayCounts::plus);
  }

  /** The days in which something was wrong, sorted. */
  public List<String> differentDays() {
    return counts.entrySet().stream()
        .filter(day -> day.getValue().differences() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
