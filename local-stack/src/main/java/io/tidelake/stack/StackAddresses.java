/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.health.RunningStack;
import io.tidelake.secret.PrivateFiles;
import io.tidelake.stack.server.CaptureWorker;
import io.tidelake.stack.server.HiveMetastoreServer;
import io.tidelake.stack.server.MariaDbServer;
import io.tidelake.stack.server.TrinoServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the servers of a local stack are. Kept in a file of its work directory, so that other
 * commands find it.
 *
 * @param pid process id of the command that runs the stack
 * @param startMillis when that process started, in milliseconds since the epoch: after a reboot
 *     another may have its id. NULL when the stack has ended, or an older version started it
 * @param workDir where its data and logs lie
 * @param ports loopback ports by server: mariadb, kafka, kafka-controller, capture, flink,
 *     hive-metastore, and trino where there is one
 * @param database the captured database
 * @param metastore where Paimon keeps its tables' names
 * @param ready whether all its servers and tables are there; false while it is starting
 */
public record StackAddresses(
    long pid,
    Long startMillis,
    String workDir,
    Map<String, Integer> ports,
    String database,
    StackOptions.Metastore metastore,
    boolean ready) {

  /** The prefix of Debezium's topics; the database's name follows. */
  public static final String TOPIC_PREFIX = "lake";

  private static final String FILE = "stack.json";

  /** The system tells start times from the instant at which it booted, in whole seconds. */
  private static final long START_TOLERANCE_MILLIS = 2000;

  private static final ObjectMapper JSON = new ObjectMapper();

  public StackAddresses {
    ports = Map.copyOf(ports);
    // Older versions knew no other.
    database = database == null ? "logistics" : database;
    metastore = metastore == null ? StackOptions.Metastore.filesystem : metastore;
  }

  /**
   * The stack that was started last in a work directory.
   *
   * @return empty when none was
   */
  public static Optional<StackAddresses> find(Path workDir) {
    Path file = workDir.resolve(FILE);
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(file.toFile(), StackAddresses.class))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** Those of a stack that this process runs. */
  static StackAddresses ofThisProcess(
      String workDir,
      Map<String, Integer> ports,
      String database,
      StackOptions.Metastore metastore) {
    ProcessHandle self = ProcessHandle.current();
    return new StackAddresses(
        self.pid(),
        self.info().startInstant().map(Instant::toEpochMilli).orElse(null),
        workDir,
        ports,
        database,
        metastore,
        false);
  }

  void save() throws IOException {
    PrivateFiles.write(Path.of(workDir).resolve(FILE), JSON.writeValueAsString(this));
  }

  /** The same of a stack that has ended; its next start takes the same ports. */
  StackAddresses ended() {
    return new StackAddresses(pid, null, workDir, ports, database, metastore, false);
  }

  /** The same of a stack of which everything is there. */
  StackAddresses allReady() {
    return new StackAddresses(pid, startMillis, workDir, ports, database, metastore, true);
  }

  /**
   * The command that runs the stack; empty when it has ended, whatever process has its id now. Its
   * handle ends no other process either.
   */
  public Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::hasStartedThen);
  }

  private boolean hasStartedThen(ProcessHandle process) {
    return startMillis != null
        && process
            .info()
            .startInstant()
            .filter(start -> Math.abs(start.toEpochMilli() - startMillis) <= START_TOLERANCE_MILLIS)
            .isPresent();
  }

  /** True while the command that runs the stack is alive. */
  @JsonIgnore
  public boolean isRunning() {
    return process().isPresent();
  }

  /** What a check of the health asks of it. */
  public RunningStack forHealth() {
    return new RunningStack(workDir, ready, ports);
  }

  /** The port of a server. */
  public int port(String server) {
    return ports.get(server);
  }

  /** The database's address for the order system. */
  public String jdbcUrl() {
    return MariaDbServer.jdbcUrl(port("mariadb"));
  }

  /**
   * Values for the configuration: the lake, the change log, metastore and cluster of this stack.
   */
  public Map<String, String> configuration() {
    Map<String, String> values = new HashMap<>();
    // Its orders lie on simulated days, however long ago: streaming maintains them all.
    values.put("open-days", "36500");
    values.put("catalog/warehouse", Path.of(workDir).resolve("warehouse").toString());
    values.put("catalog/metastore", metastore.name());
    String hive = HiveMetastoreServer.uri(port(HiveMetastoreServer.NAME));
    if (metastore == StackOptions.Metastore.hive) {
      values.put("catalog/uri", hive);
    }
    values.put("hive/uri", hive);
    values.put("publisher/catalog/uri", hive);
    if (ports.containsKey(TrinoServer.NAME)) {
      values.put("trino/server", "127.0.0.1:" + port(TrinoServer.NAME));
    }
    values.put("source/bootstrap-servers", "127.0.0.1:" + port("kafka"));
    values.put("source/topic-prefix", TOPIC_PREFIX + "." + database);
    values.put("source/connector", CaptureWorker.address(port("capture")));
    values.put("source/database/url", MariaDbServer.captureUrl(port("mariadb"), database));
    values.put("source/database/user", MariaDbServer.CAPTURE_USER);
    values.put("source/database/password", MariaDbServer.CAPTURE_PASSWORD);
    values.put("cluster/rest-address", "127.0.0.1:" + port("flink"));
    values.put("cluster/checkpoints", Path.of(workDir).resolve("checkpoints").toString());
    return values;
  }
}
