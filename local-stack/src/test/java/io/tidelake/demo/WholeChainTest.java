/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.health.Health;
import io.tidelake.health.HealthCheck;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.ServerProcesses;
import io.tidelake.stack.StackOptions;
import io.tidelake.stack.server.FlinkEngineServer;
import io.tidelake.streaming.drill.DrillResult;
import io.tidelake.streaming.drill.StateLossDrill;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.WorkloadOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.output.ByteArrayOutputStream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a real database to the dashboard tables, with every server in a process of its own. */
@Tag("soak")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class WholeChainTest {

  private static final long THIRD_EVENT = 2;

  private final ServerProcesses servers = new ServerProcesses();

  @TempDir private Path workDir;

  @Test
  void agreesWithTheTruthAlthoughTheEngineWasKilledHalfWay() throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("WholeChainTest seed " + seed);
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    FutureTask<DemoResult> interrupted = new FutureTask<>(() -> demo(seed, 150, screen).run());
    new Thread(interrupted, "demo").start();

    await("the layers show something")
        .atMost(Duration.ofMinutes(2))
        .until(() -> interrupted.isDone() || screen(screen).matches("(?s).*ads [1-9].*"));
    assertThat(servers.running(FlinkEngineServer.class.getName()))
        .hasSize(1)
        .allMatch(ProcessHandle::destroyForcibly);

    assertThatThrownBy(interrupted::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_ENDED))
        .hasMessageContaining("flink");
    assertThat(servers.all()).as("processes left behind").isEmpty();

    DemoResult result = demo(seed, 1000, screen).run();

    assertThat(result.comparisons())
        .as(screen(screen))
        .hasSize(9)
        .allMatch(Comparison::agrees)
        .allMatch(comparison -> comparison.rows() > 0);
    assertThat(servers.all()).as("processes left behind").isEmpty();
  }

  @Test
  void keepsAChangeEventThatCannotBeReadAndGoesOn() throws Exception {
    try (LocalStack stack =
        LocalStack.start(
            workDir,
            new StackOptions(
                ProjectFile.find(), "2g", 0, StackOptions.Metastore.hive, Optional.empty()),
            System.out::println)) {
      LakeConfig config = LakeConfig.load(ProjectFile.find(), stack.addresses().configuration());
      try (LakeCatalog catalog = LakeCatalog.open(config)) {
        TablePlan.of(config, catalog).apply(catalog);
        StreamingJobs jobs = new StreamingJobs(config);
        jobs.start("compaction");
        jobs.start("capture");

        String topic = config.source().topicPrefix() + ".region";
        send(config, topic, "{\"op\": \"c\", \"after\": {\"region_id\": \"not a number\"");
        send(
            config,
            topic,
            """
            {"op": "c", "after": {"region_id": 7, "region_name": "Øresund 🌊", "country_code": "DK",
             "updated_at": "2026-06-18T09:12:33.123456Z"}}
            """);

        await("the event after the bad one")
            .atMost(Duration.ofMinutes(1))
            .until(() -> ReadableRows.count(catalog.table("dim_region")) == 1);
        await("the bad event")
            .atMost(Duration.ofMinutes(1))
            .until(() -> ReadableRows.count(catalog.table("ops_dead_letter")) == 1);
        Row letter = onlyRow(FlinkSession.openBatch(config), "SELECT * FROM ops_dead_letter");
        assertThat(letter.getField("target")).isEqualTo("dim_region");
        assertThat(letter.getField("source")).isEqualTo(topic);
        assertThat(letter.getField("place")).isEqualTo("0/0");
        assertThat((String) letter.getField("reason")).startsWith("not JSON");
        assertThat((String) letter.getField("payload")).contains("not a number");

        send(
            config,
            topic,
            """
            {"op": "c", "after": {"region_id": 8, "region_name": "Skåne", "country_code": "SE",
             "updated_at": "2026-06-18T09:12:34.123456Z"}}
            """);
        await("the third event")
            .atMost(Duration.ofMinutes(1))
            .until(() -> ReadableRows.count(catalog.table("dim_region")) == 2);
        saysHowEverythingIs(config, stack, topic);
        loseAllStateAndTheOldestEvents(config, catalog, topic);
      }
    }
  }

  private static void saysHowEverythingIs(LakeConfig config, LocalStack stack, String topic)
      throws Exception {
    try (Connection database = DriverManager.getConnection(stack.addresses().jdbcUrl());
        Statement statement = database.createStatement()) {
      statement.execute("CREATE TABLE logistics.coupon (id INT PRIMARY KEY)");
      statement.execute("INSERT INTO logistics.coupon VALUES (1)");
    }
    Callable<Health> look =
        () ->
            new HealthCheck(
                    config, Optional.of(stack.addresses().forHealth()), Duration.ofMinutes(5))
                .run();
    Health starting = look.call();
    assertThat(starting.state()).isEqualTo(Health.StackState.starting);
    assertThat(starting.servers()).hasSize(6);
    assertThat(starting.problems())
        .as("nobody has said yet that the stack is ready")
        .extracting(Health.Problem::code)
        .containsExactly("STACK_STARTING");
    stack.setReady();
    await("the lake clock")
        .atMost(Duration.ofMinutes(1))
        .until(look, health -> !health.layers().isEmpty() && backlog(health) == 0);
    Health health = look.call();

    assertThat(health.state()).isEqualTo(Health.StackState.up);
    assertThat(health.servers()).hasSize(6).allMatch(Health.Server::answers);
    assertThat(health.jobs())
        .extracting(Health.Job::name, Health.Job::state)
        .containsExactlyInAnyOrder(
            tuple("compaction", "RUNNING"),
            tuple("capture", "RUNNING"),
            tuple("facts", "MISSING"),
            tuple("marts", "MISSING"));
    assertThat(health.problems())
        .as("only what this test does not start")
        .extracting(Health.Problem::code)
        .containsOnly("JOB_MISSING");
    assertThat(health.isWell()).isFalse();
    assertThat(health.capture().connector()).isEqualTo("RUNNING");
    assertThat(health.capture().topics())
        .filteredOn(source -> source.topic().equals(topic))
        .singleElement()
        .satisfies(
            source -> assertThat(source.lastEventAt()).isAfter(Instant.now().minusSeconds(300)));
    assertThat(health.layers()).extracting(Health.Layer::name).containsExactly("ods");
    assertThat(health.layers().get(0).ageSeconds()).isBetween(0.0, 60.0);
    assertThat(health.tables())
        .filteredOn(table -> table.deadLetters() > 0)
        .extracting(Health.Table::name, Health.Table::deadLetters)
        .containsExactly(tuple("dim_region", 1L));
    assertThat(health.notes())
        .extracting(Health.Problem::message)
        .anyMatch(note -> note.contains("coupon"));
  }

  private static long backlog(Health health) {
    return health.capture().topics().stream()
        .filter(source -> !source.table().equals("lake_clock"))
        .mapToLong(Health.Topic::backlog)
        .sum();
  }

  /** What Kafka has dropped is not read again, and what it has is read twice. */
  private static void loseAllStateAndTheOldestEvents(
      LakeConfig config, LakeCatalog catalog, String topic) throws Exception {
    try (Admin kafka =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.source().bootstrapServers()))) {
      kafka
          .deleteRecords(
              Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(THIRD_EVENT)))
          .all()
          .get(1, TimeUnit.MINUTES);
    }
    DrillResult drill =
        new StateLossDrill(
                config.withJobsOf(Set.of("capture", StreamingJobs.COMPACTION)),
                catalog,
                Duration.ofMinutes(2),
                System.out::println)
            .run();
    assertThat(drill.agrees()).as(drill.toString()).isTrue();
    assertThat(drill.sourceWrote()).isFalse();
    assertThat(drill.afterCapture())
        .hasSameSizeAs(drill.afterJobs())
        .extracting(DrillResult.Table::name, DrillResult.Table::rows)
        .contains(tuple("dim_region", 2L));
    assertThat(ReadableRows.count(catalog.table("ops_dead_letter"))).isOne();
    assertThat(catalog.table("dim_region").tagManager().tagCount()).isZero();
    assertThat(Path.of(config.cluster().checkpoints()).resolve(drill.id())).doesNotExist();
  }

  private Demo demo(long seed, double rate, ByteArrayOutputStream screen) {
    return new Demo(
        ProjectFile.find(),
        Map.of(),
        new DemoOptions(
            WorkloadOptions.of(seed, 250), rate, StackOptions.Metastore.filesystem, workDir, true),
        new PrintWriter(screen, true, StandardCharsets.UTF_8),
        false);
  }

  private static String screen(ByteArrayOutputStream screen) {
    return screen.toString(StandardCharsets.UTF_8);
  }

  private static void send(LakeConfig config, String topic, String message) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.source().bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      // One partition, so that the order of the events is that of the test.
      producer.send(new ProducerRecord<>(topic, 0, null, message)).get();
    }
  }

  private static Row onlyRow(TableEnvironment session, String query) throws Exception {
    try (CloseableIterator<Row> rows = session.executeSql(query).collect()) {
      return rows.next();
    }
  }
}
