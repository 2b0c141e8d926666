/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.PublisherConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ProcessLock;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.mirror.TableFollower;
import io.tidelake.publish.view.CleanViewPublisher;
import io.tidelake.publish.view.HiveViews;
import io.tidelake.publish.view.IcebergViews;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.paimon.fs.FileIO;

/**
 * Shows all tables of the lake as Iceberg tables, for Trino and other readers: each newest Paimon
 * snapshot as one Iceberg snapshot, without copying data. One process per lake does so.
 */
public final class Publisher implements AutoCloseable {

  private static final Duration LOOK_FOR_TABLES = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final PublisherConfig options;
  private final LakeCatalog catalog;
  private final IcebergLake iceberg;
  private final CleanViewPublisher views;
  private final DroppedTables dropped;
  private final TableStates states;
  private final ReportWriter report;
  private final ProcessLock lock;
  private final ScheduledExecutorService workers;
  private final Consumer<String> events;
  private final Clock clock;
  private final Map<String, TableFollower> tables = new ConcurrentHashMap<>();
  private boolean orphansAreDropped;

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
    FileIO files = LakeAccess.files(config);
    this.dropped = new DroppedTables(catalog, iceberg, views, files, events);
    this.states = new TableStates(events, clock);
    this.report = new ReportWriter(files, IcebergLake.location(config), events, clock);
    this.lock = lock;
    this.events = events;
    this.workers = Executors.newScheduledThreadPool(options.parallelism());
  }

  /**
   * Opens the lake and the Iceberg catalog.
   *
   * @param events is told of problems and their ends, a line each
   * @throws LakeException when one of them cannot be opened, or another publisher runs
   */
  public static Publisher open(LakeConfig config, Consumer<String> events) throws IOException {
    return open(config, events, Clock.systemUTC());
  }

  static Publisher open(LakeConfig config, Consumer<String> events, Clock clock)
      throws IOException {
    ProcessLock lock = ProcessLock.take(lockFile(config), Publisher::running);
    LakeCatalog catalog = null;
    try {
      catalog = LakeAccess.catalog(config);
      return new Publisher(config, catalog, IcebergLake.open(config), lock, events, clock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      if (catalog != null) {
        catalog.close();
      }
      throw e;
    }
  }

  private static LakeException running(String pid) {
    return new LakeException(
        ErrorCode.PUBLISHER_RUNNING,
        "A publisher of this lake runs already: process " + pid + ".",
        "Let it run, or end it with `kill " + pid + "`; `lake publish status` shows what it does.");
  }

  private static Path lockFile(LakeConfig config) {
    String location = IcebergLake.location(config);
    return location.startsWith("file:")
        ? Path.of(new org.apache.paimon.fs.Path(location).toUri().getPath(), "publisher.lock")
        : config.folders().work().resolve("publish/%08x.lock".formatted(location.hashCode()));
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
    report.write(states.current());
    return StatusReader.tables(catalog, states.current());
  }

  /** The newest Paimon snapshot of each table that readers see; 0 for none. */
  public Map<String, Long> shownSnapshots() {
    Map<String, Long> shown = new TreeMap<>();
    states.current().forEach((table, state) -> shown.put(table, state.snapshot()));
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
      report.writeIfDue(states.current());
      Thread.sleep(LOOK_FOR_TABLES.toMillis());
    }
  }

  private void follow(String name, Duration lastRetry) {
    Duration retry = publish(name, tables.get(name), lastRetry);
    if (!tables.containsKey(name)) {
      return;
    }
    Duration interval = OpsTable.isOne(name) ? options.opsPollInterval() : options.pollInterval();
    Duration wait = retry.isZero() ? interval : retry;
    // No exception is lost with it: publish() makes a problem of the table of each.
    Future<?> unused =
        workers.schedule(() -> follow(name, retry), wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Publishes one table.
   *
   * @param lastRetry how long was waited after the last failure; zero when there was none
   * @return how long to wait after a failure; zero when there was none
   */
  private Duration publish(String name, TableFollower table, Duration lastRetry) {
    try {
      if (table.publish()) {
        states.succeeded(name, table.publishedSnapshot());
      } else {
        dropped.remove(name);
        tables.remove(name);
        states.forget(name);
        dropped.announce(name);
      }
      return Duration.ZERO;
    } catch (LakeException e) {
      states.failed(name, e);
    } catch (RuntimeException e) {
      states.failed(name, TableFollower.failed(name, e));
    }
    iceberg.reopen();
    Duration doubled = lastRetry.multipliedBy(2);
    return doubled.compareTo(LAST_RETRY) > 0
        ? LAST_RETRY
        : doubled.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : doubled;
  }

  /** Begins with tables that are new; returns their names. */
  private List<String> lookForTables() {
    List<String> found = catalog.tableNames();
    List<String> added = new ArrayList<>();
    if (!orphansAreDropped) {
      dropped.removeOrphans(found);
      orphansAreDropped = true;
    }
    for (String name : found) {
      if (!tables.containsKey(name)) {
        tables.put(
            name,
            new TableFollower(
                catalog, iceberg, views, options.skipTags(), options.keepFor(), clock, name));
        added.add(name);
      }
    }
    return added;
  }

  /**
   * How far each table is published, asked of the lake, the Iceberg catalog and the publisher's
   * last report.
   *
   * @throws LakeException when one of them cannot be reached
   */
  public static PublisherStatus status(LakeConfig config) throws IOException {
    return StatusReader.read(config);
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
