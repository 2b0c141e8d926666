/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.config.LakeConfig;
import io.tidelake.process.FreePorts;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.CaptureWatch;
import io.tidelake.stack.StackAddresses;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.connect.LimitSize;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A database, Kafka and change capture between them, for tests that need no lake. */
public final class CaptureServers implements AutoCloseable {

  static final String DATABASE = "logistics";

  /** When the watch takes a command for killed that has stopped capture. */
  private static final Duration LEFT_AFTER = Duration.ofSeconds(5);

  static final int PARTITIONS = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final int databasePort = FreePorts.next();
  private final int kafkaPort = FreePorts.next();
  private final int controllerPort = FreePorts.next();
  private final int capturePort = FreePorts.next();
  private ChildProcess database;
  private ChildProcess kafka;
  private ChildProcess capture;

  /** What the watch over capture said. */
  public final List<String> said = new ArrayList<>();

  private final CaptureWatch watch;

  /** An event as it lies in Kafka; key and value are NULL where the message has none. */
  public record Event(int partition, long offset, JsonNode key, JsonNode value) {

    String op() {
      return value.path("op").asText();
    }

    public JsonNode after(String column) {
      return value.path("after").path(column);
    }
  }

  /** Starts database and Kafka; capture has to be started. */
  public CaptureServers(Path folder) throws Exception {
    this.folder = folder;
    this.watch = new CaptureWatch(capturePort, captureLog(), LEFT_AFTER, said::add);
    try {
      startDatabase();
      startKafka();
      execute("CREATE DATABASE IF NOT EXISTS " + DATABASE + " CHARACTER SET utf8mb4");
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  public void startDatabase() throws IOException, InterruptedException {
    database = MariaDbServer.start(folder.resolve("mariadb"), logs(), databasePort);
  }

  void startKafka() throws IOException, InterruptedException {
    kafka = KafkaBroker.start(folder.resolve("kafka"), logs(), kafkaPort, controllerPort);
  }

  /** Creates the topics and starts capture of some tables, with the limit of the local stack. */
  public void startCapture(String... tables) throws Exception {
    CaptureConfig config = config(tables);
    KafkaBroker.createTopics(kafkaPort, config.topics(), PARTITIONS, Map.of());
    KafkaBroker.createTopics(
        kafkaPort,
        Stream.concat(Stream.of(config.heartbeatTopic()), config.ownTopics().stream()).toList(),
        1,
        Map.of());
    startCapture(config);
  }

  public void startCapture(CaptureConfig config) throws IOException, InterruptedException {
    capture = CaptureWorker.start(captureFolder(), logs(), capturePort, config);
  }

  CaptureConfig config(String... tables) {
    return new CaptureConfig(
        kafkaPort,
        databasePort,
        StackAddresses.TOPIC_PREFIX,
        DATABASE,
        List.of(tables),
        Map.of("limit", LimitSize.properties(LimitSize.LIMIT_BYTES)));
  }

  Path captureFolder() {
    return folder.resolve("capture");
  }

  public Path captureLog() {
    return logs().resolve("capture.log");
  }

  public CaptureWatch watch() {
    return watch;
  }

  CaptureConnector connector() {
    return CaptureWorker.connector(capturePort);
  }

  /** Where the connector is asked and told, by hand. */
  String connectorAddress() {
    return CaptureWorker.address(capturePort);
  }

  /** A check of this source by the project's source files. */
  public SourceCheck sourceCheck() {
    LakeConfig config =
        LakeConfig.load(
            ProjectFile.find(),
            Map.of(
                "source/bootstrap-servers",
                "127.0.0.1:" + kafkaPort,
                "source/connector",
                CaptureWorker.address(capturePort),
                "source/database/url",
                captureUrl(),
                "source/database/user",
                MariaDbServer.CAPTURE_USER,
                "source/database/password",
                MariaDbServer.CAPTURE_PASSWORD));
    return new SourceCheck(config, SourceFiles.read(config));
  }

  public String jdbcUrl() {
    return MariaDbServer.jdbcUrl(databasePort);
  }

  /** The address for the user of change capture. */
  String captureUrl() {
    return MariaDbServer.captureUrl(databasePort, DATABASE);
  }

  void stopCapture() {
    capture.close();
  }

  public void killDatabase() {
    kill(database);
  }

  void killKafka() {
    kill(kafka);
  }

  /** Where the database's log ends now. */
  LogPlace endOfLog() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
      row.next();
      return new LogPlace(row.getString(1), row.getLong(2));
    }
  }

  /** Runs statements in one session. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Runs statements in one session of the captured database. */
  public void inDatabase(String... statements) throws SQLException {
    execute(
        Stream.concat(Stream.of("USE " + DATABASE), Stream.of(statements)).toArray(String[]::new));
  }

  /** Waits until changes come from the log; DDL before that makes the snapshot begin again. */
  public void awaitEndOfSnapshot(String table) throws Exception {
    int id = -1000;
    boolean fromLog;
    do {
      int row = --id;
      inDatabase("INSERT INTO %s (id) VALUES (%d)".formatted(table, row));
      fromLog =
          eventsUntil(table, event -> event.after("id").asInt() == row).stream()
              .anyMatch(event -> event.op().equals("c"));
    } while (!fromLog);
  }

  /** All events of a table until one fits, which the test waits for; by partition and offset. */
  public List<Event> eventsUntil(String table, Predicate<Event> last) throws InterruptedException {
    return eventsUntil(table, Duration.ofMinutes(1), last);
  }

  public List<Event> eventsUntil(String table, Duration within, Predicate<Event> last)
      throws InterruptedException {
    String topic = StackAddresses.TOPIC_PREFIX + "." + DATABASE + "." + table;
    List<Event> events = new ArrayList<>();
    long deadline = System.nanoTime() + within.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + kafkaPort),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (events.stream().noneMatch(last)) {
        watch.check();
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "not within %s; capture: %s; events of %s: %s"
                  .formatted(within, said, topic, events));
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          events.add(
              new Event(
                  record.partition(), record.offset(), json(record.key()), json(record.value())));
        }
      }
    }
    events.sort(Comparator.comparing(Event::partition).thenComparing(Event::offset));
    return events;
  }

  @Override
  public void close() {
    for (ChildProcess process : new ChildProcess[] {capture, kafka, database}) {
      if (process != null) {
        process.close();
      }
    }
  }

  private Path logs() {
    return folder.resolve("logs");
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return bytes == null ? null : JSON.readTree(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void kill(ChildProcess process) {
    process.kill();
    try {
      if (process.awaitEnd(Duration.ofSeconds(20)).isEmpty()) {
        throw new AssertionError(process.name() + " survived SIGKILL");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
