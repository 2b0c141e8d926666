/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.backfill.input.SnapshotInputs;
import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.config.LakeConfig;
import io.tidelake.merge.law.Version;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.table.api.Expressions;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.expressions.Expression;

/**
 * How fast a snapshot is backfilled, receipts included, against one bare Flink job that inserts the
 * same Parquet files, by the same mapping, into a table of the same definition: no checks, no
 * rejects, no count of what it did. Both are read by the same reader and have two parallel tasks.
 * The rows are those of a simulated order system, repeated under other keys.
 */
public final class BackfillBenchmark {

  private static final int DAYS = 4;
  private static final int PARALLELISM = 2;
  private static final int WARM_UP_SHARE = 20;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 6, 17);
  private static final Instant AS_OF = Instant.parse("2026-06-22T00:00:00Z");
  private static final double NANOS = 1e9;

  private final LakeConfig config;
  private final TableDefinition definition;
  private final int rows;
  private final Path workDir;

  /**
   * The rates of one run.
   *
   * @param table the table that was written
   * @param rows rows of the snapshot
   * @param barePerSecond rows a second of the bare INSERT
   * @param backfillPerSecond rows a second of the backfill
   */
  public record Result(String table, long rows, double barePerSecond, double backfillPerSecond) {

    /** The backfill's rate as a share of the bare INSERT's. */
    @JsonProperty
    public double ratio() {
      return backfillPerSecond / barePerSecond;
    }
  }

  /**
   * @param table {@code dwd_fulfillment_wide} or {@code dwd_logistics_event}
   * @param rows rows of the snapshot
   * @param workDir an empty folder
   */
  public BackfillBenchmark(Path project, String table, int rows, Path workDir) {
    // No day is closed: the aggregations are not there.
    this.config = LakeConfig.load(project, Map.of("open-days", "36500"));
    this.definition =
        TableFiles.of(config).read().stream()
            .filter(file -> file.name().equals(table))
            .findFirst()
            .orElseThrow();
    this.rows = rows;
    this.workDir = workDir;
  }

  /** Measures both, after a small round that does not count. */
  public Result run() throws Exception {
    try (BatchEngine engine = BatchEngine.embedded(PARALLELISM)) {
      measure(engine, rows / WARM_UP_SHARE, "warm-up");
      return measure(engine, rows, "measured");
    }
  }

  private Result measure(BatchEngine engine, int count, String round) throws Exception {
    Path folder = workDir.resolve(round);
    Path snapshot = folder.resolve("snapshot");
    RepeatedSnapshot.write(definition, snapshot, FIRST_DAY, DAYS, count);
    double bare = insert(folder.resolve("bare"), snapshot);
    System.err.printf("%s: bare INSERT of %d rows %.1f s%n", round, count, bare);
    double backfill = backfill(folder.resolve("backfilled"), snapshot, engine, count);
    System.err.printf("%s: backfill of %d rows %.1f s%n", round, count, backfill);
    return new Result(definition.name(), count, count / bare, count / backfill);
  }

  private LakeConfig lake(Path warehouse) {
    LakeConfig lake = config.withWarehouse(warehouse);
    List<TableDefinition> tables =
        TableFiles.of(config).read().stream()
            .filter(table -> table.name().equals(definition.name()) || OpsTable.isOne(table.name()))
            .toList();
    try (LakeCatalog catalog = LakeCatalog.open(lake)) {
      TablePlan.of(tables, catalog).apply(catalog);
    }
    return lake;
  }

  private double insert(Path warehouse, Path snapshot) throws Exception {
    LakeConfig lake = lake(warehouse);
    Configuration flink = new Configuration();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, PARALLELISM);
    long start = System.nanoTime();
    StreamTableEnvironment session = FlinkSession.openBatch(lake, flink);
    SnapshotInputs.createView(lake, "parquet:" + snapshot, session);
    long version = Version.snapshot(ChronoUnit.MICROS.between(Instant.EPOCH, AS_OF), 0);
    SqlScript mapping = SqlScript.read(mappingFile(), Map.of("version", String.valueOf(version)));
    Table mapped = session.sqlQuery(mapping.statements().get(0));
    Expression[] columns =
        session.from(definition.name()).getResolvedSchema().getColumnNames().stream()
            .map(Expressions::$)
            .toArray(Expression[]::new);
    mapped.select(columns).executeInsert(definition.name()).await();
    return (System.nanoTime() - start) / NANOS;
  }

  private double backfill(Path warehouse, Path snapshot, BatchEngine engine, long count)
      throws Exception {
    LakeConfig lake = lake(warehouse);
    try (LakeCatalog catalog = LakeCatalog.open(lake)) {
      BackfillRunner runner = new BackfillRunner(lake, catalog, engine, BackfillProgress.NONE);
      BackfillRequest request =
          new BackfillRequest(
              definition.name(),
              BackfillMode.FILL,
              AS_OF,
              "parquet:" + snapshot,
              mappingFile(),
              List.of());
      long start = System.nanoTime();
      BackfillRun run = runner.run(request, new BackfillLimits(PARALLELISM, 0, 0));
      double seconds = (System.nanoTime() - start) / NANOS;
      long inserted =
          new BackfillRecords(catalog)
              .receipts(run.id()).stream().mapToLong(receipt -> receipt.counts().inserted()).sum();
      if (inserted != count) {
        throw new IllegalStateException("Inserted " + inserted + " rows instead of " + count);
      }
      return seconds;
    }
  }

  private Path mappingFile() {
    return config.folders().mapping(definition.name());
  }
}
