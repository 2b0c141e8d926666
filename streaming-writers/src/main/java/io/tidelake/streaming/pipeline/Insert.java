/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import java.util.List;
import java.util.Set;

/**
 * One {@code INSERT INTO} of a pipeline.
 *
 * @param target the table that is written
 * @param into the table as it is written, with its database and hints
 * @param columns the columns that it names; empty when it writes whole rows, by position
 * @param query the query whose rows are written
 * @param views the statements that make the views of the pipeline which the query reads, itself or
 *     through other views; in the order of the file
 * @param reads the tables that it reads, itself or through these views
 * @param usesOpenDays whether it asks which days are open, itself or through these views
 */
record Insert(
    String target,
    String into,
    List<String> columns,
    String query,
    List<String> views,
    Set<String> reads,
    boolean usesOpenDays) {

  Insert {
    columns = List.copyOf(columns);
    views = List.copyOf(views);
    reads = Set.copyOf(reads);
  }

  /** Whether it reads one of some tables. */
  boolean readsAny(Set<String> tables) {
    return reads.stream().anyMatch(tables::contains);
  }
}
