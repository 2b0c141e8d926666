package io.tidelake.cli.stack;

import io.tidelake.cli.option.MetastoreOption;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.ProjectOption;
import io.tidelake.cli.option.RateOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.demo.Demo;
import io.tidelake.demo.DemoOptions;
import io.tidelake.demo.DemoResult;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Override
  public Integer call() throws Exception {
    boolean temporary = workDir == null;
    Path directory =
        temporary
            ? Files.createTempDirectory(Files.createDirectories(project.work()), "demo-")
            : workDir.toAbsolutePath().normalize();
    DemoOptions options =
        new DemoOptions(
            workload.options(),
            rate.changesPerSecond(),
            metastore.chosen(),
            directory,
            keep || !temporary);
    Demo demo =
        new Demo(
            project.file(),
            Map.of(),
            options,
            output.isJson() ? System.err : System.out,
            System.console() != null);
    DemoResult result = demo.run();
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), result);
    }
    if (!options.keep() && result.agrees()) {
      FileUtils.deleteDirectory(directory.toFile());
    } else {
      System.err.println("Everything is kept in " + directory);
    }
    return result.agrees() ? 0 : 1;
  }
}
