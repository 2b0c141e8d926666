/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.api.config.TableConfigOptions.CatalogPlanCompilation;
import org.apache.flink.util.FileUtils;

/**
 * Reads the lineage out of the plans that Flink compiles from the pipelines, so that it cannot say
 * anything else than what the jobs do. Pipelines for batch only are planned as streams too: they
 * read the same tables.
 */
public final class LineageReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private LineageReader() {}

  /**
   * The lineage of all pipelines of the project. The lake's own catalog is not touched: the table
   * files are applied to a temporary one.
   *
   * @throws LakeException when a table file or a pipeline is not valid
   */
  public static Lineage read(LakeConfig config) {
    try {
      Path warehouse = Files.createTempDirectory("tidelake-lineage-");
      try {
        return new Lineage(edges(config.withWarehouse(warehouse)));
      } finally {
        FileUtils.deleteDirectory(warehouse.toFile());
      }
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.LINEAGE_FAILED,
          "Cannot use a temporary folder: " + LakeException.rootMessage(e),
          "Make room in the folder of java.io.tmpdir.",
          e);
    }
  }

  private static List<Lineage.Edge> edges(LakeConfig config) {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
    }
    TableEnvironment session = session(config);
    List<Lineage.Edge> edges = new ArrayList<>();
    for (Pipeline pipeline : Pipeline.readAll(config)) {
      pipeline.addTo(session.createStatementSet(), session);
      edges.addAll(edges(pipeline, session));
    }
    return edges;
  }

  /** A session in which {@link #edges(Pipeline, TableEnvironment)} plans. */
  public static TableEnvironment session(LakeConfig config) {
    Configuration planning = new Configuration();
    // Only names are needed, not what the catalog says about them.
    planning.set(
        TableConfigOptions.PLAN_COMPILE_CATALOG_OBJECTS, CatalogPlanCompilation.IDENTIFIER);
    TableEnvironment session = FlinkSession.open(config, RuntimeExecutionMode.STREAMING, planning);
    Pipeline.createSources(config, session);
    return session;
  }

  /**
   * The edges of one pipeline.
   *
   * @param session knows its tables and views
   * @throws LakeException when an insert cannot be planned
   */
  public static List<Lineage.Edge> edges(Pipeline pipeline, TableEnvironment session) {
    return pipeline.inserts().stream()
        .flatMap(insert -> edges(pipeline.name(), compile(pipeline, insert, session)).stream())
        .toList();
  }

  private static String compile(Pipeline pipeline, String insert, TableEnvironment session) {
    try {
      return session.compilePlanSql(insert).asJsonString();
    } catch (RuntimeException e) {
      throw new LakeException(
          ErrorCode.PIPELINE_INVALID,
          pipeline.name() + ".sql cannot be planned: " + LakeException.rootMessage(e),
          "Mend the file. `lake tables show TABLE` prints a table's columns.",
          e);
    }
  }

  /** The edges of one insert, out of the compiled plan that Flink made of it. */
  static List<Lineage.Edge> edges(String pipeline, String compiledPlan) {
    JsonNode plan = parse(compiledPlan);
    List<String> sinks = tables(plan.findValues("dynamicTableSink"));
    List<Lineage.Edge> edges = new ArrayList<>();
    for (String sink : sinks) {
      tables(plan.findValues("scanTableSource"))
          .forEach(table -> edges.add(new Lineage.Edge(table, sink, pipeline, Lineage.Kind.READ)));
      tables(plan.findValues("lookupTableSource"))
          .forEach(
              table -> edges.add(new Lineage.Edge(table, sink, pipeline, Lineage.Kind.LOOKUP)));
    }
    return edges;
  }

  public static JsonNode parse(String compiledPlan) {
    try {
      return JSON.readTree(compiledPlan);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a compiled plan: " + e.getOriginalMessage(), e);
    }
  }

  private static List<String> tables(List<JsonNode> sources) {
    return sources.stream().map(LineageReader::table).distinct().toList();
  }

  /** The name of the table that a source or sink of a compiled plan stands for. */
  static String table(JsonNode source) {
    // `catalog`.`database`.`table`
    return source.path("table").path("identifier").asText().replaceAll("^.*\\.|`", "");
  }
}
