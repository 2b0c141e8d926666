/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.util.List;

/**
 * What follows from a change of a table.
 *
 * @param byStream tables that the streaming jobs bring up to date; of those that they leave to
 *     batch when a day has closed, the open days
 * @param byRun closed days of such tables that are made of the table, themselves or through others,
 *     which the run computes anew at its end
 * @param bySweep such tables whose closed days follow when streams have written what they read: the
 *     next {@code lake backfill sweep} computes them
 */
public record Downstream(List<String> byStream, List<Recomputation> byRun, List<String> bySweep) {

  /** Nothing changes. */
  public static final Downstream NOTHING = new Downstream(List.of(), List.of(), List.of());
}
