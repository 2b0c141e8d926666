/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.BackgroundTask;
import io.tidelake.process.FreePorts;
import io.tidelake.process.ProcessLock;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.server.CaptureConfig;
import io.tidelake.stack.server.CaptureWorker;
import io.tidelake.stack.server.FlinkEngineServer;
import io.tidelake.stack.server.HiveMetastoreServer;
import io.tidelake.stack.server.KafkaBroker;
import io.tidelake.stack.server.LoseRows;
import io.tidelake.stack.server.MariaDbServer;
import io.tidelake.stack.server.TrinoServer;
import io.tidelake.streaming.capture.LoggedStatements;
import io.tidelake.streaming.connect.LimitSize;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.workload.SourceRow;
import io.tidelake.workload.SourceTable;
import io.tidelake.workload.WorkloadWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

/**
 * The local stack: database, Kafka, change capture, Hive Metastore, Flink, the publisher and Trino,
 * each a process on free loopback ports, all data in one work directory. Started again on the same
 * directory it goes on where it was, on the same ports as far as they are still free.
 */
public final class LocalStack implements AutoCloseable {

  /** A stack does not start, and ends, when the disk has less free space than this. */
  public static final long MINIMUM_FREE_BYTES = WorkDir.MINIMUM_FREE_BYTES;

  private static final String HIVE = HiveMetastoreServer.NAME;
  private static final int PARTITIONS = 3;
  private static final Duration LOOK_AT_SOURCE_EVERY = Duration.ofMinutes(1);

  /** Commands that stop change capture have it go on within a few minutes, or give up. */
  private static final Duration COMMANDS_END_WITHIN = Duration.ofMinutes(10);

  private static final Map<String, String> OF_HEARTBEATS = Map.of("retention.ms", "3600000");

  private final WorkDir workDir;
  private final StackOptions options;
  private final Consumer<String> progress;
  private final SourceConfig.LocalStack source;
  private volatile StackAddresses addresses;
  private final Deque<ChildProcess> processes = new ConcurrentLinkedDeque<>();
  private final CaptureWatch captureWatch;
  private final LoggedStatements loggedStatements;
  private CaptureConfig capture;
  private ProcessLock lock;
  private SourceWatch sourceWatch;

  private LocalStack(WorkDir workDir, StackOptions options, Consumer<String> progress)
      throws IOException {
    this.workDir = workDir;
    this.options = options;
    this.progress = progress;
    this.source = LakeConfig.load(options.project(), Map.of()).source().localStack();
    List<String> servers =
        new ArrayList<>(List.of("mariadb", "kafka", "kafka-controller", "capture", "flink", HIVE));
    options.trinoJdk().ifPresent(jdk -> servers.add(TrinoServer.NAME));
    Map<String, Integer> before = workDir.lastStart().map(StackAddresses::ports).orElse(Map.of());
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (String server : servers) {
      ports.put(server, FreePorts.next(before.get(server)));
    }
    this.addresses =
        StackAddresses.ofThisProcess(
            workDir.path().toString(), ports, source.database(), options.metastore());
    this.captureWatch =
        new CaptureWatch(
            addresses.port("capture"),
            workDir.logs().resolve("capture.log"),
            COMMANDS_END_WITHIN,
            progress);
    this.loggedStatements = new LoggedStatements(workDir.logs().resolve("capture.log"), progress);
  }

  /**
   * Starts all processes.
   *
   * @param workDir where all data and logs lie; created when missing
   * @param progress is told what is going on, a line each
   * @throws LakeException when a process does not start; the others are ended
   */
  public static LocalStack start(Path workDir, StackOptions options, Consumer<String> progress)
      throws Exception {
    LocalStack stack = new LocalStack(WorkDir.at(workDir), options, progress);
    try {
      stack.startAll();
      return stack;
    } catch (Exception e) {
      stack.close();
      throw e;
    }
  }

  /** Says to other commands that everything is there, its tables too. */
  public void setReady() throws IOException {
    addresses = addresses.allReady();
    addresses.save();
  }

