/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.BackgroundTask;
import io.tidelake.screen.Progress;
import io.tidelake.screen.ProgressScreen;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.JobHealing;
import io.tidelake.streaming.job.Stillness;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.Truth;
import io.tidelake.workload.WorkloadOptions;
import io.tidelake.workload.WorkloadWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.types.Row;

/** The main job, end to end on one machine: from the order system's database to the dashboard. */
public final class Demo {

  // However many orders: what the jobs have not come to when the last one is written takes minutes.
  private static final Duration LEVEL_WITHIN = Duration.ofMinutes(30);
  private static final Duration NO_PROGRESS_FOR = Duration.ofMinutes(2);
  // Looking costs a fifth of a core: it reads the metadata of all tables.
  private static final Duration SHOW_EVERY = Duration.ofSeconds(3);
  private static final Duration REPAIR_EVERY = Duration.ofSeconds(45);
  private static final String ENGINE_HEAP = "3g";

  private final Path project;
  private final Map<String, String> overrides;
  private final DemoOptions options;
  private final ProgressScreen screen;
  private final CommitCurve curve = new CommitCurve();
  private Progress progress;

  /**
   * @param project the file of the project
   * @param overrides values over the configuration file's
   * @param out where progress is shown
   * @param terminal whether that is a terminal
   */
  public Demo(
      Path project,
      Map<String, String> overrides,
      DemoOptions options,
      PrintWriter out,
      boolean terminal) {
    this.project = project;
    this.overrides = overrides;
    this.options = options;
    this.screen = new ProgressScreen(out, terminal);
  }

  /**
   * Runs the demo.
   *
   * @throws LakeException when a process or a job fails, with what to do
   */
  public DemoResult run() throws Exception {
    WorkloadOptions workload = options.workload();
    screen.line("Starting database, Kafka, change capture and Flink in " + options.workDir());
    try (LocalStack stack =
        LocalStack.start(
            options.workDir(),
            new StackOptions(project, ENGINE_HEAP, 0, options.metastore(), Optional.empty()),
            screen::line)) {
      Map<String, String> settings = new HashMap<>(overrides);
      settings.putAll(stack.addresses().configuration());
      LakeConfig config = LakeConfig.load(project, settings);
      List<TableDefinition> tables = TableFiles.of(config).read();
      try (LakeCatalog catalog = LakeCatalog.open(config)) {
        TablePlan plan = TablePlan.of(tables, catalog);
        plan.apply(catalog);
        screen.line(
            "%d tables in the lake, %d of them changed now"
                .formatted(tables.size(), plan.changes().size()));
        return run(stack, config, catalog, tables, workload);
      }
    }
  }

  private DemoResult run(
      LocalStack stack,
      LakeConfig config,
      LakeCatalog catalog,
      List<TableDefinition> tables,
      WorkloadOptions workload)
      throws Exception {
    StreamingJobs jobs = new StreamingJobs(config);
    List<StreamingJobs.Started> started = new ArrayList<>();
    for (String job : config.jobs().keySet()) {
      started.add(jobs.start(job));
      screen.line("job " + job + " started from " + started.get(started.size() - 1).from());
    }
    JobHealing healing = new JobHealing(config);
    for (StreamingJobs.Started job : started) {
      healing.watchStart(job, screen::line);
    }
    FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
    // Before, orders would only wait for the jobs.
    flink.awaitFirstCheckpoints(() -> checkHealth(stack, flink));
    LakeMonitor monitor = new LakeMonitor(catalog, curve, tables, workload.firstDay());
    Repairs repair = new Repairs(config);
    Truth truth = Truth.of(workload);
    progress = new Progress(truth.changes());

    Instant start = Instant.now();
    BackgroundTask<Void> writing =
        BackgroundTask.start(
            "order-system",
            () -> {
              new WorkloadWriter(
                      stack.addresses().jdbcUrl(),
                      config.source().timeZone(),
                      options.rate(),
                      curve)
                  .write(workload);
              return null;
            });
    screen.line(
        "The order system writes %d orders at %.0f changes/s, seed %d"
            .formatted(workload.orders(), options.rate(), workload.seed()));
    try {
      watchUntilWritten(stack, flink, monitor, repair, catalog, writing);
    } finally {
      writing.cancel(true);
    }
    double writtenPerSecond =
        curve.changes() / (Duration.between(start, Instant.now()).toMillis() / 1000.0);
    List<Freshness> freshness = monitor.takeFreshness();
    awaitComplete(stack, flink, monitor, catalog, truth);
    new Stillness(catalog, flink, screen::line)
        .awaitRepaired(List.copyOf(config.jobs().keySet()), repair, LEVEL_WITHIN);
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
    SelfCheck check = SelfCheck.open(config);
    printDashboard(check);
    DemoResult result =
        new DemoResult(
            workload.seed(),
            curve.changes(),
            writtenPerSecond,
            seconds,
            freshness,
            check.compare(truth));
    printVerdict(result);
    return result;
  }

