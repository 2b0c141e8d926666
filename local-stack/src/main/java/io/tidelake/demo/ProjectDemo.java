/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.verify.Verifier;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.error.LakeException;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.SourceStatements;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.Stillness;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.Verification;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a project on this machine: its tables in a database, its changes, its jobs. Then every table
 * is compared: those of change capture with the database, all others with what their pipelines make
 * of them in batch.
 */
public final class ProjectDemo {

  private static final String ENGINE_HEAP = "2g";
  private static final int SLOTS = 2;
  private static final Duration LEVEL_WITHIN = Duration.ofMinutes(5);
  private static final Duration NO_PROGRESS_FOR = Duration.ofSeconds(40);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path project;
  private final Path workDir;
  private final StackOptions.Metastore metastore;
  private final Consumer<String> progress;

  /**
   * @param project the file of a project whose configuration names changes of its source
   * @param workDir where everything lies
   * @param metastore where Paimon keeps its tables' names
   * @param progress is told what is going on, a line each
   */
  public ProjectDemo(
      Path project, Path workDir, StackOptions.Metastore metastore, Consumer<String> progress) {
    this.project = project;
    this.workDir = workDir;
    this.metastore = metastore;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @return each table with what it should hold
   * @throws LakeException when a process or a job fails
   */
  public List<Comparison> run() throws Exception {
    progress.accept("Starting database, Kafka, change capture and Flink in " + workDir);
    try (LocalStack stack =
        LocalStack.start(
            workDir,
            new StackOptions(project, ENGINE_HEAP, 0, metastore, Optional.empty()),
            progress)) {
      return run(stack, LakeConfig.load(project, stack.addresses().configuration()));
    }
  }

  private List<Comparison> run(LocalStack stack, LakeConfig config) throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
      progress.accept("%d tables in the lake".formatted(catalog.tableNames().size()));
      StreamingJobs jobs = new StreamingJobs(config);
      for (String job : config.jobs().keySet()) {
        jobs.start(job);
        progress.accept("job " + job + " started");
      }
      FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
      flink.awaitFirstCheckpoints(stack::checkAlive);
      SourceConfig.LocalStack source = config.source().localStack();
      SourceStatements.run(stack.addresses().jdbcUrl(), source.database(), source.changes());
      progress.accept("The changes of " + source.changes().getFileName() + " are made");
      return compare(stack, config, catalog, flink);
    }
  }

  private List<Comparison> compare(
      LocalStack stack, LakeConfig config, LakeCatalog catalog, FlinkCluster flink)
      throws Exception {
    SourceComparison sources = new SourceComparison(config, catalog, stack.addresses().jdbcUrl());
    List<Comparison> comparisons = new ArrayList<>(awaitSource(stack, sources));
    new Stillness(catalog, flink, progress)
        .awaitRepaired(List.copyOf(config.jobs().keySet()), new Repairs(config), LEVEL_WITHIN);
    try (BatchEngine engine = BatchEngine.embedded(SLOTS)) {
      Verifier verifier = new Verifier(config, catalog, engine, BackfillProgress.NONE);
      for (String table : Pipeline.derived(config)) {
        comparisons.add(comparison(verifier.verify(table, List.of(), LEVEL_WITHIN)));
      }
    }
    return comparisons;
  }

  /** Waits until the tables of change capture hold what the source holds. */
  private List<Comparison> awaitSource(LocalStack stack, SourceComparison sources)
      throws InterruptedException {
    List<String> before = null;
    Instant deadline = Instant.MAX;
    while (true) {
      stack.checkAlive();
      List<Comparison> comparisons = sources.run();
      List<String> waiting =
          comparisons.stream()
              .filter(comparison -> !comparison.agrees())
              .map(comparison -> comparison.different() + " of " + comparison.table())
              .toList();
      if (!waiting.equals(before)) {
        before = waiting;
        deadline = Instant.now().plus(NO_PROGRESS_FOR);
      }
      if (waiting.isEmpty() || Instant.now().isAfter(deadline)) {
        return comparisons;
      }
      progress.accept("Waiting for rows of the source: " + String.join(", ", waiting));
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  private static Comparison comparison(Verification found) {
    long different = 0;
    long rows = 0;
    for (Verification.Partition partition : found.partitions()) {
      long wrong = partition.different() + partition.onlyInTable() + partition.onlyComputed();
      different += wrong;
      rows += partition.equal() + partition.newer() + partition.different();
      rows += partition.onlyComputed();
    }
    return new Comparison(found.target(), found.against(), rows, different, List.of());
  }
}
