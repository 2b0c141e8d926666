/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.util.OptionalLong;

/** Is told how far a run is. */
public interface BackfillProgress {

  /** Shows nothing. */
  BackfillProgress NONE = new BackfillProgress() {};

  /** Something that stays to be read. */
  default void message(String text) {}

  /**
   * The rows written so far.
   *
   * @param rows by all partitions of this process
   * @param total how many it will be; empty while nothing tells
   */
  default void rows(long rows, OptionalLong total) {}

  /** A partition is committed and counted. */
  default void partition(Receipt receipt) {}

  /** Closed days that follow are computed anew. */
  default void recomputed(Recomputation recomputation) {}
}