  private void watchUntilWritten(
      LocalStack stack,
      FlinkCluster flink,
      LakeMonitor monitor,
      Repairs repair,
      LakeCatalog catalog,
      BackgroundTask<Void> writing)
      throws Exception {
    Instant repaired = Instant.now();
    BackgroundTask<Boolean> repairing = null;
    Instant shown = Instant.EPOCH;
    while (!writing.isDone()) {
      checkHealth(stack, flink);
      if (Instant.now().isAfter(shown.plus(SHOW_EVERY))) {
        show(monitor.sample(), flink);
        shown = Instant.now();
      }
      if (repairing != null && repairing.isDone()) {
        repairing.result();
        repairing = null;
        repaired = Instant.now();
      } else if (repairing == null && repaired.plus(REPAIR_EVERY).isBefore(Instant.now())) {
        repairing = BackgroundTask.start("repair", () -> repair.run(catalog));
      }
      Thread.sleep(1000);
    }
    writing.result();
    if (repairing != null) {
      repairing.result();
    }
    screen.line("All orders are written; waiting until the layers are quiet");
  }

  /** Waits until ODS has every row of the source. */
  private void awaitComplete(
      LocalStack stack, FlinkCluster flink, LakeMonitor monitor, LakeCatalog catalog, Truth truth)
      throws InterruptedException {
    List<String> before = null;
    Instant changed = Instant.now();
    while (true) {
      checkHealth(stack, flink);
      List<String> missing = truth.missingRows(catalog);
      if (missing.isEmpty()) {
        return;
      }
      if (!missing.equals(before)) {
        before = missing;
        changed = Instant.now();
      }
      if (changed.plus(NO_PROGRESS_FOR).isBefore(Instant.now())) {
        throw new LakeException(
            ErrorCode.LAYERS_INCOMPLETE,
            "Nothing has moved for "
                + NO_PROGRESS_FOR.toSeconds()
                + " s, but ODS lacks rows: "
                + missing,
            "Look at the logs in " + options.workDir().resolve("logs") + ".");
      }
      show(monitor.sample(), flink);
      Thread.sleep(1000);
    }
  }

  private static void checkHealth(LocalStack stack, FlinkCluster flink) {
    stack.checkAlive();
    try {
      flink.checkNoneFailed();
    } catch (LakeException failure) {
      // When the engine has ended, that is what to say.
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
      stack.checkAlive();
      throw failure;
    }
  }

  private void show(List<LayerStatus> layers, FlinkCluster flink) {
    List<String> lines = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    lines.add("layer        rows     rows/s   age of newest");
    for (LayerStatus layer : layers) {
      String age = layer.age().map(Demo::seconds).orElse("-");
      lines.add(
          String.format(
              Locale.ROOT,
              "%-5s  %10d %10.0f   %s",
              layer.layer(),
              layer.rows(),
              layer.rowsPerSecond(),
              age));
      plain.append(
          String.format(
              Locale.ROOT,
              "%s %d rows (%.0f/s, age %s)  ",
              layer.layer(),
              layer.rows(),
              layer.rowsPerSecond(),
              age));
    }
    StringBuilder checkpoints = new StringBuilder("checkpoints:");
    for (FlinkCluster.JobStatus job : flink.jobs()) {
      FlinkCluster.Checkpoints done = flink.checkpoints(job.id());
      checkpoints.append(
          String.format(
              Locale.ROOT,
              " %s %d (last %.1f s%s)",
              job.name(),
              done.completed(),
              done.lastMillis() / 1000.0,
              done.failed() == 0 ? "" : ", " + done.failed() + " failed"));
    }
    long changes = curve.changes();
    lines.add(checkpoints.toString());
    lines.add("source: " + changes + " changes  " + progress.bar(changes));
    screen.state(
        lines,
        "source: %d changes (%s)  %s%s"
            .formatted(changes, progress.text(changes), plain, checkpoints));
  }

  private void printDashboard(SelfCheck check) {
    screen.line("");
    screen.line("ads_overview");
    screen.line(
        String.format(
            "  %-10s  %-9s %8s %8s %9s %8s %9s %8s %15s %13s",
            "dt",
            "line",
            "created",
            "valid",
            "cancelled",
            "outbound",
            "picked_up",
            "signed",
            "parcel_amount",
            "freight"));
    for (Row row : check.rows("SELECT * FROM ads_overview ORDER BY dt, business_line")) {
      screen.line(
          String.format(
              "  %-10s  %-9s %8s %8s %9s %8s %9s %8s %15s %13s",
              row.getField(0),
              row.getField(1),
              row.getField(2),
              row.getField(3),
              row.getField(4),
              row.getField(5),
              row.getField(6),
              row.getField(7),
              row.getField(8),
              row.getField(9)));
    }
    screen.line("");
  }

  private void printVerdict(DemoResult result) {
    for (Comparison comparison : result.comparisons()) {
      comparison.lines().forEach(screen::line);
    }
    screen.line("");
    for (Freshness layer : result.freshness()) {
      screen.line(
          String.format(
              Locale.ROOT,
              "  %s was %.1f s old (p50), %.1f s (p95), %.1f s at worst, while %.0f changes/s came",
              layer.layer(),
              layer.p50(),
              layer.p95(),
              layer.max(),
              result.writtenPerSecond()));
    }
    screen.line(
        String.format(
            Locale.ROOT,
            "%n%s: %d changes in %.0f s, seed %d",
            Comparison.verdict(result.comparisons()),
            result.changes(),
            result.seconds(),
            result.seed()));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
