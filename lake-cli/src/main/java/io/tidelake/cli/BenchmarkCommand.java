package io.tidelake.cli;

import io.tidelake.benchmark.BacklogBenchmark;
import io.tidelake.benchmark.MergeLawBenchmark;
import io.tidelake.benchmark.PublishBenchmark;
import io.tidelake.tables.LakeHome;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
final class BenchmarkCommand {

  /** Runs a benchmark in a folder of its own. */
  private interface Benchmark<T> {
    T run(LakeHome home, Path workDir) throws Exception;
  }

  @Command(
      name = "backlog",
      description =
          "How fast a backlog in Kafka is worked off, as a share of a bare copy of its topics.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake benchmark backlog --orders 12000"})
  int backlog(@Mixin WorkloadOptionsMixin workload, @Mixin OutputOption output) throws Exception {
    BacklogBenchmark.Result result =
        measure((home, workDir) -> new BacklogBenchmark(home, workload.options(), workDir).run());
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), result);
    } else {
      System.out.printf(
          "%d changes: bare copy %.0f/s, ODS %.0f/s, whole chain %.0f/s, ratio %.2f%n",
          result.changes(),
          result.bareCopyPerSecond(),
          result.odsPerSecond(),
          result.chainPerSecond(),
          result.ratio());
    }
    return 0;
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
        measure((home, workDir) -> new MergeLawBenchmark(lake.config(), rows, workDir).run());
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), comparisons);
    } else {
      comparisons.forEach(BenchmarkCommand::print);
    }
    return 0;
  }

  @Command(
      name = "publish",
      description =
          "What it costs to publish a snapshot with one new file, for a small and a large table.",
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
    List<PublishBenchmark.Cost> costs =
        measure((home, workDir) -> new PublishBenchmark(lake.config(), files, workDir).run());
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), costs);
    } else {
      for (PublishBenchmark.Cost cost : costs) {
        System.out.printf(
            "%7d files: published first in %.2f s, after a restart in %.2f s, one file replaced in %.3f s%n",
            cost.files(), cost.first(), cost.restart(), cost.change());
      }
    }
    return 0;
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

  private static <T> T measure(Benchmark<T> benchmark) throws Exception {
    LakeHome home = LakeHome.find();
    Path workDir =
        Files.createTempDirectory(
            Files.createDirectories(home.root().resolve(".lake")), "benchmark-");
    T result = benchmark.run(home, workDir);
    FileUtils.deleteDirectory(workDir.toFile());
    return result;
  }
}
