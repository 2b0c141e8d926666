package io.tidelake.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TableFiles;
import io.tidelake.tables.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions.CatalogPlanCompilation;

/**
 * Which tables are made from which. It is what Flink's planner finds in the SQL of the pipelines,
 * so it cannot say anything else than what the jobs do.
 *
 * @param edges sorted by pipeline, written table, and read table
 */
public record Lineage(List<Edge> edges) {

  /** How a pipeline uses a table that it reads. */
  public enum Kind {
    /** Every change of the table leads to a change of the written one. */
    READ,
    /** Rows are looked up by key when a row of another table comes. */
    LOOKUP
  }

  /**
   * One table made from another.
   *
   * @param from the table that is read
   * @param to the table that is written
   * @param pipeline which pipeline does it
   * @param kind how it reads
   */
  public record Edge(String from, String to, String pipeline, Kind kind) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Comparator<Edge> ORDER =
      Comparator.comparing(Edge::pipeline)
          .thenComparing(Edge::to)
          .thenComparing(Edge::kind)
          .thenComparing(Edge::from);

  public Lineage {
    edges = edges.stream().distinct().sorted(ORDER).toList();
  }

  /**
   * The lineage of all pipelines of the project. The lake's own catalog is not touched: the table
   * files are applied to a temporary one.
   *
   * @throws LakeException when a table file or a pipeline is not valid
   */
  public static Lineage read(LakeHome home, LakeConfig config) {
    try {
      Path warehouse = Files.createTempDirectory("tidelake-lineage-");
      try {
        return new Lineage(edges(home, config.withWarehouse(warehouse)));
      } finally {
        delete(warehouse);
      }
    } catch (IOException e) {
      throw new LakeException(
          "LINEAGE_FAILED",
          "Cannot use a temporary folder: " + LakeException.rootMessage(e),
          "Make room in the folder of java.io.tmpdir.",
          e);
    }
  }

  private static List<Edge> edges(LakeHome home, LakeConfig config) {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(new TableFiles(home.tables(), config.tableOptions()).read(), catalog)
          .apply(catalog);
    }
    Configuration planning = new Configuration();
    // Only names are needed, not what the catalog says about them.
    planning.set(
        TableConfigOptions.PLAN_COMPILE_CATALOG_OBJECTS, CatalogPlanCompilation.IDENTIFIER);
    TableEnvironment session = FlinkSession.open(config, RuntimeExecutionMode.STREAMING, planning);
    Pipeline.createSources(home, config, session);
    List<Edge> edges = new ArrayList<>();
    for (Pipeline pipeline : Pipeline.readAll(home, config)) {
      pipeline.addTo(session.createStatementSet(), session);
      for (String insert : pipeline.inserts()) {
        edges.addAll(edges(pipeline.name(), session.compilePlanSql(insert).asJsonString()));
      }
    }
    return edges;
  }

  /** The edges of one insert, out of the compiled plan that Flink made of it. */
  static List<Edge> edges(String pipeline, String compiledPlan) {
    JsonNode plan;
    try {
      plan = JSON.readTree(compiledPlan);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a compiled plan: " + e.getOriginalMessage(), e);
    }
    List<String> sinks = tables(plan.findValues("dynamicTableSink"));
    List<Edge> edges = new ArrayList<>();
    for (String sink : sinks) {
      tables(plan.findValues("scanTableSource"))
          .forEach(table -> edges.add(new Edge(table, sink, pipeline, Kind.READ)));
      tables(plan.findValues("lookupTableSource"))
          .forEach(table -> edges.add(new Edge(table, sink, pipeline, Kind.LOOKUP)));
    }
    return edges;
  }

  /** The names of all tables, sorted. */
  public Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    edges.forEach(edge -> tables.addAll(List.of(edge.from(), edge.to())));
    return tables;
  }

  /** For people: each pipeline with the tables that it writes, and from which. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    String pipeline = "";
    String to = "";
    for (Edge edge : edges) {
      if (!edge.pipeline().equals(pipeline)) {
        pipeline = edge.pipeline();
        to = "";
        text.append(pipeline).append('\n');
      }
      if (!edge.to().equals(to)) {
        to = edge.to();
        text.append("  ").append(to).append('\n');
      }
      text.append("    <- ").append(edge.from());
      text.append(edge.kind() == Kind.LOOKUP ? " (lookup)\n" : "\n");
    }
    return text.toString();
  }

  /** For Mermaid: a box per layer, dotted arrows for lookups. */
  public String toMermaid() {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    layers()
        .forEach(
            (layer, tables) -> {
              text.append("  subgraph ").append(layer).append('\n');
              tables.forEach(table -> text.append("    ").append(table).append('\n'));
              text.append("  end\n");
            });
    for (Edge edge : edges) {
      text.append("  ").append(edge.from());
      text.append(edge.kind() == Kind.LOOKUP ? " -.->|" : " -->|");
      text.append(edge.pipeline()).append("| ").append(edge.to()).append('\n');
    }
    return text.toString();
  }

  /** For Graphviz: dashed arrows for lookups. */
  public String toDot() {
    StringBuilder text =
        new StringBuilder("digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n");
    for (Edge edge : edges) {
      text.append("  ").append(edge.from()).append(" -> ").append(edge.to());
      text.append(" [label=\"").append(edge.pipeline()).append('"');
      text.append(edge.kind() == Kind.LOOKUP ? ", style=dashed];\n" : "];\n");
    }
    return text.append("}\n").toString();
  }

  private Map<String, List<String>> layers() {
    return tables().stream()
        .collect(
            Collectors.groupingBy(
                table -> table.substring(0, table.indexOf('_')),
                TreeMap::new,
                Collectors.toList()));
  }

  private static List<String> tables(List<JsonNode> sources) {
    return sources.stream()
        .map(source -> source.path("table").path("identifier").asText())
        // `catalog`.`database`.`table`
        .map(identifier -> identifier.replaceAll("^.*\\.|`", ""))
        .distinct()
        .toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
