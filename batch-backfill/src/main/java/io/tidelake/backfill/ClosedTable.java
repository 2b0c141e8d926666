package io.tidelake.backfill;

import io.tidelake.streaming.Derivation;
import io.tidelake.streaming.InputDays;
import io.tidelake.streaming.InputDays.Reach;
import io.tidelake.streaming.Pipeline;
import io.tidelake.tables.Column;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    return viewOf(name());
  }

  /** The view that yields the rows of a table. */
  static String viewOf(String target) {
    return target + "_yielded";
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
    Map<String, List<String>> queries = new LinkedHashMap<>();
    for (Pipeline pipeline : Pipeline.readAll(home, config)) {
      List<Derivation> derivations =
          pipeline.derivations().stream().filter(Derivation::leavesClosedDays).toList();
      if (!derivations.isEmpty()) {
        pipeline.createViews(session);
      }
      for (Derivation derivation : derivations) {
        requireDays(catalog, derivation);
        queries
            .computeIfAbsent(derivation.target(), target -> new ArrayList<>())
            .add(derivation.query());
      }
    }
    List<ClosedTable> tables = new ArrayList<>();
    queries.forEach(
        (target, parts) ->
            tables.add(read(target, String.join("\nUNION ALL\n", parts), catalog, session)));
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
    TableDefinition definition = catalog.definition(target);
    createView(definition, query, session);
    return new ClosedTable(
        definition, query, InputDays.of(viewOf(target), target, catalog, session));
  }

  /**
   * Makes the view known to a session that yields the rows of a table.
   *
   * @param query what makes them
   */
  static void createView(TableDefinition table, String query, TableEnvironment session) {
    List<Column> columns = table.columns();
    // As an INSERT would do it: columns by position, values cast to their types.
    session.executeSql(
        "CREATE TEMPORARY VIEW %s AS SELECT %s FROM (%s) AS yielded (%s)"
            .formatted(
                viewOf(table.name()),
                columns.stream()
                    .map(
                        column ->
                            "CAST(%1$s AS %2$s) AS %1$s".formatted(quoted(column), type(column)))
                    .collect(Collectors.joining(", ")),
                query,
                columns.stream().map(ClosedTable::quoted).collect(Collectors.joining(", "))));
  }

  static String quoted(Column column) {
    return "`" + column.name() + "`";
  }

  /** The type that a column has when it may be NULL. */
  static String type(Column column) {
    return column.type().replaceFirst(" NOT NULL$", "");
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
