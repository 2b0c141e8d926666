package io.tidelake.publish;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.process.ProcessLock;
import io.tidelake.publish.PublisherReport.TableState;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.TablePublisher;
import io.tidelake.publish.view.CleanViewPublisher;
import io.tidelake.publish.view.HiveViews;
import io.tidelake.publish.view.IcebergViews;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.util.TimeUtils;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableOperations;
import org.apache.paimon.fs.FileIO;

/**
 * Shows all tables of the lake as Iceberg tables, for Trino and other readers: each newest Paimon
 * snapshot as one Iceberg snapshot, without copying data. One process per lake does so.
 */
public final class Publisher implements AutoCloseable {

  private static final Duration LOOK_FOR_TABLES = Duration.ofSeconds(1);
  private static final Duration REPORT = Duration.ofSeconds(5);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final LakeConfig.Publisher options;
  private final LakeCatalog catalog;
  private final IcebergLake iceberg;
  private final CleanViewPublisher views;
  private final String location;
  private final FileIO files;
  private final ProcessLock lock;
  private final ScheduledExecutorService workers;
  private final Consumer<String> events;
  private final Clock clock;
  private final Map<String, TablePublisher> tables = new ConcurrentHashMap<>();
  private final Map<String, TableState> states = new ConcurrentHashMap<>();
  private boolean orphansAreDropped;
  private Instant reported = Instant.EPOCH;
  private Map<String, TableState> lastReport = Map.of();

  private Publisher(
      LakeConfig config,
      LakeCatalog catalog,
      IcebergLake iceberg,
      ProcessLock lock,
      Consumer<String> events,
      Clock clock)
      throws IOException {
    this.clock = clock;
    this.options = config.publisher();
    this.catalog = catalog;
    this.iceberg = iceberg;
    this.views = views(config, iceberg);
    this.location = IcebergLake.location(config);
    this.files = files(config);
    this.lock = lock;
    this.events = events;
    this.workers = Executors.newScheduledThreadPool(options.parallelism());
  }

  /**
   * Opens the lake and the Iceberg catalog.
   *
   * @param home the project's folder; the lock lies in it when the lake is not on this machine
   * @param events is told of problems and their ends, a line each
   * @throws LakeException when one of them cannot be opened, or another publisher runs
   */
  public static Publisher open(LakeConfig config, Path home, Consumer<String> events)
      throws IOException {
    return open(config, home, events, Clock.systemUTC());
  }

