/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.TableDefinition;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the inserts of a pipeline say of one table: which query makes it.
 *
 * @param target the table that is written
 * @param into the table as it is written, with its database and hints
 * @param query the query whose rows it gets, whole and by position
 * @param views the statements that make the pipeline's views which the query reads, itself or
 *     through other views
 * @param usesOpenDays whether it asks which days are open, itself or through these views
 */
public record Derivation(
    String target, String into, String query, List<String> views, boolean usesOpenDays) {

  public Derivation {
    views = List.copyOf(views);
  }

  /** Both queries together, for a table that several pipelines make. */
  public Derivation unionAll(Derivation other) {
    return new Derivation(
        target,
        into,
        query + "\nUNION ALL\n" + other.query,
        Stream.concat(views.stream(), other.views.stream()).distinct().toList(),
        usesOpenDays || other.usesOpenDays);
  }

  /** The one insert that writes the table. */
  public String insert() {
    return "INSERT INTO " + into + "\n" + query;
  }

  /**
   * Whether a table holds what its query yields and nothing else, so that a row that the query does
   * not yield any more is wrong. A table with versions holds what won; OPS tables are records.
   *
   * @param table the target of a derivation
   */
  public static boolean determines(TableDefinition table) {
    return !OpsTable.isOne(table.name()) && !table.hasVersions();
  }

  /**
   * Whether a stream leaves the closed days of the table to batch: the query says so, or a view
   * that it reads. OPS tables are records, which nobody computes anew.
   */
  public boolean leavesClosedDays() {
    return !OpsTable.isOne(target) && usesOpenDays;
  }
}
