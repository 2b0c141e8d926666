/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.backfill.SortedRows;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.run.BackfillPlanner;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.config.ClusterConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.DataFiles;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.flink.QuickJobs;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.TableConfigOptions;

/**
 * The project's own tables and pipelines in a folder of a test, with closed and open days relative
 * to today. Tests write the wide fact themselves.
 */
final class ClosedDaysLake implements AutoCloseable {

  static final String FIRST = day(-103);
  static final String SECOND = day(-102);
  static final String THIRD = day(-101);
  static final String OPEN = day(-1);

  private final Path folder;
  private final BatchEngine engine;
  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final TableEnvironment batch;
  private ClosedDays closedDays;
  private long version;

  ClosedDaysLake(Path folder, BatchEngine engine) {
    this.engine = engine;
    this.folder = folder;
    config = config(Map.of());
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
    batch = FlinkSession.openBatch(config, engine.job("test"));
  }

  private LakeConfig config(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.put("flink/restart-strategy.type", "disable");
    all.putAll(QuickJobs.settings(List.of(StreamingJobs.COMPACTION, "facts", "marts")));
    return LakeConfig.load(ProjectFile.find(), all).withWarehouse(folder.resolve("warehouse"));
  }

  private static String day(int fromToday) {
    return LocalDate.now(ZoneOffset.UTC).plusDays(fromToday).toString();
  }

  LakeCatalog catalog() {
    return catalog;
  }

  /** Made once: reading all pipelines takes longer than most tests. */
  ClosedDays closedDays() {
    if (closedDays == null) {
      closedDays = new ClosedDays(config, catalog, engine);
    }
    return closedDays;
  }

  /**
   * The same where details are dropped.
   *
   * @param age after which, as {@code 100 d}
   */
  ClosedDays closedDaysWithDetailsFor(String age) {
    return new ClosedDays(config(Map.of("maintain/details-for", age)), catalog, engine);
  }

  /** The same where days are those of another time zone. */
  ClosedDays closedDaysIn(String zone) {
    return new ClosedDays(config(Map.of("time-zone", zone)), catalog, engine);
  }

  BackfillRunner runner() {
    return new BackfillRunner(config, catalog, engine, BackfillProgress.NONE);
  }

  BackfillPlanner planner() {
    return new BackfillPlanner(config, catalog, engine, BackfillProgress.NONE);
  }

  List<ClosedTable> closedTables() {
    return ClosedTable.readAll(config, catalog, FlinkSession.openBatch(config));
  }

  StreamingJobs jobs(FlinkEngine engine) throws Exception {
    return new StreamingJobs(config(engine));
  }

  /** The configuration with its jobs on an engine; checkpoints lie in the folder of the test. */
  LakeConfig config(FlinkEngine engine) throws Exception {
    return config.withCluster(
        new ClusterConfig(engine.restAddress(), folder.resolve("checkpoints").toString()));
  }

  /** Rows of ODS, to be written. Versions grow with each of them, so a test takes one only. */
  OdsRows ods() {
    return new OdsRows(this);
  }

  /**
   * What the pipeline of the wide fact makes of ODS in batch, versions included, in an empty lake.
   */
  List<String> wideFactMadeAnew(String day) throws Exception {
    LakeConfig other = config.withWarehouse(folder.resolve("anew-" + System.nanoTime()));
    try (LakeCatalog tables = LakeCatalog.open(other)) {
      TablePlan.of(other, tables).apply(tables);
    }
    StreamTableEnvironment from = FlinkSession.openBatch(config);
    for (String table : catalog.tableNames()) {
      if (table.startsWith("ods_")) {
        from.executeSql(
                "INSERT INTO %s SELECT * FROM %s"
                    .formatted(FlinkSession.tableOf(other, table, from), table))
            .await();
      }
    }
    StreamTableEnvironment session = FlinkSession.openBatch(other);
    StatementSet job = session.createStatementSet();
    Pipeline.read(other, "dwd_fulfillment_wide").addTo(job, session);
    job.execute().await();
    return SortedRows.of(session, wideFact(day), " | ");
  }

  /** All that the wide fact holds of a day. */
  static String wideFact(String day) {
    return "SELECT * FROM dwd_fulfillment_wide WHERE dt = '" + day + "'";
  }

