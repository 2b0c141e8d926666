package io.tidelake.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.TableDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Which days of its inputs a day of a table is made of. It is read out of Flink's plan: asked for
 * one day of the table, the planner reads only that day of an input if, and only if, it can prove
 * that no other day contributes. So an input that is read by other days, too, is never missed.
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

  private InputDays() {}

  /**
   * The inputs of a query, sorted by name, and how far they reach.
   *
   * @param view a view of the session with the rows of the target
   * @param target a table with the column {@code dt}
   * @param batch a batch session that knows the view
   */
  public static Map<String, Reach> of(
      String view, String target, LakeCatalog catalog, TableEnvironment batch) {
    String insert =
        "INSERT INTO %s SELECT * FROM %s WHERE %s = '%s'"
            .formatted(target, view, TableDefinition.DAY, PROBE);
    JsonNode plan;
    try {
      plan = LineageReader.parse(batch.compilePlanSql(insert).asJsonString());
    } catch (RuntimeException e) {
      throw Pipeline.invalid("The query of " + target, e);
    }
    Map<String, Reach> inputs = new TreeMap<>();
    for (JsonNode scan : plan.findValues("scanTableSource")) {
      String table = LineageReader.table(scan);
      Reach reach = isOneDay(scan, dayIndex(catalog, table)) ? Reach.SAME_DAY : Reach.ANY_DAY;
      // Of two scans of one table the one that reads more counts.
      inputs.merge(table, reach, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
    for (JsonNode lookup : plan.findValues("lookupTableSource")) {
      inputs.put(LineageReader.table(lookup), Reach.ANY_DAY);
    }
    return new LinkedHashMap<>(inputs);
  }

  /** Position of the day among the columns; -1 when the table is not partitioned by it alone. */
  private static int dayIndex(LakeCatalog catalog, String table) {
    TableDefinition definition = catalog.find(table).orElse(null);
    return definition == null || !definition.isPartitionedByDay()
        ? -1
        : definition.columns().indexOf(definition.column(TableDefinition.DAY).orElseThrow());
  }

  private static boolean isOneDay(JsonNode scan, int dayIndex) {
    for (JsonNode ability : scan.path("abilities")) {
      String type = ability.path("type").asText();
      if (type.equals("FilterPushDown")) {
        for (JsonNode conjunct : ability.path("predicates")) {
          if (isProbe(conjunct, dayIndex)) {
            return true;
          }
        }
      } else if (type.equals("ProjectPushDown")) {
        // From here on the columns have other positions.
        return false;
      }
    }
    return false;
  }

  private static boolean isProbe(JsonNode condition, int dayIndex) {
    JsonNode operands = condition.path("operands");
    return condition.path("internalName").asText().equals("$=$1")
        && operands.path(0).path("kind").asText().equals("INPUT_REF")
        && operands.path(0).path("inputIndex").asInt() == dayIndex
        && operands.path(1).path("value").asText().equals(PROBE);
  }
}
