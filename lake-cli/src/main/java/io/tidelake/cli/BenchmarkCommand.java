package io.tidelake.cli;

import io.tidelake.benchmark.BacklogBenchmark;
import io.tidelake.tables.LakeHome;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lake benchmark}. */
@Command(
    name = "benchmark",
    description = {
      "Measure how fast a backlog in Kafka is worked off, as a share of a bare copy of its topics.",
      "Sustained rate and freshness are measured by `lake demo --rate R`."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake benchmark --orders 12000"})
final class BenchmarkCommand implements Callable<Integer> {

  @Mixin private WorkloadOptionsMixin workload;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws Exception {
    LakeHome home = LakeHome.find();
    Path workDir =
        Files.createTempDirectory(
            Files.createDirectories(home.root().resolve(".lake")), "benchmark-");
    BacklogBenchmark.Result result = new BacklogBenchmark(home, workload.options(), workDir).run();
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
    FileUtils.deleteDirectory(workDir.toFile());
    return 0;
  }
}
