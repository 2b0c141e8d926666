/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.doctor.Check.Area;
import io.tidelake.error.LakeException;
import io.tidelake.health.Reachable;
import io.tidelake.stack.StackAddresses;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.tables.catalog.HiveMetastore;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Looks whether the servers answer that the configuration names. Where nobody listens on this
 * machine, and no local stack should, that is no problem: such addresses are defaults.
 */
final class ServerChecks {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(5);

  /** All of a list of addresses are this machine's. */
  private static final Pattern HERE =
      Pattern.compile("((\\w+://)?(localhost|127\\.[\\d.]+|\\[::1])(:\\d+)?/?(\\s*,\\s*|$))+");

  private final LakeConfig config;
  private final Optional<StackAddresses> stack;

  /**
   * @param config the project's, with the addresses of its local stack when that runs
   * @param stack the local stack; empty when it does not run
   */
  ServerChecks(LakeConfig config, Optional<StackAddresses> stack) {
    this.config = config;
    this.stack = stack;
  }

  /** Whether the catalog opens, and what it holds. Makes nothing: neither folder nor database. */
  List<Check> catalog() {
    String warehouse = config.catalog().getOrDefault("warehouse", "");
    boolean isMade =
        LakeConfig.HIVE.equals(config.catalog().get("metastore"))
            || folder(warehouse)
                .map(folder -> Files.isDirectory(folder.resolve(config.database() + ".db")))
                .orElse(true);
    int tables = isMade ? tablesOfCatalog() : 0;
    return List.of(
        Check.ok(
            Area.servers,
            "catalog",
            tables == 0
                ? "no tables yet in %s; `lake tables apply` makes them".formatted(warehouse)
                : "%d tables in %s".formatted(tables, warehouse)));
  }

