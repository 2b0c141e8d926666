/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import java.util.List;
import java.util.Map;

/**
 * What a run did.
 *
 * @param id its name
 * @param asOf when it began, by the source's clock
 * @param where which rows were read; NULL for all
 * @param tables what became of each table
 * @param seconds how long the command took
 */
public record RereadResult(
    String id, String asOf, String where, List<Table> tables, double seconds) {

  /**
   * A table that was read again.
   *
   * @param table its name
   * @param read of how many rows the source told: those that were read, and those that changed
   *     meanwhile
   * @param unreadable how many events of that time could not be read, so that nothing was deleted
   * @param lettersLeft how many dead letters of before stay: no table of the lake that they are of
   *     mirrors this one, so what they tell of may not be fixed by reading it again
   * @param deleted how many rows were marked as deleted because the source has them no more, by
   *     table of the lake; empty when deletions were not looked for
   */
  public record Table(
      String table, long read, long unreadable, long lettersLeft, Map<String, Long> deleted) {}

  /** Whether the lake has caught up with the source, as far as it was asked for. */
  public boolean isComplete() {
    return tables.stream().allMatch(table -> table.unreadable() == 0 && table.lettersLeft() == 0);
  }
}