  /** A domestic order with an amount of 10, newer than any that was made before. */
  String order(String day, int id, int warehouse) {
    return order(day, id, warehouse, "CAST(NULL AS TIMESTAMP_LTZ(6))", false);
  }

  /** One that left the warehouse and was picked up at noon of a day. */
  String pickedUp(String day, int id, int warehouse, String pickUpDay) {
    String noon = "CAST(TIMESTAMP '%s 12:00:00' AS TIMESTAMP_LTZ(6))".formatted(pickUpDay);
    return order(day, id, warehouse, noon, false);
  }

  /** One that the source has deleted. */
  String deleted(String day, int id, int warehouse) {
    return order(day, id, warehouse, "CAST(NULL AS TIMESTAMP_LTZ(6))", true);
  }

  private String order(String day, int id, int warehouse, String pickedUpAt, boolean isDeleted) {
    version++;
    return "('%1$s', %2$d, 'domestic', 'outbound', %3$d, 10.00, %6$d, %4$s, %6$d, %4$s, %6$d, %5$s, %6$d)"
        .formatted(day, id, warehouse, pickedUpAt, isDeleted, version);
  }

  /** Writes the wide fact in one commit. */
  void write(String... orders) throws Exception {
    sql(
        """
        INSERT INTO dwd_fulfillment_wide (
          dt, fulfillment_id, business_line, direction, warehouse_id, parcel_amount, fulfillment_version,
          outbound_at, outbound_version, picked_up_at, picked_up_version, is_deleted, is_deleted_version)
        VALUES
        """
            + String.join(", ", orders));
  }

  /** Writes wrong rows into the light aggregation, in one commit. */
  void damage(String... rows) throws Exception {
    sql(
        Stream.of(rows)
            .map(row -> "(" + row + ", 1, 1, 1, 1, 1, 1.00, 1.00)")
            .collect(Collectors.joining(", ", "INSERT INTO dws_fulfillment_day VALUES ", "")));
  }

  /** A key of the light aggregation and a count of created orders, for {@link #damage}. */
  static String group(String day, int warehouse, int created) {
    return "'%s', 'domestic', 'outbound', %d, 0, 0, %d".formatted(day, warehouse, created);
  }

  /** What the light aggregation holds for a day: warehouse and created orders. */
  List<String> groups(String day) throws Exception {
    return rows(
        "SELECT warehouse_id, created_count FROM dws_fulfillment_day WHERE dt = '" + day + "'");
  }

  /** What the dashboard totals hold for a day: created orders and their amount. */
  List<String> totals(String day) throws Exception {
    return rows("SELECT created_count, parcel_amount FROM ads_overview WHERE dt = '" + day + "'");
  }

  /** Compacts all files of a table that was written since the last time. */
  void compact(String table) throws Exception {
    String before = DataFiles.of(catalog, table).checksum(day -> true);
    call("CALL sys.compact(`table` => 'lake." + table + "', compact_strategy => 'full')");
    assertThat(DataFiles.of(catalog, table).checksum(day -> true))
        .as("data files of " + table)
        .isNotEqualTo(before);
  }

  /** Lets all snapshots but the newest expire. */
  void expireSnapshots(String table) throws Exception {
    call(
        "CALL sys.expire_snapshots(`table` => 'lake."
            + table
            + "', retain_max => 1, retain_min => 1)");
    assertThat(catalog.table(table).snapshotManager().earliestSnapshotId())
        .isEqualTo(catalog.latestSnapshotId(table));
  }

  /** Procedures run in an environment of their own, which must not take the engine's address. */
  private void call(String procedure) throws Exception {
    TableEnvironment session = FlinkSession.openBatch(config);
    session.getConfig().set(TableConfigOptions.TABLE_DML_SYNC, true);
    session.executeSql(procedure).await();
  }

  void sql(String statement) throws Exception {
    batch.executeSql(statement).await();
  }

  /** The rows of a query as sorted text. */
  List<String> rows(String query) throws Exception {
    return SortedRows.of(batch, query, " | ");
  }

  @Override
  public void close() {
    catalog.close();
  }
}