  static Publisher open(LakeConfig config, Path home, Consumer<String> events, Clock clock)
      throws IOException {
    ProcessLock lock = ProcessLock.take(lockFile(config, home), Publisher::running);
    LakeCatalog catalog = null;
    try {
      catalog = LakeCatalog.open(uncached(config));
      return new Publisher(config, catalog, IcebergLake.open(config), lock, events, clock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      if (catalog != null) {
        catalog.close();
      }
      throw e;
    }
  }

  /** Else a table that another process drops and creates again would be seen minutes later. */
  private static LakeConfig uncached(LakeConfig config) {
    Map<String, String> options = new HashMap<>(config.catalog());
    options.put("cache-enabled", "false");
    return config.withCatalog(options);
  }

  private static LakeException running(String pid) {
    return new LakeException(
        "PUBLISHER_RUNNING",
        "A publisher of this lake runs already: process " + pid + ".",
        "Let it run, or end it with `kill " + pid + "`; `lake publish status` shows what it does.");
  }

  private static Path lockFile(LakeConfig config, Path home) {
    String location = IcebergLake.location(config);
    return location.startsWith("file:")
        ? Path.of(new org.apache.paimon.fs.Path(location).toUri().getPath(), "publisher.lock")
        : home.resolve(".lake/publish/%08x.lock".formatted(location.hashCode()));
  }

  private static FileIO files(LakeConfig config) throws IOException {
    return FileIO.get(
        new org.apache.paimon.fs.Path(IcebergLake.location(config)),
        CatalogContexts.of(config.catalog()));
  }

  private static CleanViewPublisher views(LakeConfig config, IcebergLake iceberg) {
    String trinoCatalog = config.publisher().trinoCatalog();
    return iceberg
        .hiveUri()
        .<CleanViewPublisher>map(uri -> new HiveViews(iceberg, uri, trinoCatalog))
        .orElseGet(() -> new IcebergViews(iceberg, trinoCatalog));
  }

  /**
   * Publishes what is new in each table, once.
   *
   * @return all tables, by name
   */
  public List<PublishedTable> publishOnce() throws InterruptedException {
    lookForTables();
    List<Future<Duration>> running = new ArrayList<>();
    for (String name : List.copyOf(tables.keySet())) {
      running.add(workers.submit(() -> publish(name, tables.get(name), Duration.ZERO)));
    }
    for (Future<Duration> table : running) {
      try {
        table.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    report(true);
    return published();
  }

  /** The newest Paimon snapshot of each table that readers see; 0 for none. */
  public Map<String, Long> shownSnapshots() {
    Map<String, Long> shown = new TreeMap<>();
    states.forEach((table, state) -> shown.put(table, state.snapshot()));
    return shown;
  }

  /** Publishes until the thread is interrupted. Not after {@link #publishOnce}. */
  public void run() throws InterruptedException {
    String problem = "";
    while (true) {
      try {
        for (String name : lookForTables()) {
          workers.execute(() -> follow(name, Duration.ZERO));
        }
        problem = "";
      } catch (RuntimeException e) {
        String message = LakeException.rootMessage(e);
        if (!problem.equals(message)) {
          problem = message;
          events.accept("problem PUBLICATION_FAILED: Cannot look for tables: " + message);
        }
      }
      report(false);
      Thread.sleep(LOOK_FOR_TABLES.toMillis());
    }
  }

  private void follow(String name, Duration lastRetry) {
    Duration retry = publish(name, tables.get(name), lastRetry);
    if (!tables.containsKey(name)) {
      return;
    }
    String interval = OpsTable.isOne(name) ? options.opsPollInterval() : options.pollInterval();
    Duration wait = retry.isZero() ? TimeUtils.parseDuration(interval) : retry;
    workers.schedule(() -> follow(name, retry), wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Publishes one table.
   *
   * @param lastRetry how long was waited after the last failure; zero when there was none
   * @return how long to wait after a failure; zero when there was none
   */
  private Duration publish(String name, TablePublisher table, Duration lastRetry) {
    try {
      if (table.publish()) {
        succeeded(name, table.publishedSnapshot());
      } else {
        table.drop(files);
        tables.remove(name);
        states.remove(name);
        events.accept("The table " + name + " was dropped, and is not shown any more.");
      }
      return Duration.ZERO;
    } catch (LakeException e) {
      failed(name, e);
    } catch (RuntimeException e) {
      failed(name, TablePublisher.failed(name, e));
    }
    iceberg.reopen();
    Duration doubled = lastRetry.multipliedBy(2);
    return doubled.compareTo(LAST_RETRY) > 0
        ? LAST_RETRY
        : doubled.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : doubled;
  }

  private void succeeded(String name, long snapshot) {
    TableState before = states.put(name, TableState.shown(snapshot));
    if (before != null && before.code() != null) {
      events.accept("The table " + name + " is published again, snapshot " + snapshot + ".");
    }
  }

  private void failed(String name, LakeException problem) {
    TableState before = states.get(name);
    boolean isNew = before == null || !problem.code().equals(before.code());
    states.put(
        name,
        new TableState(
            before == null ? 0 : before.snapshot(),
            problem.code(),
            problem.getMessage(),
            problem.remedy(),
            isNew ? clock.instant().toString() : before.since()));
    if (isNew) {
      events.accept(
          "problem " + problem.code() + ": " + problem.getMessage() + " " + problem.remedy());
    }
  }

  /** Begins with tables that are new; returns their names. */
  private List<String> lookForTables() {
    List<String> found = catalog.tableNames();
    List<String> added = new ArrayList<>();
    if (!orphansAreDropped) {
      dropOrphans(found);
      orphansAreDropped = true;
    }
    for (String name : found) {
      if (!tables.containsKey(name)) {
        tables.put(
            name,
            new TablePublisher(
                catalog,
                iceberg,
                views,
                options.skipTags(),
                TimeUtils.parseDuration(options.keepFor()),
                clock,
                name));
        added.add(name);
      }
    }
    return added;
  }

  /** Tables that were dropped while no publisher ran. */
  private void dropOrphans(List<String> existing) {
    for (String name : iceberg.tableNames()) {
      if (!existing.contains(name) && catalog.findTable(name).isEmpty() && isOurs(name)) {
        views.hide(name);
        iceberg.drop(name);
        files.deleteDirectoryQuietly(new org.apache.paimon.fs.Path(iceberg.folder(name)));
        events.accept("The table " + name + " was dropped, and is not shown any more.");
      }
    }
  }

  private boolean isOurs(String name) {
    try {
      return iceberg
          .load(name)
          .filter(table -> !table.current().property(TablePublisher.TABLE_UUID, "").isEmpty())
          .isPresent();
    } catch (IcebergLake.DamagedMetadataException e) {
      return false;
    }
  }

  private void report(boolean always) {
    Map<String, TableState> now = new TreeMap<>(states);
    Instant time = clock.instant();
    if (!always && now.equals(lastReport) && reported.plus(REPORT).isAfter(time)) {
      return;
    }
    String process = host() + " process " + ProcessHandle.current().pid();
    try {
      new PublisherReport(process, time.toString(), now).write(files, location);
      lastReport = now;
      reported = time;
    } catch (IOException e) {
      events.accept("Cannot write the publisher's report: " + LakeException.rootMessage(e));
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  private List<PublishedTable> published() {
    return new TreeMap<>(states)
        .entrySet().stream()
            .map(
                table ->
                    published(
                        table.getKey(),
                        newest(catalog, table.getKey()),
                        table.getValue().snapshot(),
                        Optional.of(table.getValue())))
            .toList();
  }

  private static PublishedTable published(
      String table, long newest, long shown, Optional<TableState> state) {
    return new PublishedTable(
        table,
        newest,
        shown,
        state.map(TableState::code).orElse(null),
        state.map(TableState::message).orElse(null),
        state.map(TableState::remedy).orElse(null));
  }

  private static long newest(LakeCatalog catalog, String table) {
    try {
      return catalog.latestSnapshotId(table);
    } catch (LakeException e) {
      // The table's own problem says why.
      return 0;
    }
  }

  /**
   * How far each table is published, asked of the lake, the Iceberg catalog and the publisher's
   * last report.
   *
   * @throws LakeException when one of them cannot be reached
   */
  public static PublisherStatus status(LakeConfig config) throws IOException {
    try (LakeCatalog catalog = LakeCatalog.open(uncached(config));
        IcebergLake iceberg = IcebergLake.open(config)) {
      Optional<PublisherReport> report =
          PublisherReport.read(files(config), IcebergLake.location(config));
      List<PublishedTable> tables = new ArrayList<>();
      for (String name : catalog.tableNames()) {
        Optional<TableState> state = report.map(last -> last.tables().get(name));
        long shown = shownSnapshot(iceberg, name);
        // A snapshot that changes nothing to be seen makes no commit of its own.
        long seen = shown == 0 ? 0 : Math.max(shown, state.map(TableState::snapshot).orElse(0L));
        tables.add(published(name, newest(catalog, name), seen, state));
      }
      return new PublisherStatus(
          report.map(PublisherReport::process).orElse(null),
          report.map(PublisherReport::writtenAt).orElse(null),
          tables);
    }
  }

  private static long shownSnapshot(IcebergLake iceberg, String table) {
    try {
      Snapshot snapshot =
          iceberg
              .load(table)
              .map(TableOperations::current)
              .map(now -> now.currentSnapshot())
              .orElse(null);
      return snapshot == null
          ? 0
          : Long.parseLong(snapshot.summary().getOrDefault(TablePublisher.SNAPSHOT_ID, "0"));
    } catch (IcebergLake.DamagedMetadataException e) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(LAST_RETRY.toSeconds(), TimeUnit.SECONDS)) {
        events.accept("A publication is still under way; it will be finished or left out.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    catalog.close();
    iceberg.close();
    lock.close();
  }
}