  /** Where everything is. */
  public StackAddresses addresses() {
    return addresses;
  }

  /**
   * Starts servers again that have ended: all but Flink, whose jobs a person starts. Keeps change
   * capture going.
   *
   * @throws LakeException when Flink has ended, another server cannot be started again, or the disk
   *     is nearly full; it names the process and its log, or the free space
   */
  public void checkAlive() {
    workDir.refuseFullDisk();
    // In the order in which they were started: each before those that need it.
    processes.descendingIterator().forEachRemaining(this::startAgainIfEnded);
    try {
      captureWatch.check();
      loggedStatements.check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of change capture", e);
    }
    sourceWatch.check();
  }

  /** Ends all processes, the one started last first, and says so in the work directory. */
  @Override
  public synchronized void close() {
    while (!processes.isEmpty()) {
      processes.pop().close();
    }
    // Once: later the folder may be another stack's.
    if (lock != null) {
      try (ProcessLock released = lock) {
        addresses.ended().save();
      } catch (IOException e) {
        // The folder is gone. Were it not, the process's start time would tell that it has ended.
      }
      lock = null;
    }
  }

  private void startAll() throws Exception {
    workDir.create();
    workDir.refuseFullDisk();
    lock = workDir.lock();
    workDir.refuseOtherMetastore(options.metastore());
    LakeConfig config = LakeConfig.load(options.project(), addresses.configuration());
    List<SourceFile> sources = SourceFiles.read(config);
    capture = captureConfig(sources);
    sourceWatch = new SourceWatch(new SourceCheck(config, sources), LOOK_AT_SOURCE_EVERY, progress);
    addresses.save();
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stack-stop"));
    Path logs = workDir.logs();
    BackgroundTask<ChildProcess> database =
        BackgroundTask.start("stack-start", this::startDatabase);
    BackgroundTask<ChildProcess> kafka = BackgroundTask.start("stack-start", this::startKafka);
    BackgroundTask<ChildProcess> flink =
        BackgroundTask.start(
            "stack-start",
            () -> FlinkEngineServer.start(logs, addresses.port("flink"), options.engineHeap()));
    BackgroundTask<ChildProcess> hive = BackgroundTask.start("stack-start", this::startMetastore);
    List<BackgroundTask<ChildProcess>> starting =
        new ArrayList<>(List.of(database, kafka, hive, flink));
    options
        .trinoJdk()
        .ifPresent(jdk -> starting.add(BackgroundTask.start("stack-start", () -> startTrino(jdk))));
    // All are waited for, so that after a failure of one the others are known and can be ended.
    Exception failure = null;
    for (BackgroundTask<ChildProcess> task : starting) {
      try {
        processes.push(task.result());
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    progress.accept(
        "database 127.0.0.1:%d, Kafka 127.0.0.1:%d, Flink http://127.0.0.1:%d, Hive Metastore %s"
            .formatted(
                addresses.port("mariadb"),
                addresses.port("kafka"),
                addresses.port("flink"),
                HiveMetastoreServer.uri(addresses.port(HIVE))));
    createSchema();
    createTopics();
    processes.push(startCapture());
    progress.accept(
        "change capture is running (Debezium, http://127.0.0.1:%d)"
            .formatted(addresses.port("capture")));
    processes.push(PublisherServer.start(options.project(), logs, addresses));
    progress.accept("the publisher shows the tables in the Hive Metastore to Iceberg readers");
    if (options.lostRows() > 0) {
      progress.accept(
          "CHANGE CAPTURE LOSES ROWS: every event of %s %% of the rows of %s, chosen by their keys"
              .formatted(
                  BigDecimal.valueOf(options.lostRows())
                      .movePointRight(2)
                      .stripTrailingZeros()
                      .toPlainString(),
                  String.join(", ", topicsOfFacts())));
    }
  }

  private void createSchema() throws SQLException {
    if (source.schema() == null) {
      WorkloadWriter.createSchema(addresses.jdbcUrl());
    } else {
      SourceStatements.run(addresses.jdbcUrl(), source.database(), source.schema());
    }
  }

  private ChildProcess startDatabase() throws IOException, InterruptedException {
    return MariaDbServer.start(
        workDir.folder("mariadb"), workDir.logs(), addresses.port("mariadb"));
  }

  private ChildProcess startKafka() throws IOException, InterruptedException {
    return KafkaBroker.start(
        workDir.folder("kafka"),
        workDir.logs(),
        addresses.port("kafka"),
        addresses.port("kafka-controller"));
  }

  private void createTopics() throws Exception {
    int port = addresses.port("kafka");
    KafkaBroker.createTopics(port, capture.topics(), PARTITIONS, Map.of());
    KafkaBroker.createTopics(port, List.of(capture.heartbeatTopic()), 1, OF_HEARTBEATS);
    KafkaBroker.createTopics(port, capture.ownTopics(), 1, Map.of());
  }

  /**
   * @throws LakeException when the source is unfit, or capture does not start
   */
  private ChildProcess startCapture() throws IOException, InterruptedException {
    sourceWatch.refuseUnfit();
    return CaptureWorker.start(
        workDir.folder("capture"), workDir.logs(), addresses.port("capture"), capture);
  }

  private CaptureConfig captureConfig(List<SourceFile> sources) {
    Map<String, Map<String, String>> transformations = new LinkedHashMap<>();
    if (options.lostRows() > 0) {
      transformations.put("lose", LoseRows.properties(options.lostRows(), topicsOfFacts()));
    }
    transformations.put("limit", LimitSize.properties(LimitSize.LIMIT_BYTES));
    return new CaptureConfig(
        addresses.port("kafka"),
        addresses.port("mariadb"),
        StackAddresses.TOPIC_PREFIX,
        addresses.database(),
        sources.stream().map(SourceFile::table).distinct().toList(),
        transformations);
  }

  private ChildProcess startMetastore() throws IOException, InterruptedException {
    return HiveMetastoreServer.start(workDir.folder(HIVE), workDir.logs(), addresses.port(HIVE));
  }

  private ChildProcess startTrino(Path jdk) throws IOException, InterruptedException {
    return TrinoServer.start(
        LakeConfig.load(options.project(), addresses.configuration()),
        workDir.folder("trino"),
        workDir.logs(),
        addresses.port(TrinoServer.NAME),
        jdk);
  }

  private void startAgainIfEnded(ChildProcess server) {
    if (server.isAlive()) {
      return;
    }
    Callable<ChildProcess> start =
        switch (server.name()) {
          case TrinoServer.NAME -> () -> startTrino(options.trinoJdk().orElseThrow());
          case PublisherServer.NAME ->
              () -> PublisherServer.start(options.project(), workDir.logs(), addresses);
          case HIVE -> this::startMetastore;
          case "mariadb" -> this::startDatabase;
          case "kafka" -> this::startKafka;
          case "capture" -> this::startCapture;
          default ->
              throw new LakeException(
                  ErrorCode.SERVER_ENDED,
                  "The process " + server.name() + " has ended unexpectedly.",
                  "Its log is "
                      + server.log()
                      + ". Run the same command again (a demo with the same --work-dir) to resume.");
        };
    progress.accept(
        "The process %s has ended; it is started again. Its log is %s"
            .formatted(server.name(), server.log()));
    processes.remove(server);
    try {
      processes.push(start.call());
      progress.accept(server.name() + " is running again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.SERVER_ENDED,
          "The process %s cannot be started again: %s"
              .formatted(server.name(), LakeException.rootMessage(e)),
          "Its log is " + server.log() + ".",
          e);
    }
  }

  private List<String> topicsOfFacts() {
    return SourceRow.TABLES.stream()
        .map(SourceTable::of)
        .filter(SourceTable::isFact)
        .map(
            table ->
                "%s.%s.%s"
                    .formatted(StackAddresses.TOPIC_PREFIX, addresses.database(), table.name()))
        .toList();
  }
}
