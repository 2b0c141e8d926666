/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.benchmark.BackfillBenchmark;
import io.tidelake.benchmark.BacklogBenchmark;
import io.tidelake.benchmark.FreshnessBenchmark;
import io.tidelake.benchmark.MergeLawBenchmark;
import io.tidelake.benchmark.PublishBenchmark;
import io.tidelake.benchmark.QueryBenchmark;
import io.tidelake.benchmark.StateBenchmark;
import io.tidelake.benchmark.TrinoPoll;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.RateOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.server.TrinoJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lake benchmark}. */
@Command(
    name = "benchmark",
    description = {
      "Measure what the lake costs against something bare, in one run.",
      "Sustained rate and freshness are measured by `lake demo --rate R`."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake benchmark backlog --orders 12000"})
public final class BenchmarkCommand {

  /** Runs a benchmark in a folder of its own. */
  private interface Benchmark<T> {
    T run(Path project, Path workDir) throws Exception;
  }

  @Command(
      name = "backlog",
      description =
          "How fast a backlog in Kafka is worked off, as a share of a bare copy of its topics.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark backlog --orders 12000"})
  int backlog(@Mixin WorkloadOptionsMixin workload, @Mixin OutputOption output) throws Exception {
    BacklogBenchmark.Result result =
        measure(
            (project, workDir) -> new BacklogBenchmark(project, workload.options(), workDir).run());
    return show(
        result,
        output,
        () -> {
          System.out.printf(
              "%d changes: bare copy %.0f/s, ODS %.0f/s, whole chain %.0f/s, ratio %.2f%n",
              result.changes(),
              result.bareCopyPerSecond(),
              result.odsPerSecond(),
              result.chainPerSecond(),
              result.ratio());
        });
  }

  @Command(
      name = "merge-law",
      description = "What column groups with versions cost against a plain deduplicate table.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark merge-law --rows 500000"})
  int mergeLaw(
      @Mixin LakeOptions lake,
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = "2000000",
              description =
                  "Rows to write into each table of each round (default: ${DEFAULT-VALUE}).")
          int rows,
      @Mixin OutputOption output)
      throws Exception {
    List<MergeLawBenchmark.Comparison> comparisons =
        measure((project, workDir) -> new MergeLawBenchmark(lake.config(), rows, workDir).run());
    return show(
        comparisons,
        output,
        () -> {
          comparisons.forEach(BenchmarkCommand::print);
        });
  }

  @Command(
      name = "backfill",
      description =
          "How fast a snapshot is backfilled, receipts included, as a share of a bare INSERT of it.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark backfill --rows 200000"})
  int backfill(
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = "2000000",
              description = "Rows of the snapshot (default: ${DEFAULT-VALUE}).")
          int rows,
      @Option(
              names = "--table",
              paramLabel = "TABLE",
              defaultValue = "dwd_fulfillment_wide",
              description =
                  "dwd_fulfillment_wide or dwd_logistics_event (default: ${DEFAULT-VALUE}).")
          String table,
      @Mixin OutputOption output)
      throws Exception {
    BackfillBenchmark.Result result =
        measure((project, workDir) -> new BackfillBenchmark(project, table, rows, workDir).run());
    return show(
        result,
        output,
        () -> {
          System.out.printf(
              "%d rows into %s: bare INSERT %.0f rows/s, backfill %.0f rows/s, ratio %.2f%n",
              result.rows(),
              result.table(),
              result.barePerSecond(),
              result.backfillPerSecond(),
              result.ratio());
        });
  }

  @Command(
      name = "freshness",
      description = {
        "How old the layers are while orders come, and while a backfill of other days runs beside",
        "them, for one limit after the other."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark freshness --rows-per-second 2000,500"})
  int freshness(
      @Mixin RateOption rate,
      @Option(
              names = "--rows-per-second",
              split = ",",
              paramLabel = "N",
              required = true,
              description = "Limits of the backfills, one after the other.")
          List<Integer> limits,
      @Option(
              names = "--seconds",
              paramLabel = "N",
              defaultValue = "60",
              description = "How long each of them is measured (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Option(
              names = "--with-trino",
              description = "Start Trino too, and ask it for ads_overview once a second.")
          boolean withTrino,
      @Mixin OutputOption output)
      throws Exception {
    Optional<Path> trinoJdk =
        withTrino ? Optional.of(TrinoJdk.ofThisMachine().require()) : Optional.empty();
    List<FreshnessBenchmark.Result> results =
        measure(
            (project, workDir) ->
                new FreshnessBenchmark(
                        project,
                        rate.changesPerSecond(),
                        limits,
                        Duration.ofSeconds(seconds),
                        workDir,
                        trinoJdk)
                    .run());
    return show(
        results,
        output,
        () -> {
          results.forEach(BenchmarkCommand::print);
        });
  }

  @Command(
      name = "publish",
      description = {
        "How soon a commit is seen by Iceberg readers, and what it costs to publish a snapshot",
        "with one new file, of a small and of a large table."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark publish --files 100000"})
  int publish(
      @Mixin LakeOptions lake,
      @Option(
              names = "--files",
              paramLabel = "N",
              defaultValue = "100000",
              description = "Data files of the large table (default: ${DEFAULT-VALUE}).")
          int files,
      @Mixin OutputOption output)
      throws Exception {
    PublishBenchmark.Result result =
        measure((project, workDir) -> new PublishBenchmark(lake.config(), files, workDir).run());
    return show(
        result,
        output,
        () -> {
          PublishBenchmark.Freshness freshness = result.freshness();
          System.out.printf(
              "10 tables, a commit a second each: seen after %.2f s (p50), %.2f s (p95), %.2f s at worst%n",
              freshness.p50(), freshness.p95(), freshness.worst());
          for (PublishBenchmark.Cost cost : result.costs()) {
            System.out.printf(
                "%7d files: published first in %.2f s, after a restart in %.2f s, one file replaced in %.3f s%n",
                cost.files(), cost.first(), cost.restart(), cost.change());
          }
        });
  }

  @Command(
      name = "query",
      description = {
        "How long the query examples take in Trino, against native Iceberg tables with the same",
        "rows: after a compaction, and while the stream writes."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark query --rows 500000"})
  int query(
      @Option(
              names = "--rows",
              paramLabel = "N",
              defaultValue = "5000000",
              description = "Rows of dwd_fulfillment_wide (default: ${DEFAULT-VALUE}).")
          int rows,
      @Mixin OutputOption output)
      throws Exception {
    List<QueryBenchmark.Comparison> comparisons =
        measure((project, workDir) -> new QueryBenchmark(project, rows, workDir).run());
    return show(
        comparisons,
        output,
        () -> {
          comparisons.forEach(BenchmarkCommand::print);
        });
  }

  @Command(
      name = "state",
      description = "How much state the streaming job of the wide fact keeps for a parcel.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark state --parcels 20000"})
  int state(
      @Option(
              names = "--parcels",
              paramLabel = "N",
              defaultValue = "20000",
              description = "Parcels that the job reads (default: ${DEFAULT-VALUE}).")
          int parcels,
      @Mixin OutputOption output)
      throws Exception {
    StateBenchmark.Result result =
        measure((project, workDir) -> new StateBenchmark(project, parcels, workDir).run());
    return show(
        result,
        output,
        () -> {
          System.out.printf(
              "%d parcels: a savepoint of %d bytes, %.0f for each%n",
              result.parcels(), result.stateBytes(), result.bytesPerParcel());
        });
  }

  private static void print(FreshnessBenchmark.Result result) {
    System.out.printf("%s, %.0f changes/s came%n", result.backfill(), result.changesPerSecond());
    result
        .layers()
        .forEach(
            layer ->
                System.out.printf(
                    "  %s was %.1f s old (p50), %.1f s (p95), %.1f s at worst, %d samples%n",
                    layer.layer(), layer.p50(), layer.p95(), layer.max(), layer.samples()));
    TrinoPoll.Result dashboard = result.dashboard();
    if (dashboard != null) {
      System.out.printf(
          "  Trino answered %d of %d queries, in %.2f s (p50), %.2f s (p95)%n",
          dashboard.queries() - dashboard.failures().size(),
          dashboard.queries(),
          dashboard.p50(),
          dashboard.p95());
      dashboard.failures().forEach(message -> System.out.println("  failed: " + message));
    }
  }

  private static void print(QueryBenchmark.Comparison comparison) {
    System.out.printf(
        "%s: %.2f times as long as on native Iceberg tables%n",
        comparison.when(), comparison.ratio());
    comparison
        .examples()
        .forEach(
            timing ->
                System.out.printf(
                    "  %-24s %6.2f s, native %6.2f s%n",
                    timing.example(), timing.lakeSeconds(), timing.nativeSeconds()));
  }

  private static void print(MergeLawBenchmark.Comparison comparison) {
    System.out.printf(
        "%s deletion vectors: time %.2f, size %.2f of a deduplicate table%n",
        comparison.deletionVectors() ? "with" : "without",
        comparison.timeRatio(),
        comparison.sizeRatio());
    print("deduplicate", comparison.deduplicate());
    print("column groups", comparison.columnGroups());
  }

  private static void print(String layout, MergeLawBenchmark.Cost cost) {
    System.out.printf(
        "  %-14s write %.1f s, compact %.1f s, read %.1f s, %d bytes%n",
        layout, cost.write(), cost.compact(), cost.read(), cost.bytes());
  }

  /** Prints a result for machines, or as text. */
  private static int show(Object result, OutputOption output, Runnable text) throws IOException {
    if (output.isJson()) {
      OutputOption.printJson(System.out, result);
    } else {
      text.run();
    }
    return 0;
  }

  private static <T> T measure(Benchmark<T> benchmark) throws Exception {
    Path project = ProjectFile.find();
    Path workDir =
        Files.createTempDirectory(
            Files.createDirectories(project.resolveSibling(".lake")), "benchmark-");
    T result = benchmark.run(project, workDir);
    FileUtils.deleteDirectory(workDir.toFile());
    return result;
  }
}
