/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.ServerProcesses;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.OpenDays;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 8: the lake equals its source, whatever the source does. The oracle is the database: each
 * ODS and DIM table must be what {@code SELECT *} answers, column by column, and the wide fact what
 * the database's own joins answer; the split tables, DWS and ADS must be what their pipelines make
 * of it in batch. Topics have three partitions, and jobs two tasks each. In the soak, {@code
 * -Dlake.seed=N} is the first seed, and {@code -Dlake.histories=N} says how many there are.
 */
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LakeEqualsSourceTest {

  private static final List<String> JOBS = List.of("compaction", "capture", "facts", "marts");

  private static final ServerProcesses SERVERS = new ServerProcesses();

  @TempDir private static Path workDir;

  private static LocalStack stack;
  private static LakeConfig config;
  private static LakeCatalog catalog;
  private static Connection database;
  private static SourceMirror mirror;

  @BeforeAll
  static void start() throws Exception {
    stack =
        LocalStack.start(workDir, StackOptions.of(ProjectFile.find(), "3g"), System.out::println);
    open(configuration());
    StreamingJobs jobs = new StreamingJobs(config);
    JOBS.forEach(jobs::start);
    reconnect();
  }

  private static Map<String, String> configuration() {
    Map<String, String> values = new HashMap<>(stack.addresses().configuration());
    values.put("flink/parallelism.default", "2");
    return values;
  }

  private static void open(Map<String, String> values) {
    config = LakeConfig.load(ProjectFile.find(), values);
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
  }

  private static void reconnect() throws SQLException {
    database = connect();
    mirror = new SourceMirror(database, catalog);
  }

  @AfterAll
  static void stop() throws Exception {
    if (catalog != null) {
      catalog.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  private static Connection connect() throws SQLException {
    return SourceMirror.connect(stack.addresses());
  }

  /** Statements in one transaction. */
  private static void transaction(String... statements) throws SQLException {
    database.setAutoCommit(false);
    try (Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
      database.commit();
    } finally {
      database.setAutoCommit(true);
    }
  }

  private static void awaitEqual(String what) {
    mirror.awaitEqual(what);
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    JOBS.forEach(job -> assertThat(cluster.runningJob(job).state()).as(job).isEqualTo("RUNNING"));
  }

  /** The split tables, DWS and ADS are what their pipelines make of their inputs in batch. */
  private static void awaitAggregates(String what) {
    await("DWS and ADS " + what)
        .atMost(Duration.ofSeconds(180))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(aggregateDifferences()).as(what).isEmpty());
  }

  private static List<String> aggregateDifferences() {
    // Not kept: a session keeps to the thread that opened it.
    TableEnvironment session = FlinkSession.openBatch(config);
    String day = OpenDays.of(config).firstAt(Instant.now());
    List<String> sides = new ArrayList<>();
    for (String name : config.job("marts").pipelines()) {
      Pipeline pipeline = Pipeline.read(config, name);
      pipeline.createViews(session);
      for (Derivation made : pipeline.derivations()) {
        if (!OpsTable.isOne(made.target())) {
          String columns =
              catalog.definition(made.target()).columns().stream()
                  .map(Column::name)
                  .collect(Collectors.joining(", "));
          sides.add(side(made.target(), "holds", columns, made.target(), day));
          String query = "(" + made.query() + ") AS made (" + columns + ")";
          sides.add(side(made.target(), "batch makes", columns, query, day));
        }
      }
    }
    // One job: each starts a cluster of its own.
    Map<Object, Map<Object, List<String>>> tables =
        SelfCheck.rows(session, String.join(" UNION ALL ", sides)).stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getField(0),
                    Collectors.groupingBy(
                        row -> row.getField(1),
                        Collectors.mapping(row -> row.getFieldAs(2), Collectors.toList()))));
    assertThat(tables).as("tables with rows").isNotEmpty();
    List<String> differences = new ArrayList<>();
    tables.forEach(
        (table, rows) -> {
          rows.values().forEach(Collections::sort);
          if (!rows.getOrDefault("holds", List.of()).equals(rows.get("batch makes"))) {
            differences.add(table + " " + rows);
          }
        });
    return differences;
  }

  /** Its rows as text; of open days, since closed ones are left to batch. */
  private static String side(
      String table, String verb, String columns, String from, String firstOpenDay) {
    return "SELECT '%s', '%s', CAST(ROW(%s) AS STRING) FROM %s WHERE dt >= '%s'"
        .formatted(table, verb, columns, from, firstOpenDay);
  }

  private static String order(int id, String parcels) {
    return "INSERT INTO trade_order VALUES ('2026-06-17', %d, 'domestic', 1, 'Ann', 1, '%s', 'EUR', 10, NULL, NULL, NULL, '2026-06-17 08:00:00', NULL, '2026-06-17 08:00:00')"
        .formatted(id, parcels);
  }

  private static String parcel(int id, int order) {
    return "INSERT INTO fulfillment_order VALUES ('2026-06-17', %d, %d, 'domestic', 'outbound', 1, 1, 'created', 100, 10, 1, '2026-06-17 08:00:00', NULL, NULL, NULL, '2026-06-17 08:00:00')"
        .formatted(id, order);
  }

  private static String scan(int id, int parcel, String type, String time) {
    return "INSERT INTO logistics_event VALUES ('2026-06-17', %d, %d, '%s', '%s', 'HZ', NULL, '2026-06-17 09:00:00', '2026-06-17 09:00:00')"
        .formatted(id, parcel, type, time);
  }

  private static String declaration(int id, int parcel, String status) {
    return "INSERT INTO customs_declaration VALUES ('2026-06-17', %d, %d, '%s', 1.5, '2026-06-17 09:00:00', NULL, '2026-06-17 09:00:00')"
        .formatted(id, parcel, status);
  }

  @Test
  @Order(1)
  void whateverClocksAndTransactionsDo() throws Exception {
    transaction(
        order(1, "11,12"),
        order(2, "21,"),
        order(3, " "),
        order(4, "1;2"),
        parcel(11, 1),
        parcel(12, 1),
        parcel(21, 2),
        parcel(31, 3),
        "INSERT INTO carrier VALUES (901, 'X', 'express', '9999-12-31 23:59:59')",
        "INSERT INTO carrier VALUES (902, 'Y', 'express', '1900-01-01')",
        "INSERT INTO carrier VALUES (903, 'zero', 'express', '0000-00-00 00:00:00')",
        "INSERT INTO carrier VALUES (904, 'year one', 'express', '0001-01-01')",
        "INSERT INTO region VALUES (1, 'emoji 🚚 and \\0 and empty', '', '2026-06-17')");
    transaction(
        scan(1, 11, "outbound", "2026-06-17 09:00:00"),
        scan(2, 11, "outbound", "2026-06-17 09:30:00"),
        scan(3, 12, "picked_up", "1900-01-01"),
        scan(4, 21, "outbound", "2099-01-01"),
        scan(1999, 21, "signed", "2026-06-17 10:00:00.000001"),
        scan(2000, 21, "signed", "2026-06-17 10:00:00.000001"),
        declaration(1, 11, "declared"),
        declaration(2, 11, "cleared"));
    awaitEqual("after the first rows");

    // An application server's clock is behind, stands still, or was in 2099.
    transaction(
        "UPDATE fulfillment_order SET freight_amount = 88.88, updated_at = updated_at - INTERVAL 1 HOUR WHERE fulfillment_id = 11",
        "UPDATE fulfillment_order SET status = 'accepted' WHERE fulfillment_id = 12",
        "UPDATE carrier SET carrier_name = 'a' , updated_at = '2099-01-01' WHERE carrier_id = 902",
        "UPDATE carrier SET carrier_name = 'b' , updated_at = '2026-06-17' WHERE carrier_id = 902");
    // A restore.
    transaction(
        "CREATE TEMPORARY TABLE saved SELECT * FROM fulfillment_order WHERE fulfillment_id = 21",
        "DELETE FROM fulfillment_order WHERE fulfillment_id = 21",
        "INSERT INTO fulfillment_order SELECT * FROM saved",
        "DROP TEMPORARY TABLE saved");
    transaction(
        "SET timestamp = 86400",
        "UPDATE carrier SET carrier_name = 'session of 1970' WHERE carrier_id = 901");
    transaction(
        "SET timestamp = 2000000000",
        "UPDATE carrier SET carrier_name = 'of 2033' WHERE carrier_id = 901");
    transaction(
        "SET timestamp = DEFAULT",
        "UPDATE carrier SET carrier_name = 'now' WHERE carrier_id = 901");
    awaitEqual("after clocks that go back");

    // Corrections, moves, withdrawals; an order lets a parcel go, a declaration and an order go.
    transaction(
        "UPDATE logistics_event SET event_time = '2026-06-17 08:30:00' WHERE event_id = 2",
        "UPDATE logistics_event SET event_type = 'outbound' WHERE event_id = 3",
        "UPDATE logistics_event SET event_time = '2026-06-17 09:10:00' WHERE event_id = 4",
        "UPDATE logistics_event SET fulfillment_id = 31 WHERE event_id = 4",
        "DELETE FROM logistics_event WHERE event_id = 2000",
        "DELETE FROM customs_declaration WHERE declaration_id = 2",
        "UPDATE trade_order SET fulfillment_ids = '11' WHERE order_id = 1",
        "DELETE FROM trade_order WHERE order_id = 2");
    awaitEqual("after corrections and deletions");
    transaction(
        "UPDATE logistics_event SET fulfillment_id = 21 WHERE event_id = 4",
        "DELETE FROM customs_declaration",
        "UPDATE fulfillment_order SET fulfillment_id = 99 WHERE fulfillment_id = 31",
        "REPLACE INTO carrier VALUES (901, 'replaced', 'standard', '2026-06-17')",
        "INSERT INTO carrier VALUES (901, 'again', 'standard', '2026-06-17') ON DUPLICATE KEY UPDATE carrier_name = 'updated'");
    awaitEqual("after moves back and changed keys");
    awaitAggregates("after moves back and changed keys");
    List<Row> letters =
        SelfCheck.rows(
            FlinkSession.openBatch(config),
            "SELECT place, logged_at FROM ops_dead_letter WHERE target = 'dwd_fulfillment_wide' ORDER BY place");
    assertThat(letters)
        .extracting(letter -> letter.getField("place"))
        .containsExactly("2026-06-17/2", "2026-06-17/3", "2026-06-17/4");
    assertThat(letters)
        .as("they came when the orders were committed, whatever their updated_at")
        .allSatisfy(
            letter ->
                assertThat((Instant) letter.getField("logged_at"))
                    .isAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  @Test
  @Order(2)
  void threeSeedsOfRandomHistories() throws Exception {
    for (long seed : List.of(17L, 1_000_017L, 1_789_017L)) {
      history(seed, 60);
    }
    awaitAggregates("after three histories");
  }

  @Test
  @Order(3)
  void twoHundredSeedsOfRandomHistories() throws Exception {
    long first = Long.getLong("lake.seed", System.nanoTime());
    int histories = Integer.getInteger("lake.histories", 200);
    Instant start = Instant.now();
    for (int i = 0; i < histories; i++) {
      history(first + i, 60);
      awaitAggregates("after the seed " + (first + i));
      System.out.printf(
          "%d histories from the seed %d on, all equal, after %s%n",
          i + 1, first, Duration.between(start, Instant.now()).truncatedTo(ChronoUnit.SECONDS));
    }
  }

  /** What happens in the middle of a history; what follows happens meanwhile, or right after. */
  private enum Trouble {
    JOB_CANCELED,
    CAPTURE_KILLED,
    KAFKA_KILLED,
    DATABASE_KILLED
  }

  private static void history(long seed, int transactions) throws Exception {
    // Unlike Random, it draws other numbers for the next seed.
    SplittableRandom random = new SplittableRandom(seed);
    Trouble trouble = Trouble.values()[random.nextInt(Trouble.values().length)];
    String job = JOBS.get(1 + random.nextInt(JOBS.size() - 1));
    String what = "LakeEqualsSourceTest -Dlake.seed=%d, %s".formatted(seed, trouble);
    System.out.println(what);
    new RandomHistory(seed, transactions, true).run(LakeEqualsSourceTest::connect);
    switch (trouble) {
      case JOB_CANCELED -> {
        FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
        cluster.cancel(cluster.runningJob(job));
      }
      case CAPTURE_KILLED -> kill(SERVERS.running("ConnectStandalone"));
      case KAFKA_KILLED -> kill(SERVERS.running("kafka.Kafka"));
      case DATABASE_KILLED -> {
        kill(
            SERVERS.all().stream()
                .filter(process -> process.info().command().orElse("").endsWith("mariadbd"))
                .toList());
        await("the database again")
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .until(
                () -> {
                  stack.checkAlive();
                  reconnect();
                  return true;
                });
      }
    }
    swapTable(random.nextBoolean());
    new RandomHistory(seed + 500_000_000, transactions / 3, true)
        .run(LakeEqualsSourceTest::connect);
    stack.checkAlive();
    if (trouble == Trouble.JOB_CANCELED) {
      new StreamingJobs(config).start(job);
    }
    awaitEqual(what);
    assertThat(new SourceCheck(config, SourceFiles.read(config)).misreadColumns())
        .as(what)
        .isEmpty();
  }

  /** Kills a server, and waits until it is gone: else it would still pass for running. */
  private static void kill(List<ProcessHandle> server) {
    assertThat(server).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
    await("the end of a killed server")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !server.get(0).isAlive());
  }

  /** A schema change as gh-ost and pt-online-schema-change make it. */
  private static void swapTable(boolean withNewColumn) throws SQLException {
    transaction(
        "CREATE TABLE _carrier_new LIKE carrier",
        withNewColumn
            ? "ALTER TABLE _carrier_new ADD COLUMN IF NOT EXISTS note VARCHAR(20) DEFAULT 'new'"
            : "ALTER TABLE _carrier_new DROP COLUMN IF EXISTS note",
        "INSERT INTO _carrier_new (carrier_id, carrier_name, service_level, updated_at) SELECT carrier_id, carrier_name, service_level, updated_at FROM carrier",
        "RENAME TABLE carrier TO _carrier_old, _carrier_new TO carrier",
        "DROP TABLE _carrier_old");
  }

  /** What docs/sources.md says for a lake that an earlier version filled: all is in the log. */
  @Test
  @Order(4)
  void aNewWarehouseFolderIsFilledAnew() throws Exception {
    StreamingJobs jobs = new StreamingJobs(config);
    for (String job : JOBS) {
      jobs.stop(job, true);
    }
    catalog.close();
    Map<String, String> values = configuration();
    values.put("catalog/warehouse", workDir.resolve("new-warehouse").toString());
    open(values);
    StreamingJobs anew = new StreamingJobs(config);
    JOBS.forEach(anew::startFromNothing);
    mirror = new SourceMirror(database, catalog);
    awaitEqual("in a new warehouse folder");
    awaitAggregates("in a new warehouse folder");
  }

  /** Last: the table has another column afterwards. */
  @Test
  @Order(5)
  void tablesComeChangeAndAreEmptied() throws Exception {
    transaction("CREATE TABLE coupon (id INT PRIMARY KEY)", "INSERT INTO coupon VALUES (1)");
    transaction("UPDATE carrier SET carrier_name = 'beside a new table' WHERE carrier_id = 901");
    awaitEqual("beside a new table");
    transaction(
        "INSERT INTO timeout_rule VALUES (1, 'domestic', 'created', 'signed', 10, '2026-06-17')");
    awaitEqual("a rule");
    transaction(
        "ALTER TABLE warehouse DROP COLUMN warehouse_type",
        "INSERT INTO warehouse (warehouse_id, warehouse_name, region_id, updated_at) VALUES (7001, 'after', 1, '2026-06-17')",
        "TRUNCATE TABLE timeout_rule");
    await("the row without the column")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        SelfCheck.rows(
                            FlinkSession.openBatch(config),
                            "SELECT warehouse_name, warehouse_type FROM dim_warehouse WHERE warehouse_id = 7001"))
                    .extracting(row -> row.getField(0) + " " + row.getField(1))
                    .containsExactly("after null"));
    await("the emptied table is told")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        SelfCheck.rows(
                            FlinkSession.openBatch(config),
                            "SELECT reason FROM ops_dead_letter WHERE target = 'dim_timeout_rule'"))
                    .extracting(row -> row.getField(0).toString())
                    .allMatch(reason -> reason.contains("TRUNCATE"))
                    .isNotEmpty());
  }
}
