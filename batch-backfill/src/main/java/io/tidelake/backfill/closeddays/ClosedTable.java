/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.DerivedViews;
import io.tidelake.streaming.pipeline.InputDays;
import io.tidelake.streaming.pipeline.InputDays.Reach;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A table of which streams maintain open days only.
 *
 * @param definition the table
 * @param derivation what makes it
 * @param inputs what it is made from. Rows that a table with versions looks up do not count: {@code
 *     lake stream repair} keeps their attributes, of closed days too
 */
public record ClosedTable(
    TableDefinition definition, Derivation derivation, Map<String, Reach> inputs) {

  public String name() {
    return definition.name();
  }

  /** The view of the session that yields the rows of the table. */
  String view() {
    return DerivedViews.nameOf(name());
  }

  /**
   * Whether its column groups have versions. Then what is yielded only adds to what the table
   * holds, the newer of both wins, and nothing is ever deleted: deletion is a column.
   */
  boolean isVersioned() {
    return isVersioned(definition);
  }

  private static boolean isVersioned(TableDefinition table) {
    return !table.columnGroups().isEmpty();
  }

  /** Whether a day is made of the same day of each input. */
  boolean isByDay() {
    return !inputs.containsValue(Reach.ANY_DAY);
  }

  /**
   * All such tables of the project, each after those that it is made from. Their views are made
   * known to the session.
   *
   * @throws LakeException when a table cannot be recomputed by day, or does not exist
   */
  static List<ClosedTable> readAll(
      LakeConfig config, LakeCatalog catalog, TableEnvironment session) {
    Map<String, Derivation> derivations =
        DerivedViews.create(
            config,
            catalog,
            session,
            derivation -> {
              if (derivation.leavesClosedDays()) {
                requireDays(catalog, derivation);
              }
              return derivation.leavesClosedDays();
            });
    List<ClosedTable> tables = new ArrayList<>();
    derivations.values().forEach(made -> tables.add(read(made, catalog, session)));
    return inOrder(tables);
  }

  private static void requireDays(LakeCatalog catalog, Derivation derivation) {
    TableDefinition table = catalog.definition(derivation.target());
    if (!table.isPartitionedByDay() || !Derivation.determines(table) && !isVersioned(table)) {
      throw new LakeException(
          ErrorCode.CLOSED_DAYS_UNSUPPORTED,
          "The pipeline of "
              + table.name()
              + " leaves closed days to batch, which cannot recompute them: the table is"
              + " partitioned by "
              + table.partitionKeys()
              + " and has the options "
              + table.options()
              + ".",
          "Partition the table by dt alone and give it column groups or no versions at all, or take"
              + " IS_OPEN_DAY out of its pipeline.");
    }
  }

  private static ClosedTable read(
      Derivation derivation, LakeCatalog catalog, TableEnvironment session) {
    TableDefinition table = catalog.definition(derivation.target());
    String view = DerivedViews.nameOf(table.name());
    return new ClosedTable(
        table,
        derivation,
        isVersioned(table)
            ? InputDays.withoutLookups(view, table.name(), catalog, session)
            : InputDays.of(view, table.name(), catalog, session));
  }

  private static List<ClosedTable> inOrder(List<ClosedTable> tables) {
    List<ClosedTable> waiting = new ArrayList<>(tables);
    List<ClosedTable> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      List<String> names = waiting.stream().map(ClosedTable::name).toList();
      List<ClosedTable> ready =
          waiting.stream()
              .filter(table -> table.inputs().keySet().stream().noneMatch(names::contains))
              .toList();
      if (ready.isEmpty()) {
        throw new LakeException(
            ErrorCode.PIPELINE_CYCLE,
            "The tables " + names + " are made from each other.",
            "`lake tables lineage` shows how; take one of the pipelines out of the circle.");
      }
      ordered.addAll(ready);
      waiting.removeAll(ready);
    }
    return List.copyOf(ordered);
  }
}
