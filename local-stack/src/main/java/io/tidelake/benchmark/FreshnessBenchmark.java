/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.config.LakeConfig;
import io.tidelake.demo.CommitCurve;
import io.tidelake.demo.Freshness;
import io.tidelake.demo.LakeMonitor;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.BackgroundTask;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackOptions;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.server.TrinoServer;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.WorkloadOptions;
import io.tidelake.workload.WorkloadWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How old the layers of the whole stack are while orders come: alone, and beside a backfill of the
 * wide fact, in a process of its own, whose rows have other days and keys. Its days are so large
 * that some are committed while it is measured: then compaction and the layers above work on them.
 */
public final class FreshnessBenchmark {

  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final Duration DAY_TAKES = Duration.ofSeconds(10);
  private static final Duration WARM_UP = Duration.ofSeconds(45);
  private static final Duration BACKFILL_STARTS_WITHIN = Duration.ofSeconds(30);
  private static final Duration BETWEEN_BACKFILLS = Duration.ofSeconds(20);
  private static final Duration AT_MOST_BESIDES = Duration.ofMinutes(4);
  private static final int CHANGES_PER_ORDER_AT_LEAST = 10;
  private static final String TABLE = "dwd_fulfillment_wide";
  private static final String DASHBOARD = "ads_overview";

  private final Path project;
  private final double changesPerSecond;
  private final List<Integer> limits;
  private final Duration measured;
  private final Path workDir;
  private final Optional<Path> trinoJdk;
  private final CommitCurve curve = new CommitCurve();

  /**
   * How old the layers were for a while.
   *
   * @param backfill what ran beside the stream
   * @param changesPerSecond how many changes a second were made meanwhile
   * @param committedRows rows that the backfill committed meanwhile
   * @param layers from ODS to ADS
   * @param dashboard queries of Trino that were asked meanwhile; NULL without Trino
   */
  public record Result(
      String backfill,
      double changesPerSecond,
      long committedRows,
      List<Freshness> layers,
      TrinoPoll.Result dashboard) {}

  /**
   * @param changesPerSecond that the order system makes
   * @param limits rows a second of the backfills, one after the other
   * @param measured how long each is measured
   * @param workDir an empty folder
   * @param trinoJdk folder of the JDK for a Trino that is asked once a second; empty for none
   */
  public FreshnessBenchmark(
      Path project,
      double changesPerSecond,
      List<Integer> limits,
      Duration measured,
      Path workDir,
      Optional<Path> trinoJdk) {
    this.project = project;
    this.changesPerSecond = changesPerSecond;
    this.limits = List.copyOf(limits);
    this.measured = measured;
    this.workDir = workDir;
    this.trinoJdk = trinoJdk;
  }

  /** Measures the stream alone, then beside each backfill. */
  public List<Result> run() throws Exception {
    List<TableDefinition> files = TableFiles.of(LakeConfig.load(project, Map.of())).read();
    TableDefinition target =
        files.stream().filter(file -> file.name().equals(TABLE)).findFirst().orElseThrow();
    for (int i = 0; i < limits.size(); i++) {
      RepeatedSnapshot.write(
          target,
          snapshot(i),
          firstDay(i),
          days(),
          Math.toIntExact(limits.get(i) * DAY_TAKES.toSeconds() * days()));
    }
    StackOptions options =
        new StackOptions(project, "3g", 0, StackOptions.Metastore.filesystem, trinoJdk);
    try (LocalStack stack =
        LocalStack.start(workDir.resolve("stack"), options, System.err::println)) {
      LakeConfig config = LakeConfig.load(project, stack.addresses().configuration());
      try (LakeCatalog catalog = LakeCatalog.open(config)) {
        TablePlan.of(config, catalog).apply(catalog);
        StreamingJobs jobs = new StreamingJobs(config);
        config.jobs().keySet().forEach(jobs::start);
        FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
        flink.awaitFirstCheckpoints(flink::checkNoneFailed);
        WorkloadOptions orders = WorkloadOptions.of(1, orders());
        LakeMonitor monitor = new LakeMonitor(catalog, curve, files, orders.firstDay());
        BackgroundTask<Void> writing =
            BackgroundTask.start(
                "order-system",
                () -> {
                  new WorkloadWriter(
                          stack.addresses().jdbcUrl(),
                          config.source().timeZone(),
                          changesPerSecond,
                          curve)
                      .write(orders);
                  return null;
                });
        Optional<TrinoPoll> dashboard =
            trinoJdk.map(
                jdk ->
                    TrinoPoll.start(
                        TrinoServer.jdbcUrl(config, stack.addresses().port("trino")), DASHBOARD));
        try {
          return measure(config, catalog, monitor, dashboard);
        } finally {
          dashboard.ifPresent(TrinoPoll::close);
          writing.cancel(true);
        }
      }
    }
  }

