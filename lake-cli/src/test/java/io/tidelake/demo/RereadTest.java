package io.tidelake.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.StreamingJobs;
import io.tidelake.streaming.reread.Reread;
import io.tidelake.streaming.reread.RereadResult;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TablePlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the log of the source never told is in the lake after the table was read again, beside a
 * source that goes on writing. The oracle is the database itself.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class RereadTest {

  private static final LakeHome HOME = LakeHome.find();
  private static final List<String> JOBS = List.of("compaction", "capture", "facts");

  @TempDir private static Path workDir;

  private static LocalStack stack;
  private static LakeConfig config;
  private static LakeCatalog catalog;
  private static Connection database;
  private static SourceMirror mirror;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(workDir, StackOptions.of("2g"), System.out::println);
    config = LakeConfig.load(HOME.config(), stack.addresses().configuration());
    catalog = LakeCatalog.open(config);
    TablePlan.of(HOME, config, catalog).apply(catalog);
    StreamingJobs jobs = new StreamingJobs(HOME, config);
    JOBS.forEach(jobs::start);
    database = connect();
    mirror = new SourceMirror(database, catalog);
    execute(
        "INSERT INTO carrier SELECT seq, CONCAT('carrier ', seq), 'express', '2026-06-17' FROM seq_101_to_9000",
        "INSERT INTO timeout_rule SELECT seq, 'domestic', 'created', 'signed', seq, '2026-06-17' FROM seq_1_to_20",
        "INSERT INTO trade_order SELECT '2026-06-17', seq, 'domestic', 1, 'Ann', 1, CONCAT(seq, ',', seq + 1000), 'EUR', 10, NULL, NULL, NULL, '2026-06-17 08:00:00', NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO fulfillment_order SELECT '2026-06-17', seq, seq, 'domestic', 'outbound', 1, 1, 'created', 100, 10, 1, '2026-06-17 08:00:00', NULL, NULL, NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO fulfillment_order SELECT '2026-06-17', seq + 1000, seq, 'domestic', 'outbound', 1, 1, 'created', 100, 10, 1, '2026-06-17 08:00:00', NULL, NULL, NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO logistics_event SELECT '2026-06-17', seq, seq, 'outbound', '2026-06-17 09:00:00', 'HZ', NULL, '2026-06-17 09:00:00', '2026-06-17 09:00:00' FROM seq_101_to_140");
    awaitEqual("before anything is lost");
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
    Connection connection = DriverManager.getConnection(stack.addresses().jdbcUrl());
    connection.setCatalog("logistics");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 3");
    }
    return connection;
  }

  private static void execute(String... statements) throws SQLException {
    try (Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Statements that the log of the database never tells. */
  private static void unlogged(String... statements) throws SQLException {
    execute("SET SESSION sql_log_bin = 0");
    try {
      execute(statements);
    } finally {
      execute("SET SESSION sql_log_bin = 1");
    }
  }

  private static void awaitEqual(String what) {
    await(what)
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(mirror.differences()).as(what).isEmpty());
  }

  private static Reread reread() {
    return new Reread(HOME, config, catalog, Duration.ofSeconds(90), System.out::println);
  }

  private static RereadResult.Table table(RereadResult result, String name) {
    return result.tables().stream().filter(t -> t.table().equals(name)).findFirst().orElseThrow();
  }

  @Test
  @Order(1)
  void lostChangesAreThereAgainBesideAWriter() throws Exception {
    unlogged(
        "UPDATE carrier SET carrier_name = 'lost' WHERE carrier_id BETWEEN 200 AND 250",
        "DELETE FROM carrier WHERE carrier_id BETWEEN 300 AND 350",
        "INSERT INTO carrier VALUES (9999, 'never told', 'express', '2026-06-17')",
        "UPDATE trade_order SET buyer_name = 'Bob', paid_amount = 7 WHERE order_id = 101",
        "DELETE FROM trade_order WHERE order_id = 102",
        "UPDATE logistics_event SET event_time = '2026-06-17 10:00:00' WHERE event_id = 101",
        "UPDATE logistics_event SET fulfillment_id = 1102 WHERE event_id = 102",
        "DELETE FROM logistics_event WHERE event_id = 103");
    execute(
        "TRUNCATE TABLE timeout_rule",
        "INSERT INTO timeout_rule VALUES (1, 'import', 'created', 'signed', 1, '2026-06-17')");
    assertThat(mirror.differences()).isNotEmpty();

    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              try {
                new RandomHistory(4711, 300).run(RereadTest::connect);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    RereadResult result;
    try (Reread reread = reread()) {
      result =
          reread.run(List.of("carrier", "timeout_rule", "trade_order", "logistics_event"), null);
    }
    System.out.println(result + " writer done " + writer.isDone());
    writer.get(2, TimeUnit.MINUTES);

    awaitEqual("after four tables were read again");
    assertThat(result.isComplete()).isTrue();
    assertThat(table(result, "carrier").read()).isBetween(8_849L, 8_900L);
    assertThat(table(result, "carrier").deleted()).containsEntry("dim_carrier", 51L);
    assertThat(table(result, "timeout_rule").deleted()).containsEntry("dim_timeout_rule", 19L);
    assertThat(table(result, "trade_order").deleted()).containsOnlyKeys("ods_trade_order");
  }
}
