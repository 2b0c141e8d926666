package io.tidelake.backfill;

import io.tidelake.streaming.Derivation;
import io.tidelake.streaming.InputDays;
import io.tidelake.streaming.InputDays.Reach;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A table of which streams maintain open days only.
 *
 * @param definition the table
 * @param query what makes it
 * @param inputs what it is made from
 */
record ClosedTable(TableDefinition definition, String query, Map<String, Reach> inputs) {

  String name() {
    return definition.name();
  }

  /** The view of the session that yields the rows of the table. */
  String view() {
    return DerivedViews.nameOf(name());
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
      LakeHome home, LakeConfig config, LakeCatalog catalog, TableEnvironment session) {
    Map<String, String> queries =
        DerivedViews.create(
            home,
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
    queries.forEach((target, query) -> tables.add(read(target, query, catalog, session)));
    return inOrder(tables);
  }

  private static void requireDays(LakeCatalog catalog, Derivation derivation) {
    TableDefinition table = catalog.definition(derivation.target());
    if (!derivation.determines(table) || !table.isPartitionedByDay()) {
      throw new LakeException(
          "CLOSED_DAYS_UNSUPPORTED",
          "The pipeline of "
              + table.name()
              + " leaves closed days to batch, which cannot recompute them: the table is"
              + " partitioned by "
              + table.partitionKeys()
              + " and has the options "
              + table.options()
              + ".",
          "Partition the table by dt alone and give it no versions, or take IS_OPEN_DAY out of its"
              + " pipeline.");
    }
  }

  private static ClosedTable read(
      String target, String query, LakeCatalog catalog, TableEnvironment session) {
    return new ClosedTable(
        catalog.definition(target),
        query,
        InputDays.of(DerivedViews.nameOf(target), target, catalog, session));
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
            "PIPELINE_CYCLE",
            "The tables " + names + " are made from each other.",
            "`lake tables lineage` shows how; take one of the pipelines out of the circle.");
      }
      ordered.addAll(ready);
      waiting.removeAll(ready);
    }
    return List.copyOf(ordered);
  }
}
