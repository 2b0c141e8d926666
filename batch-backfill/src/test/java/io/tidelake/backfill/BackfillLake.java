/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.run.BackfillPlanner;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.backfill.verify.Verifier;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.flink.QuickJobs;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatWriter;
import org.apache.paimon.fs.PositionOutputStream;
import org.apache.paimon.fs.local.LocalFileIO;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.RowType;

/** A lake of the project's tables in a temporary folder, for backfills by an engine. */
public final class BackfillLake implements AutoCloseable {

  public static final Instant AS_OF = Instant.parse("2026-06-20T00:00:00Z");
  public static final BackfillLimits LIMITS = new BackfillLimits(2, 0, 100);

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final BatchEngine engine;

  private BackfillLake(LakeConfig config, BatchEngine engine, Predicate<String> tables) {
    this.config = config;
    this.catalog = LakeCatalog.open(config);
    this.engine = engine;
    TablePlan.of(
            TableFiles.of(config).read().stream()
                .filter(
                    table -> table.name().startsWith("ops_backfill") || tables.test(table.name()))
                .toList(),
            catalog)
        .apply(catalog);
  }

  /** A lake of some of the project's tables and those of backfills. */
  public static BackfillLake create(Path warehouse, BatchEngine engine, String... tables) {
    return create(warehouse, engine, Map.of(), tables);
  }

  /** The same with other values of the configuration. */
  public static BackfillLake create(
      Path warehouse, BatchEngine engine, Map<String, String> values, String... tables) {
    return create(warehouse, engine, values, List.of(tables)::contains);
  }

  /** A lake of all of the project's tables. */
  public static BackfillLake createWhole(Path warehouse, BatchEngine engine) {
    return create(warehouse, engine, Map.of(), name -> true);
  }

  private static BackfillLake create(
      Path warehouse, BatchEngine engine, Map<String, String> values, Predicate<String> tables) {
    Map<String, String> all = new HashMap<>(values);
    // No day is closed: most tables of the aggregations are not there.
    all.put("open-days", "36500");
    all.putAll(QuickJobs.settings());
    return new BackfillLake(
        LakeConfig.load(ProjectFile.find(), all).withWarehouse(warehouse), engine, tables);
  }

  LakeConfig config() {
    return config;
  }

  public LakeCatalog catalog() {
    return catalog;
  }

  public BackfillRunner runner() {
    return new BackfillRunner(config, catalog, engine, BackfillProgress.NONE);
  }

  public BackfillPlanner planner() {
    return new BackfillPlanner(config, catalog, engine, BackfillProgress.NONE);
  }

  public Verifier verifier() {
    return new Verifier(config, catalog, engine, BackfillProgress.NONE);
  }

  /** Runs pipelines of the project in batch, one after the other. */
  public void runPipelines(String... names) throws Exception {
    for (String name : names) {
      StreamTableEnvironment session = FlinkSession.openBatch(config);
      StatementSet job = session.createStatementSet();
      Pipeline.read(config, name).addTo(job, session);
      job.execute().await();
    }
  }

  public BackfillRecords records() {
    return new BackfillRecords(catalog);
  }

  /** A backfill of Parquet files with the project's mapping. */
  public static BackfillRequest request(
      String target, BackfillMode mode, Path folder, String... days) {
    return new BackfillRequest(
        target,
        mode,
        AS_OF,
        "parquet:" + folder,
        LakeConfig.load(ProjectFile.find(), Map.of()).folders().mapping(target),
        List.of(days));
  }

  /** Runs statements in batch. */
  public void sql(String... statements) throws Exception {
    TableEnvironment session = FlinkSession.openBatch(config);
    for (String statement : statements) {
      session.executeSql(statement).await();
    }
  }

  /** The rows of a query as sorted text. */
  public List<String> query(String sql) throws Exception {
    return SortedRows.of(FlinkSession.openBatch(config), sql, "|");
  }

  /** Writes a Parquet file with Paimon's own writer. */
  public static void writeParquet(Path file, RowType type, List<GenericRow> rows) throws Exception {
    Files.createDirectories(file.getParent());
    try (PositionOutputStream out =
        LocalFileIO.create()
            .newOutputStream(new org.apache.paimon.fs.Path(file.toString()), true)) {
      try (FormatWriter writer =
          FileFormat.fromIdentifier("parquet", new Options())
              .createWriterFactory(type)
              .create(out, "zstd")) {
        for (GenericRow row : rows) {
          writer.addElement(row);
        }
      }
    }
  }

  @Override
  public void close() {
    catalog.close();
  }
}
