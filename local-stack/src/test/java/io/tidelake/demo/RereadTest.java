/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.ServerProcesses;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.deadletter.DeadLetterFilter;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.reread.Reread;
import io.tidelake.streaming.reread.RereadResult;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the log of the source never told is in the lake after the table was read again, beside a
 * source that goes on writing. The oracle is the database itself.
 */
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class RereadTest {

  private static final List<String> JOBS = List.of("compaction", "capture", "facts");

  @TempDir private static Path workDir;

  private static final ServerProcesses SERVERS = new ServerProcesses();
  private static final String CANNOT_GO_ON = "Run `lake sources reread --all`";

  private static final List<String> SAID = new CopyOnWriteArrayList<>();

  /** Keeps the stack's servers going, as `lake up` does; whoever holds its lock has it rest. */
  private static final ScheduledExecutorService KEEPER =
      Executors.newSingleThreadScheduledExecutor();

  private static Future<?> keeping;
  private static LocalStack stack;
  private static LakeConfig config;
  private static LakeCatalog catalog;
  private static Connection database;
  private static SourceMirror mirror;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(workDir, StackOptions.of(ProjectFile.find(), "2g"), RereadTest::say);
    keeping = KEEPER.scheduleWithFixedDelay(RereadTest::keep, 1, 1, TimeUnit.SECONDS);
    config = LakeConfig.load(ProjectFile.find(), stack.addresses().configuration());
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
    StreamingJobs jobs = new StreamingJobs(config);
    JOBS.forEach(jobs::start);
    database = connect();
    mirror = new SourceMirror(database, catalog);
    execute(
        "INSERT INTO carrier SELECT seq, CONCAT('carrier ', seq), 'express', '2026-06-17' FROM seq_101_to_1000",
        "INSERT INTO merchant SELECT seq, CONCAT('merchant ', seq), 'toys', 1, '2026-06-17' FROM seq_1_to_40000",
        "INSERT INTO warehouse SELECT seq, CONCAT('warehouse ', seq), 'own', 1, '2026-06-17' FROM seq_1_to_30",
        "INSERT INTO timeout_rule SELECT seq, 'domestic', 'created', 'signed', seq, '2026-06-17' FROM seq_1_to_20",
        "INSERT INTO trade_order SELECT '2026-06-17', seq, 'domestic', 1, 'Ann', 1, CONCAT(seq, ',', seq + 1000), 'EUR', 10, NULL, NULL, NULL, '2026-06-17 08:00:00', NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO fulfillment_order SELECT '2026-06-17', seq, seq, 'domestic', 'outbound', 1, 1, 'created', 100, 10, 1, '2026-06-17 08:00:00', NULL, NULL, NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO fulfillment_order SELECT '2026-06-17', seq + 1000, seq, 'domestic', 'outbound', 1, 1, 'created', 100, 10, 1, '2026-06-17 08:00:00', NULL, NULL, NULL, '2026-06-17 08:00:00' FROM seq_101_to_140",
        "INSERT INTO logistics_event SELECT '2026-06-17', seq, seq, 'outbound', '2026-06-17 09:00:00', 'HZ', NULL, '2026-06-17 09:00:00', '2026-06-17 09:00:00' FROM seq_101_to_140");
    mirror.awaitEqual("before anything is lost");
  }

  private static void keep() {
    synchronized (KEEPER) {
      try {
        stack.checkAlive();
      } catch (RuntimeException e) {
        say("The stack cannot be kept: " + e);
      }
    }
  }

  @AfterAll
  static void stop() throws Exception {
    KEEPER.shutdown();
    assertThat(KEEPER.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    if (catalog != null) {
      catalog.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (keeping != null) {
      assertThat(keeping).as("kept to the end").isCancelled();
    }
  }

  private static void say(String line) {
    System.out.println(line);
    SAID.add(line);
  }

  private static Connection connect() throws SQLException {
    return SourceMirror.connect(stack.addresses());
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

  private static Reread reread() {
    return reread(System.out::println);
  }

  private static Reread reread(Consumer<String> progress) {
    return new Reread(config, catalog, Duration.ofSeconds(90), progress);
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
                new RandomHistory(4711, 300, true).run(RereadTest::connect);
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

    mirror.awaitEqual("after four tables were read again");
    assertThat(result.isComplete()).isTrue();
    assertThat(table(result, "carrier").read()).isBetween(849L, 900L);
    assertThat(table(result, "carrier").deleted()).containsEntry("dim_carrier", 51L);
    assertThat(table(result, "timeout_rule").deleted()).containsEntry("dim_timeout_rule", 19L);
    assertThat(table(result, "trade_order").deleted()).containsOnlyKeys("ods_trade_order");
  }

  @Test
  @Order(2)
  void aReadingIsStoppedAndGoesOnWhenCaptureIsKilled() throws Exception {
    unlogged(
        "UPDATE merchant SET merchant_name = 'lost' WHERE merchant_id IN (3, 20000, 39999)",
        "DELETE FROM merchant WHERE merchant_id BETWEEN 10001 AND 10100");
    ExecutorService command = Executors.newSingleThreadExecutor();
    try (Reread begun = reread();
        Reread other = reread()) {
      stopped(command.submit(() -> begun.run(List.of("merchant"), null)), other);
      assertThatThrownBy(() -> other.run(List.of("merchant"), null))
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.REREAD_RUNNING));

      Future<RereadResult> resumed = command.submit(other::resume);
      killCapture();
      execute("UPDATE merchant SET category = 'books' WHERE merchant_id % 1000 = 0");
      RereadResult result = resumed.get(4, TimeUnit.MINUTES);
      assertThat(table(result, "merchant").deleted()).containsEntry("dim_merchant", 100L);
    } finally {
      command.shutdownNow();
    }
    mirror.awaitEqual("after capture was killed while it read");
  }

  /** Killed right after it was stopped, capture may know nothing of the reading any more. */
  @Test
  @Order(3)
  void aStoppedReadingOfWhichCaptureKnowsNothingBeginsAnew() throws Exception {
    unlogged("DELETE FROM merchant WHERE merchant_id BETWEEN 20001 AND 20100");
    ExecutorService command = Executors.newSingleThreadExecutor();
    try (Reread begun = reread();
        Reread other = reread()) {
      stopped(command.submit(() -> begun.run(List.of("merchant"), null)), other);
      CaptureConnector capture = new CaptureConnector(config.source().connector());
      capture.dropReading();
      assertThat(table(other.resume(), "merchant").deleted()).containsEntry("dim_merchant", 100L);
    } finally {
      command.shutdownNow();
    }
    mirror.awaitEqual("after capture had lost the reading");
  }

  /** Chunks that the database did not hand out are read when it is there again. */
  @Test
  @Order(4)
  void aReadingGoesOnWhenTheDatabaseIsKilled() throws Exception {
    unlogged("DELETE FROM merchant WHERE merchant_id BETWEEN 30001 AND 30100");
    List<SourceFile> captured = SourceFiles.read(config);
    ExecutorService command = Executors.newSingleThreadExecutor();
    try (Reread reread = reread()) {
      Future<RereadResult> running = command.submit(() -> reread.run(List.of("merchant"), null));
      await("the first chunks")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  Reread.unfinished(config, captured)
                      .filter(reading -> reading.what().contains("merchant up to key"))
                      .isPresent());
      SERVERS.all().stream()
          .filter(process -> process.info().command().orElse("").endsWith("mariadbd"))
          .forEach(ProcessHandle::destroyForcibly);
      RereadResult result = running.get(5, TimeUnit.MINUTES);
      assertThat(table(result, "merchant").deleted()).containsEntry("dim_merchant", 100L);
    } finally {
      command.shutdownNow();
      database = connect();
      mirror = new SourceMirror(database, catalog);
    }
    mirror.awaitEqual("after the database was killed while it was read");
  }

  @Test
  @Order(5)
  void ofTwoThatBeginAtTheSameTimeOneReads() throws Exception {
    ExecutorService commands = Executors.newFixedThreadPool(2);
    try (Reread one = reread();
        Reread other = reread()) {
      List<Future<RereadResult>> running =
          Stream.of(one, other)
              .map(reread -> commands.submit(() -> reread.run(List.of("warehouse"), null)))
              .toList();
      List<String> outcomes = new ArrayList<>();
      for (Future<RereadResult> each : running) {
        try {
          outcomes.add("read " + table(each.get(3, TimeUnit.MINUTES), "warehouse").read());
        } catch (ExecutionException e) {
          outcomes.add(((LakeException) e.getCause()).code().name());
        }
      }
      assertThat(outcomes).containsExactlyInAnyOrder("read 30", "REREAD_RUNNING");
    } finally {
      commands.shutdownNow();
    }
  }

  private static void stopped(Future<RereadResult> running, Reread other) {
    await("the order")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(LakeException.class)
        .until(() -> other.stop().equals(new Reread.Stopped(List.of("merchant"), false)));
    assertThatThrownBy(running::get)
        .cause()
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.REREAD_STOPPED));
  }

  @Test
  @Order(6)
  void aTopicThatHasLostMessagesOrWasMadeAnewIsToldAndTheTableReadAgain() throws Exception {
    String topic = config.source().topicPrefix() + ".warehouse";
    try (Admin kafka =
        Admin.create(Map.of("bootstrap.servers", config.source().bootstrapServers()))) {
      lossOfWhatWasReadIsNoGap(kafka, topic);
      gap(
          topic,
          true,
          () -> {
            long before = messages(kafka, topic);
            execute(
                "UPDATE warehouse SET warehouse_name = 'deleted too early' WHERE warehouse_id < 25",
                "DELETE FROM warehouse WHERE warehouse_id = 7");
            awaitMessages(kafka, topic, before + 24);
            deleteRecords(kafka, ends(kafka, topic));
          });
      gap(
          topic,
          false,
          () -> {
            long before = messages(kafka, topic);
            execute(
                "UPDATE warehouse SET warehouse_name = 'lost with the topic' WHERE warehouse_id < 5",
                "DELETE FROM warehouse WHERE warehouse_id = 8");
            awaitMessages(kafka, topic, before + 5);
            kafka.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            await("the new topic")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(
                    () -> {
                      kafka
                          .createTopics(List.of(new NewTopic(topic, 3, (short) 1)))
                          .all()
                          .get(10, TimeUnit.SECONDS);
                      return true;
                    });
            // It grows beyond the place in the old one.
            for (int i = 0; i < 6; i++) {
              execute("UPDATE warehouse SET region_id = region_id + 1 WHERE warehouse_id > 10");
            }
            await("the new messages")
                .atMost(Duration.ofSeconds(60))
                .until(() -> messages(kafka, topic) >= 120);
          });
    }
  }

  /** Something that changes the database. */
  private interface Loss {
    void happen() throws Exception;
  }

  /** Topics do not keep what is old. */
  private static void lossOfWhatWasReadIsNoGap(Admin kafka, String topic) throws Exception {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    StreamingJobs jobs = new StreamingJobs(config);
    execute("UPDATE warehouse SET warehouse_name = 'read in time'");
    mirror.awaitEqual("before messages are lost that were read");
    Map<TopicPartition, Long> read = new HashMap<>();
    await("all of it to be told as read")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              kafka
                  .listConsumerGroupOffsets("tidelake")
                  .partitionsToOffsetAndMetadata()
                  .get(10, TimeUnit.SECONDS)
                  .forEach((place, offset) -> read.put(place, offset.offset()));
              read.keySet().removeIf(place -> !place.topic().equals(topic));
              return read.equals(ends(kafka, topic));
            });
    cluster.cancel(cluster.runningJob("capture"));
    deleteRecords(kafka, read);
    removeCheckpoints(jobs);
    assertThat(jobs.start("capture").checkpoint()).isEmpty();
    execute("UPDATE warehouse SET warehouse_name = 'it goes on'");
    mirror.awaitEqual("after messages were lost that had been read");
  }

  private static void deleteRecords(Admin kafka, Map<TopicPartition, Long> before)
      throws Exception {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    before.forEach((place, end) -> all.put(place, RecordsToDelete.beforeOffset(end)));
    kafka.deleteRecords(all).all().get(30, TimeUnit.SECONDS);
  }

  /** Without them only the consumer group and the beginning of the job know the place. */
  private static void removeCheckpoints(StreamingJobs jobs) throws Exception {
    for (Optional<String> checkpoint = jobs.latestCheckpoint("capture");
        checkpoint.isPresent();
        checkpoint = jobs.latestCheckpoint("capture")) {
      Files.delete(Path.of(URI.create(checkpoint.get())).resolve("_metadata"));
    }
  }

  private static void assertGapIsRefused(StreamingJobs jobs, String topic) {
    assertThatThrownBy(() -> jobs.start("capture"))
        .hasMessageContaining(topic)
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_PLACE_LOST);
              assertThat(error.remedy())
                  .contains("--from-nothing", "`lake sources reread warehouse`");
            });
  }

  /**
   * Changes are lost while the job does not run; one of them is the deletion of a warehouse.
   *
   * @param groupKnows whether the consumer group alone tells
   */
  private static void gap(String topic, boolean groupKnows, Loss loss) throws Exception {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    StreamingJobs jobs = new StreamingJobs(config);
    cluster.cancel(cluster.runningJob("capture"));
    loss.happen();
    StreamingJobs.Started started = jobs.start("capture");
    assertThat(started.checkpoint()).as(started.from()).isPresent();
    String job = started.id().toString();
    await("the gap is told")
        .atMost(Duration.ofSeconds(90))
        .until(() -> cluster.lastFailure(job).contains("SOURCE_PLACE_LOST"));
    assertThat(cluster.lastFailure(job))
        .contains(topic, "--from-nothing", "`lake sources reread warehouse`");
    cluster.cancel(cluster.job(job));
    removeCheckpoints(jobs);
    assertGapIsRefused(jobs, topic);
    if (groupKnows) {
      Path state = Path.of(config.cluster().checkpoints()).resolve("capture");
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.filter(file -> file.endsWith("topics.json")).toList()) {
          Files.delete(file);
        }
      }
      assertGapIsRefused(jobs, topic);
    }
    jobs.startFromNothing("capture");
    try (Reread reread = reread()) {
      RereadResult result = reread.run(List.of("warehouse"), null);
      assertThat(table(result, "warehouse").deleted()).containsEntry("dim_warehouse", 1L);
    }
    mirror.awaitEqual("after the gap in " + topic);
  }

  private static void awaitMessages(Admin kafka, String topic, long count) {
    await("the changes of " + topic)
        .atMost(Duration.ofSeconds(60))
        .until(() -> messages(kafka, topic) >= count);
  }

  private static long messages(Admin kafka, String topic) throws Exception {
    return ends(kafka, topic).values().stream().mapToLong(end -> end).sum();
  }

  private static Map<TopicPartition, Long> ends(Admin kafka, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < 3; partition++) {
      latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    kafka
        .listOffsets(latest)
        .all()
        .get(10, TimeUnit.SECONDS)
        .forEach((place, end) -> ends.put(place, end.offset()));
    return ends;
  }

  @Test
  @Order(7)
  void aPurgedLogIsToldAndAllTablesAreReadAgain() throws Exception {
    synchronized (KEEPER) {
      SAID.clear();
      killCapture();
      execute(
          "UPDATE carrier SET carrier_name = 'purged' WHERE carrier_id = 400",
          "DELETE FROM fulfillment_order WHERE fulfillment_id = 140",
          "INSERT INTO region VALUES (77, 'new', 'NZ', '2026-06-17')",
          "FLUSH BINARY LOGS");
      String log;
      try (Statement statement = database.createStatement();
          ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
        row.next();
        log = row.getString(1);
      }
      await("no reader holds the log")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                execute("PURGE BINARY LOGS TO '" + log + "'");
                try (Statement statement = database.createStatement();
                    ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
                  row.next();
                  return row.getString(1).equals(log);
                }
              });
    }
    awaitTold(CANNOT_GO_ON);
    try (Reread reread = reread()) {
      assertThatThrownBy(() -> reread.run(List.of("carrier"), null))
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.CAPTURE_STUCK));
      execute("UPDATE carrier SET carrier_name = 'before it goes on' WHERE carrier_id = 401");
      try (Reread killed = reread(RereadTest::dieWhenCaptureWasMoved)) {
        assertThatThrownBy(() -> killed.run(killed.tables(), null)).hasMessage("killed");
      }
      assertThatThrownBy(reread::abandon)
          .hasMessageContaining("Changes of all tables are missing")
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.REREAD_RUNNING));
      RereadResult result = reread.resume();
      assertThat(table(result, "fulfillment_order").deleted())
          .containsEntry("ods_fulfillment_order", 1L);
    }
    execute("UPDATE carrier SET carrier_name = 'it goes on' WHERE carrier_id = 402");
    mirror.awaitEqual("after the log was purged");
  }

  private static void dieWhenCaptureWasMoved(String progress) {
    if (progress.equals("Change capture goes on from now")) {
      throw new IllegalStateException("killed");
    }
  }

  /** Forget what was said before the trouble: it is said once. */
  private static void awaitTold(String what) {
    await("it is told: " + what)
        .atMost(Duration.ofSeconds(120))
        .until(() -> SAID.stream().anyMatch(line -> line.contains(what)));
  }

  /**
   * Statements of which nothing changes at the source, but from then on capture fails, or values
   * arrive in the wrong columns; and a row with a part of its columns.
   */
  @ParameterizedTest
  @MethodSource
  @Order(8)
  void whatStopsCaptureIsToldAndPassed(String told, List<String> statements) throws Exception {
    SAID.clear();
    execute(statements.toArray(String[]::new));
    execute("UPDATE carrier SET carrier_name = 'behind it' WHERE carrier_id = 404");
    awaitTold(told);
    try (Reread reread = reread()) {
      assertThatThrownBy(() -> reread.run(List.of("carrier"), null))
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.CAPTURE_STUCK));
      reread.run(reread.tables(), null);
    }
    execute("UPDATE carrier SET carrier_name = 'it goes on' WHERE carrier_id = 405");
    mirror.awaitEqual("after " + statements);
  }

  static Stream<Arguments> whatStopsCaptureIsToldAndPassed() {
    return Stream.of(
        Arguments.of(
            "COLUMNS_MISREAD carrier",
            List.of(
                "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS service_level VARCHAR(20) AFTER carrier_id")),
        Arguments.of(
            CANNOT_GO_ON,
            List.of("ALTER TABLE carrier MODIFY COLUMN IF EXISTS no_such_column INT")),
        Arguments.of(
            "COLUMNS_MISREAD carrier",
            List.of("ALTER TABLE carrier ADD COLUMN IF NOT EXISTS service_level INT")),
        Arguments.of(
            CANNOT_GO_ON,
            List.of(
                "SET SESSION binlog_row_image = MINIMAL",
                "UPDATE carrier SET carrier_name = 'in part' WHERE carrier_id = 403",
                "SET SESSION binlog_row_image = FULL")));
  }

  @Test
  @Order(9)
  void theRowsOfAConditionAreReadAndAReadingIsGivenUp() throws Exception {
    unlogged(
        "UPDATE carrier SET carrier_name = 'wanted' WHERE carrier_id = 500",
        "UPDATE carrier SET carrier_name = 'not wanted' WHERE carrier_id = 600",
        "DELETE FROM carrier WHERE carrier_id = 501");
    ExecutorService command = Executors.newSingleThreadExecutor();
    try (Reread reread = reread();
        Reread other = reread()) {
      assertThatThrownBy(() -> reread.run(List.of("carrier"), "carrier_idd = 500"))
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.CONDITION_INVALID));
      RereadResult result = reread.run(List.of("carrier"), "carrier_id = 500");
      assertThat(table(result, "carrier").read()).isEqualTo(1);
      assertThat(table(result, "carrier").deleted()).isEmpty();
      assertThat(mirror.differences())
          .hasSize(3)
          .noneMatch(difference -> difference.contains(" wanted") && difference.contains("[500"));

      assertThatThrownBy(other::abandon)
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.NO_REREAD));
      stopped(command.submit(() -> reread.run(List.of("merchant"), null)), other);
      assertThat(other.abandon()).containsExactly("merchant");
      Future<RereadResult> running = command.submit(() -> reread.run(List.of("merchant"), null));
      await("the order")
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(LakeException.class)
          .until(other::abandon, List.of("merchant")::equals);
      assertThatThrownBy(running::get)
          .cause()
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.REREAD_ABANDONED));
      assertThat(table(other.run(List.of("carrier"), null), "carrier").deleted())
          .containsEntry("dim_carrier", 1L);

      // Its rows go to a table that keeps those that the source deletes.
      execute("TRUNCATE TABLE lake_clock");
      RereadResult clock = other.run(List.of("lake_clock"), null);
      assertThat(table(clock, "lake_clock").deleted()).isEmpty();
      assertThat(table(clock, "lake_clock").lettersLeft()).isEqualTo(1);
      assertThat(clock.isComplete()).isFalse();
      assertThat(new DeadLetters(catalog).groups(DeadLetterFilter.ALL))
          .extracting(DeadLetters.Group::target)
          .contains("ops_lake_clock")
          .doesNotContain("dim_timeout_rule");
    } finally {
      command.shutdownNow();
    }
    mirror.awaitEqual("after the whole table was read again");
  }

  private static void killCapture() {
    List<ProcessHandle> capture = SERVERS.running("ConnectStandalone");
    assertThat(capture).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
    await("the end of capture")
        .atMost(Duration.ofSeconds(20))
        .until(() -> capture.stream().noneMatch(ProcessHandle::isAlive));
  }
}