  /** More than are needed. */
  private int orders() {
    Duration all =
        measured.plus(BETWEEN_BACKFILLS).multipliedBy(limits.size() + 2L).plus(AT_MOST_BESIDES);
    return (int) (changesPerSecond * all.toSeconds() / CHANGES_PER_ORDER_AT_LEAST);
  }

  /** More than are written. */
  private int days() {
    return (int) (measured.plus(BACKFILL_STARTS_WITHIN).toSeconds() / DAY_TAKES.toSeconds()) + 2;
  }

  private List<Result> measure(
      LakeConfig config, LakeCatalog catalog, LakeMonitor monitor, Optional<TrinoPoll> dashboard)
      throws Exception {
    BackfillRecords records = new BackfillRecords(catalog);
    sample(monitor, records, dashboard, "warm-up", WARM_UP);
    List<Result> results = new ArrayList<>();
    results.add(sample(monitor, records, dashboard, "no backfill", measured));
    for (int i = 0; i < limits.size(); i++) {
      try (ChildProcess backfill = startBackfill(config, i)) {
        Instant start = Instant.now();
        // Its engine starts before it writes: that counts, too.
        Result result =
            sample(
                monitor,
                records,
                dashboard,
                "backfill of " + limits.get(i) + " rows/s at most",
                measured);
        if (!backfill.isAlive()) {
          throw new LakeException(
              ErrorCode.BACKFILL_ENDED,
              "The backfill ended after "
                  + Duration.between(start, Instant.now()).toSeconds()
                  + " s: "
                  + backfill.lastLines(5),
              "Its whole log is " + backfill.log() + ".");
        }
        System.err.println(String.join(System.lineSeparator(), backfill.lastLines(2)));
        results.add(result);
      }
      sample(monitor, records, dashboard, "pause", BETWEEN_BACKFILLS);
    }
    return results;
  }

  private ChildProcess startBackfill(LakeConfig config, int number) throws IOException {
    List<String> command =
        List.of(
            Installation.command().toString(),
            "backfill",
            "run",
            TABLE,
            "--parquet",
            snapshot(number).toString(),
            "--as-of",
            "2026-06-01T00:00:00Z",
            "--rows-per-second",
            String.valueOf(limits.get(number)),
            "--project",
            project.toString(),
            "--set",
            "open-days=" + config.openDays(),
            "--set",
            "catalog/warehouse=" + config.catalog().get("warehouse"),
            "--set",
            "catalog/metastore=filesystem");
    return ChildProcess.start("backfill-" + number, workDir.resolve("logs"), command);
  }

  private Result sample(
      LakeMonitor monitor,
      BackfillRecords records,
      Optional<TrinoPoll> dashboard,
      String what,
      Duration time)
      throws InterruptedException {
    monitor.takeFreshness();
    dashboard.ifPresent(TrinoPoll::take);
    long committed = committedRows(records);
    long changes = curve.changes();
    Instant start = Instant.now();
    while (Duration.between(start, Instant.now()).compareTo(time) < 0) {
      monitor.sample();
      TimeUnit.MILLISECONDS.sleep(1500);
    }
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
    Result result =
        new Result(
            what,
            (curve.changes() - changes) / seconds,
            committedRows(records) - committed,
            monitor.takeFreshness(),
            dashboard.map(TrinoPoll::take).orElse(null));
    System.err.println(result);
    return result;
  }

  private static long committedRows(BackfillRecords records) {
    return records.runs().stream()
        .flatMap(run -> records.receipts(run.id()).stream())
        .mapToLong(receipt -> receipt.counts().offered())
        .sum();
  }

  private Path snapshot(int number) {
    return workDir.resolve("snapshot-" + number);
  }

  private LocalDate firstDay(int number) {
    return FIRST_DAY.plusDays((long) number * days());
  }
}
