/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.publish.PublisherReport.TableState;
import java.util.Optional;

/**
 * How far a table is published.
 *
 * @param table its name
 * @param newestSnapshot its newest Paimon snapshot; 0 for none
 * @param shownSnapshot the newest Paimon snapshot of which Iceberg readers see all that there is to
 *     see; 0 for none
 * @param code of the problem with it; NULL when there is none
 * @param message what the problem is; NULL when there is none
 * @param remedy what to do about it; NULL when there is nothing to do
 */
public record PublishedTable(
    String table,
    long newestSnapshot,
    long shownSnapshot,
    String code,
    String message,
    String remedy) {

  /** A table and what a publisher said of it; empty when none said anything. */
  static PublishedTable of(String table, long newest, long shown, Optional<TableState> state) {
    return new PublishedTable(
        table,
        newest,
        shown,
        state.map(TableState::code).orElse(null),
        state.map(TableState::message).orElse(null),
        state.map(TableState::remedy).orElse(null));
  }

  /** Whether readers of Iceberg see what readers of Paimon see. */
  public boolean isUpToDate() {
    return code == null && shownSnapshot == newestSnapshot;
  }
}
