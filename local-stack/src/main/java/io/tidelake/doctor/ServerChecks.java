package io.tidelake.doctor;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.doctor.Check.Area;
import io.tidelake.error.LakeException;
import io.tidelake.health.Reachable;
import io.tidelake.process.FreePorts;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Looks whether the servers answer that the configuration names. One on this machine that does not
 * is not running, which is no problem where no local stack should run it.
 */
final class ServerChecks {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(5);

  /** All of a list of addresses are this machine's. */
  private static final Pattern HERE =
      Pattern.compile("((\\w+://)?(localhost|127\\.[\\d.]+|\\[::1])(:\\d+)?/?(\\s*,\\s*|$))+");

  private static final String STACK = "local stack";

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

  /**
   * The local stack: whether its servers answer, or whether its ports are still free for it.
   *
   * @param last the one that was started last in the work directory of {@code lake up}
   */
  static List<Check> stack(Optional<StackAddresses> last) throws IOException {
    if (last.isEmpty()) {
      return List.of(Check.ok(Area.servers, STACK, "not running; `lake up` starts it"));
    }
    Map<String, Integer> ports = new TreeMap<>(last.get().ports());
    return last.get().isRunning() ? running(last.get(), ports) : ended(ports);
  }

  private static List<Check> running(StackAddresses stack, Map<String, Integer> ports) {
    List<Check> found = new ArrayList<>();
    String state = stack.ready() ? "running" : "starting";
    found.add(
        Check.ok(
            Area.servers,
            STACK,
            "%s in %s (process %d)".formatted(state, stack.workDir(), stack.pid())));
    ports.forEach(
        (server, port) -> {
          try {
            Reachable.require(server, "127.0.0.1:" + port);
          } catch (IOException e) {
            String log = "Its log: lake logs " + server;
            found.add(
                stack.ready()
                    ? Check.problem(Area.servers, STACK, e.getMessage(), log)
                    : Check.warning(Area.servers, STACK, e.getMessage(), log));
          }
        });
    return found;
  }

  private static List<Check> ended(Map<String, Integer> ports) throws IOException {
    List<Check> found = new ArrayList<>();
    found.add(Check.ok(Area.servers, STACK, "not running; `lake up` goes on with its data"));
    for (Map.Entry<String, Integer> server : ports.entrySet()) {
      int port = server.getValue();
      if (!FreePorts.isFree(port)) {
        found.add(
            Check.warning(
                Area.servers,
                "ports",
                "the last port of %s, %d, is taken by another process"
                    .formatted(server.getKey(), port),
                "`lake up` will take another one; tell clients that know the old one. `ss -ltnp sport = :%d` says who has it."
                    .formatted(port)));
      }
    }
    return found;
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
    FlinkCluster.Overview[] answer = new FlinkCluster.Overview[1];
    List<Check> found =
        asked(
            "Flink",
            address,
            false,
            () -> {
              answer[0] = new FlinkCluster(address).overview();
              return "Flink %s at %s, task managers: %d, task slots: %d, of them free: %d"
                  .formatted(
                      answer[0].version(),
                      address,
                      answer[0].taskManagers(),
                      answer[0].slots(),
                      answer[0].freeSlots());
            });
    return answer[0] == null
        ? found
        : List.of(flink(answer[0], found.get(0).found(), BuiltWith.thisBuild().flink()));
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
    String address = config.source().connector();
    return address == null || address.isEmpty()
        ? notConfigured("change capture", "source: connector")
        : asked(
            "change capture",
            address,
            true,
            () ->
                "%s at %s"
                    .formatted(
                        new CaptureConnector(address).state().orElse("not started yet"), address));
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
      if (stack.isEmpty() && !needed && HERE.matcher(address).matches()) {
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
