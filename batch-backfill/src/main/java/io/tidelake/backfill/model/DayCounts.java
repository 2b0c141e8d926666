/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

/**
 * What a recomputation found in the rows of a table.
 *
 * @param inserted rows that the table did not have
 * @param changed rows that had other values
 * @param deleted rows of groups that vanished
 * @param unchanged rows that were right
 */
public record DayCounts(long inserted, long changed, long deleted, long unchanged) {

  /** Nothing found. */
  public static final DayCounts NONE = new DayCounts(0, 0, 0, 0);

  /** How many rows were wrong or missing. */
  public long differences() {
    return inserted + changed + deleted;
  }

  public DayCounts plus(DayCounts other) {
    return new DayCounts(
        inserted + other.inserted,
        changed + other.changed,
        deleted + other.deleted,
        unchanged + other.unchanged);
  }
}