  private int tablesOfCatalog() {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      return catalog.tableNames().size();
    }
  }

  /** The folder of this machine that an address means; empty when it lies elsewhere. */
  static Optional<Path> folder(String address) {
    String path = address.replaceFirst("^file:(//)?", "");
    return path.startsWith("/") ? Optional.of(Path.of(path)) : Optional.empty();
  }

  /** The addresses of Hive Metastores that the configuration names. */
  Set<String> metastores() {
    Set<String> addresses = new LinkedHashSet<>();
    if (LakeConfig.HIVE.equals(config.catalog().get("metastore"))) {
      addresses.add(config.catalog().get("uri"));
    }
    addresses.add(config.hive().uri());
    if (LakeConfig.HIVE.equals(config.publisher().catalog().get("type"))) {
      addresses.add(config.publisher().catalog().get("uri"));
    }
    addresses.remove(null);
    return addresses;
  }

  /** A Hive Metastore. */
  List<Check> metastore(String address) {
    boolean needed = address.equals(config.catalog().get("uri"));
    return asked(
        "Hive Metastore",
        address,
        needed,
        () -> {
          try (HiveMetastore metastore = HiveMetastore.connect(address)) {
            return "%d databases at %s"
                .formatted(metastore.client().getAllDatabases().size(), address);
          }
        });
  }

  /** The Flink cluster. */
  List<Check> flink() {
    String address = config.cluster().restAddress();
    if (address == null) {
      return notConfigured("Flink", "cluster: rest-address");
    }
    AtomicReference<FlinkCluster.Overview> answer = new AtomicReference<>();
    List<Check> found =
        asked(
            "Flink",
            address,
            false,
            () -> {
              FlinkCluster.Overview cluster = new FlinkCluster(address).overview();
              answer.set(cluster);
              return "Flink %s at %s, task managers: %d, task slots: %d, of them free: %d"
                  .formatted(
                      cluster.version(),
                      address,
                      cluster.taskManagers(),
                      cluster.slots(),
                      cluster.freeSlots());
            });
    return answer.get() == null
        ? found
        : List.of(flink(answer.get(), found.get(0).found(), BuiltWith.thisBuild().flink()));
  }

  /**
   * A cluster that answers.
   *
   * @param found what it answers
   * @param version the Flink of this Tidelake
   */
  static Check flink(FlinkCluster.Overview cluster, String found, String version) {
    if (!BuiltWith.line(cluster.version()).equals(BuiltWith.line(version))) {
      return Check.problem(
          Area.servers,
          "Flink",
          found,
          "Take a cluster of Flink %s: jobs of Tidelake are made with it.".formatted(version));
    }
    return cluster.slots() == 0
        ? Check.warning(
            Area.servers,
            "Flink",
            found,
            "Start a task manager, unless they are started for each job: without slots jobs wait.")
        : Check.ok(Area.servers, "Flink", found);
  }

  /**
   * Kafka, and the topics of the source tables.
   *
   * @param files gives the source tables
   */
  List<Check> kafka(Callable<List<SourceFile>> files) {
    String address = config.source().bootstrapServers();
    if (address == null) {
      return notConfigured("Kafka", "source: bootstrap-servers");
    }
    List<SourceFile> sources = sources(files);
    List<String> missing = new ArrayList<>();
    List<Check> found =
        asked(
            "Kafka",
            address,
            false,
            () -> {
              Reachable.require("Kafka", address);
              if (!sources.isEmpty()) {
                try (SourceTopics kafka = new SourceTopics(sources.get(0).kafka(), KAFKA_WITHIN)) {
                  sources.stream()
                      .map(SourceFile::topic)
                      .distinct()
                      .filter(topic -> !kafka.exists(topic))
                      .forEach(missing::add);
                }
              }
              return "answers at %s, source tables: %d".formatted(address, sources.size());
            });
    return missing.isEmpty()
        ? found
        : List.of(
            Check.warning(
                Area.servers,
                "Kafka",
                "answers at %s, but lacks the topics %s".formatted(address, missing),
                "Change capture makes them when it starts; `lake sources check` looks at the source."));
  }

  private static List<SourceFile> sources(Callable<List<SourceFile>> files) {
    try {
      return files.call();
    } catch (Exception e) {
      // What is wrong with them, the check of the project's files says.
      return List.of();
    }
  }

  /** Change capture in Kafka Connect. */
  List<Check> capture() {
    String name = "change capture";
    String address = config.source().connector();
    if (address == null || address.isEmpty()) {
      return notConfigured(name, "source: connector");
    }
    AtomicReference<String> state = new AtomicReference<>("");
    List<Check> found =
        asked(
            name,
            address,
            true,
            () -> {
              state.set(new CaptureConnector(address).state().orElse("not started yet"));
              return "%s at %s".formatted(state.get(), address);
            });
    return state.get().isEmpty() ? found : List.of(capture(state.get(), found.get(0).found()));
  }

  /**
   * Change capture that answers.
   *
   * @param state Kafka Connect's
   * @param found what it answers
   */
  static Check capture(String state, String found) {
    return switch (state) {
      case "FAILED" ->
          Check.problem(
              Area.servers, "change capture", found, "`lake status` says why, and what to do.");
      case "RUNNING" -> Check.ok(Area.servers, "change capture", found);
      default ->
          Check.warning(
              Area.servers,
              "change capture",
              found,
              "Nothing of the source arrives in this state; `lake status` says what to do.");
    };
  }

  /** The source database. */
  List<Check> database() {
    SourceConfig.Database database = config.source().database();
    return database == null || database.url() == null
        ? notConfigured("source database", "source: database: url")
        : asked(
            "source database",
            database.url(),
            true,
            () -> {
              try (SourceDatabase source = SourceDatabase.connect(config)) {
                return "%s, tables: %d at %s"
                    .formatted(
                        source.isMariaDb() ? "MariaDB" : "MySQL",
                        source.tables().size(),
                        database.url());
              }
            });
  }

  /** Trino. */
  List<Check> trino() {
    String address = config.trino().server();
    return asked(
        "Trino",
        address,
        false,
        () -> {
          Reachable.require("Trino", address);
          // Other addresses are left to its driver.
          return address.matches(".*:\\d+")
              ? "answers at " + address
              : "not looked at: " + address + " names no port";
        });
  }

  /**
   * Asks a server.
   *
   * @param needed whether somebody has written down that it should be there: its address has no
   *     default
   * @param question gives what to say of it
   */
  private List<Check> asked(
      String name, String address, boolean needed, Callable<String> question) {
    try {
      return List.of(Check.ok(Area.servers, name, question.call()));
    } catch (Exception e) {
      if (!needed && !isOfStack(address) && isNobodyHere(name, address)) {
        return List.of(Check.ok(Area.servers, name, "not running at " + address));
      }
      Check problem =
          e instanceof LakeException
              ? Check.problem(Area.servers, name, e)
              : Check.problem(
                  Area.servers,
                  name,
                  noAnswer(address, LakeException.rootMessage(e)),
                  "Start it, or correct its address in lake.yaml.");
      boolean starting = stack.filter(running -> !running.ready()).isPresent();
      return List.of(
          starting
              ? Check.warning(
                  Area.servers,
                  name,
                  problem.found(),
                  "The local stack is starting: look again in a minute.")
              : problem);
    }
  }

  /** Whether addresses are this machine's, and nobody listens there. */
  private static boolean isNobodyHere(String name, String address) {
    try {
      Reachable.require(name, address);
      return false;
    } catch (IOException e) {
      return HERE.matcher(address).matches();
    }
  }

  /** A stack need not have all servers. */
  private boolean isOfStack(String address) {
    return stack
        .filter(
            running ->
                running.ports().values().stream().anyMatch(port -> address.endsWith(":" + port)))
        .isPresent();
  }

  private static String noAnswer(String address, String message) {
    return message.contains(address)
        ? message
        : "no answer from %s: %s".formatted(address, message);
  }

  private static List<Check> notConfigured(String name, String setting) {
    return List.of(
        Check.ok(Area.servers, name, "not configured (`%s` in lake.yaml)".formatted(setting)));
  }
}
