/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Which days of its inputs a day of a table is made of. It is read out of Flink's plan: asked for
 * one day of the table, the planner reads only that day of an input, or drops the rows of other
 * days right behind an {@code UNNEST}, if, and only if, it can prove that no other day contributes.
 * So an input that is read by other days, too, is never missed.
 */
public final class InputDays {

  /** Which days of an input contribute to a day of a table. */
  public enum Reach {
    /** The same day alone. */
    SAME_DAY,
    /** Possibly every day, or the input has no days. */
    ANY_DAY
  }

  private static final String PROBE = "2000-01-01";

  /**
   * Without them Flink writes no plan of a batch job with a join: these nodes cannot be written.
   */
  private static final Map<String, String> WRITABLE_NODES =
      Map.of(
          "table.optimizer.adaptive-broadcast-join.strategy", "none",
          "table.optimizer.skewed-join-optimization.strategy", "none",
          "table.optimizer.dynamic-filtering.enabled", "false",
          "table.optimizer.multiple-input-enabled", "false");

  private final LakeCatalog catalog;
  private final JsonNode plan;

  private InputDays(LakeCatalog catalog, JsonNode plan) {
    this.catalog = catalog;
    this.plan = plan;
  }

  /**
   * The inputs of a query, sorted by name, and how far they reach.
   *
   * @param view a view of the session with the rows of the target
   * @param target the table; one without the column {@code dt} needs any day of its inputs
   * @param batch a batch session that knows the view
   */
  public static Map<String, Reach> of(
      String view, String target, LakeCatalog catalog, TableEnvironment batch) {
    InputDays days = ask(view, target, catalog, batch);
    Map<String, Reach> inputs = days.scans();
    for (JsonNode lookup : days.plan.findValues("lookupTableSource")) {
      inputs.put(LineageReader.table(lookup), Reach.ANY_DAY);
    }
    return inputs;
  }

  /** The same without the tables in which rows are only looked up. */
  public static Map<String, Reach> withoutLookups(
      String view, String target, LakeCatalog catalog, TableEnvironment batch) {
    return ask(view, target, catalog, batch).scans();
  }

  private static InputDays ask(
      String view, String target, LakeCatalog catalog, TableEnvironment batch) {
    boolean hasDays = catalog.definition(target).column(TableDefinition.DAY).isPresent();
    String insert =
        "INSERT INTO %s SELECT * FROM %s".formatted(target, view)
            + (hasDays ? " WHERE %s = '%s'".formatted(TableDefinition.DAY, PROBE) : "");
    Configuration options = batch.getConfig().getConfiguration();
    Configuration before = options.clone();
    WRITABLE_NODES.forEach(options::setString);
    try {
      return new InputDays(
          catalog, LineageReader.parse(batch.compilePlanSql(insert).asJsonString()));
    } catch (RuntimeException e) {
      throw Pipeline.invalid("The query of " + target, e);
    } finally {
      WRITABLE_NODES.keySet().forEach(options::removeKey);
      options.addAll(before);
    }
  }

  private Map<String, Reach> scans() {
    Map<String, Reach> inputs = new TreeMap<>();
    for (JsonNode node : plan.path("nodes")) {
      JsonNode scan = node.path("scanTableSource");
      if (!scan.isMissingNode()) {
        String table = LineageReader.table(scan);
        Reach reach = isOneDay(node, scan, dayIndex(table)) ? Reach.SAME_DAY : Reach.ANY_DAY;
        // Of two scans of one table the one that reads more counts.
        inputs.merge(table, reach, (one, other) -> one.compareTo(other) > 0 ? one : other);
      }
    }
    return inputs;
  }

  /** Position of the day among the columns; -1 when the table is not partitioned by it alone. */
  private int dayIndex(String table) {
    TableDefinition definition = catalog.find(table).orElse(null);
    return definition == null || !definition.isPartitionedByDay()
        ? -1
        : definition.columns().indexOf(definition.column(TableDefinition.DAY).orElseThrow());
  }

  private boolean isOneDay(JsonNode node, JsonNode scan, int dayIndex) {
    int position = dayIndex;
    for (JsonNode ability : scan.path("abilities")) {
      String type = ability.path("type").asText();
      if (type.equals("FilterPushDown")) {
        for (JsonNode conjunct : ability.path("predicates")) {
          if (isProbe(conjunct, position)) {
            return true;
          }
        }
      } else if (type.equals("ProjectPushDown")) {
        // From here on the columns have other positions.
        position = positionOfColumn(ability.path("projectedFields"), position);
      }
    }
    return position >= 0 && isKeptForOneDay(node, position);
  }

  private static int positionOfColumn(JsonNode projected, int index) {
    for (int i = 0; i < projected.size(); i++) {
      if (projected.path(i).size() == 1 && projected.path(i).path(0).asInt() == index) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether rows of a node go no further unless they are of the day: the planner moves no filter
   * below an UNNEST, but puts it right behind.
   *
   * @param position of the day among the node's columns
   */
  private boolean isKeptForOneDay(JsonNode node, int position) {
    List<JsonNode> readers = readers(node);
    return !readers.isEmpty() && readers.stream().allMatch(reader -> takesOneDay(reader, position));
  }

  private boolean takesOneDay(JsonNode node, int position) {
    String type = node.path("type").asText();
    if (type.contains("-exec-correlate_")) {
      // What an UNNEST yields begins with the columns that it gets.
      return isKeptForOneDay(node, position);
    }
    return type.contains("-exec-calc_")
        && (isProbeAmong(node.path("condition"), position)
            || IntStream.range(0, node.path("projection").size())
                .filter(i -> isColumn(node.path("projection").path(i), position))
                .anyMatch(i -> isKeptForOneDay(node, i)));
  }

  private List<JsonNode> readers(JsonNode node) {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode edge : plan.path("edges")) {
      if (edge.path("source").asInt() == node.path("id").asInt()) {
        ids.add(edge.path("target").asInt());
      }
    }
    List<JsonNode> readers = new ArrayList<>();
    plan.path("nodes")
        .forEach(
            reader -> {
              if (ids.contains(reader.path("id").asInt())) {
                readers.add(reader);
              }
            });
    return readers;
  }

  private static boolean isProbeAmong(JsonNode condition, int position) {
    if (condition.path("internalName").asText().equals("$AND$1")) {
      for (JsonNode conjunct : condition.path("operands")) {
        if (isProbeAmong(conjunct, position)) {
          return true;
        }
      }
    }
    return isProbe(condition, position);
  }

  private static boolean isProbe(JsonNode condition, int position) {
    JsonNode operands = condition.path("operands");
    return condition.path("internalName").asText().equals("$=$1")
        && isColumn(operands.path(0), position)
        && operands.path(1).path("value").asText().equals(PROBE);
  }

  private static boolean isColumn(JsonNode expression, int position) {
    return expression.path("kind").asText().equals("INPUT_REF")
        && expression.path("inputIndex").asInt() == position;
  }
}
