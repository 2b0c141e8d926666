/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.MetastoreOption;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.ProjectOption;
import io.tidelake.cli.option.RateOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.demo.Comparison;
import io.tidelake.demo.Demo;
import io.tidelake.demo.DemoOptions;
import io.tidelake.demo.DemoResult;
import io.tidelake.demo.ProjectDemo;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.process.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lake demo}. */
@Command(
    name = "demo",
    description = {
      "Run the whole lake on this machine: an order system's database, change capture, all layers.",
      "Then compare every table with the truth. Exit code 0 only if all agree."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake demo --orders 500 --seed 7"})
public final class DemoCommand implements Callable<Integer> {

  @Mixin private ProjectOption project;
  @Mixin private WorkloadOptionsMixin workload;
  @Mixin private RateOption rate;

  @Option(
      names = "--work-dir",
      description =
          "Where all data and logs lie. A directory of an interrupted demo is gone on with. Default: a new one.")
  private Path workDir;

  @Option(names = "--keep", description = "Keep the work directory.")
  private boolean keep;

  @Mixin private MetastoreOption metastore;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path file = project.fileIfAny().orElseGet(() -> ProjectFile.of(Installation.project()));
    boolean temporary = workDir == null;
    Path directory =
        temporary
            ? Files.createTempDirectory(
                Files.createDirectories(ProjectOption.workOf(file)), "demo-")
            : workDir.toAbsolutePath().normalize();
    DemoOptions options =
        new DemoOptions(
            workload.options(),
            rate.changesPerSecond(),
            metastore.chosen(),
            directory,
            keep || !temporary);
    PrintWriter shown = output.isJson() ? spec.commandLine().getErr() : spec.commandLine().getOut();
    SourceConfig.LocalStack source = LakeConfig.load(file, Map.of()).source().localStack();
    if (source.schema() != null) {
      return runProject(file, source, directory, keep || !temporary, shown);
    }
    Demo demo = new Demo(file, Map.of(), options, shown, System.console() != null);
    DemoResult result = demo.run();
    if (output.isJson()) {
      OutputOption.printJson(spec.commandLine().getOut(), result);
    }
    return end(directory, options.keep(), result.agrees());
  }

  /** The demo of a project with a source of its own. */
  private int runProject(
      Path file, SourceConfig.LocalStack source, Path directory, boolean keep, PrintWriter shown)
      throws Exception {
    if (source.changes() == null) {
      throw new LakeException(
          ErrorCode.DEMO_UNKNOWN,
          "The project does not say what happens in its source during a demo.",
          "Let `source: local-stack: changes:` in lake.yaml name a SQL file with INSERTs, UPDATEs"
              + " and DELETEs; or try by hand: lake up.");
    }
    Instant start = Instant.now();
    List<Comparison> comparisons =
        new ProjectDemo(file, directory, metastore.chosen(), shown::println).run();
    comparisons.forEach(comparison -> comparison.lines().forEach(shown::println));
    shown.printf(
        "%n%s after %d s%n",
        Comparison.verdict(comparisons), Duration.between(start, Instant.now()).toSeconds());
    if (output.isJson()) {
      OutputOption.printJson(spec.commandLine().getOut(), comparisons);
    }
    return end(directory, keep, Comparison.allAgree(comparisons));
  }

  private int end(Path directory, boolean keep, boolean agrees) throws IOException {
    if (!keep && agrees) {
      FileUtils.deleteDirectory(directory.toFile());
    } else {
      spec.commandLine().getErr().println("Everything is kept in " + directory);
    }
    return agrees ? 0 : 1;
  }
}
