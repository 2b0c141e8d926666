package io.tidelake.cli;

import io.tidelake.streaming.DimensionRepair;
import io.tidelake.streaming.FlinkCluster;
import io.tidelake.streaming.JobFailure;
import io.tidelake.streaming.StreamingJobs;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake stream}. */
@Command(
    name = "stream",
    description = "List, start and stop the streaming jobs on the local stack or a Flink cluster.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = StreamDrillCommand.class,
    footer = {"", "Example: lake stream start capture facts marts compaction"})
final class StreamCommand {

  @Command(
      name = "list",
      description = "Show the jobs on the cluster.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream list -o json"})
  int list(@Mixin LakeOptions lake, @Mixin OutputOption output) throws Exception {
    FlinkCluster cluster = cluster(lake.config());
    List<FlinkCluster.JobStatus> jobs = cluster.jobs();
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), jobs);
      return 0;
    }
    print(jobs);
    for (FlinkCluster.JobStatus job : jobs) {
      Optional<JobFailure> failing = cluster.failing(job);
      if (failing.isPresent() && !job.hasEnded()) {
        System.out.println(job.name() + " fails again and again: " + failing.get().message());
      } else if (!job.state().equals("RUNNING") && !cluster.lastFailure(job.id()).isEmpty()) {
        System.out.println(job.name() + " failed last with: " + cluster.lastFailure(job.id()));
      }
    }
    return 0;
  }

  @Command(
      name = "start",
      description = {
        "Start jobs of the configuration where their newest checkpoints left off.",
        "Without names, all of them that do not run."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream start marts --from-nothing"})
  int start(
      @Mixin LakeOptions lake,
      @Parameters(
              paramLabel = "JOB",
              arity = "0..*",
              description = "Jobs under `jobs:` in conf/lake.yaml.")
          List<String> names,
      @Option(
              names = "--from-nothing",
              description = "Ignore checkpoints and rebuild the state from the tables.")
          boolean fromNothing)
      throws InterruptedException {
    lake.awaitStack(new PrintWriter(System.out, true));
    LakeConfig config = lake.config();
    StreamingJobs jobs = new StreamingJobs(lake.home(), config);
    FlinkCluster cluster = cluster(config);
    for (String name : names == null ? List.copyOf(config.jobs().keySet()) : names) {
      Optional<FlinkCluster.JobStatus> running = cluster.findRunningJob(name);
      if (running.isPresent()) {
        if (names == null) {
          System.out.println(name + " runs already, as " + running.get().id());
          continue;
        }
        throw new LakeException(
            "JOB_RUNNING",
            "The job " + name + " runs already, as " + running.get().id() + ".",
            "End it with `lake stream stop " + name + "`, then start it.");
      }
      String from =
          fromNothing
              ? "the tables"
              : jobs.latestCheckpoint(name).orElse("the tables, without a checkpoint");
      String id = (fromNothing ? jobs.startFromNothing(name) : jobs.start(name)).toString();
      System.out.println(name + " started as " + id + " from " + from);
    }
    return 0;
  }

  @Command(
      name = "stop",
      description = "Stop jobs with a savepoint, from which `lake stream start` goes on.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream stop marts"})
  int stop(
      @Mixin LakeOptions lake,
      @Parameters(paramLabel = "JOB", arity = "1..*", description = "Names of running jobs.")
          List<String> names)
      throws InterruptedException {
    FlinkCluster cluster = cluster(lake.config());
    for (String name : names) {
      String savepoint = savepoint(lake, cluster, name);
      cluster.cancel(cluster.runningJob(name));
      System.out.println(name + " stopped; its savepoint is " + savepoint);
    }
    return 0;
  }

  @Command(
      name = "savepoint",
      description = "Write savepoints of running jobs, which run on.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream savepoint capture facts"})
  int savepoint(
      @Mixin LakeOptions lake,
      @Parameters(paramLabel = "JOB", arity = "1..*", description = "Names of running jobs.")
          List<String> names)
      throws InterruptedException {
    for (String name : names) {
      System.out.println(name + " " + savepoint(lake, cluster(lake.config()), name));
    }
    return 0;
  }

  @Command(
      name = "repair",
      description = "Bring the dimension attributes of the wide fact up to date, once, in batch.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream repair"})
  int repair(@Mixin LakeOptions lake) throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      boolean mended = new DimensionRepair(lake.home(), config).run(catalog);
      System.out.println(mended ? "Some rows were mended." : "Nothing to mend.");
    }
    return 0;
  }

  static void print(List<FlinkCluster.JobStatus> jobs) {
    System.out.printf("%-12s %-10s %10s  %s%n", "job", "state", "up (s)", "id");
    for (FlinkCluster.JobStatus job : jobs) {
      System.out.printf(
          "%-12s %-10s %10d  %s%n", job.name(), job.state(), job.uptimeMillis() / 1000, job.id());
    }
  }

  private static String savepoint(LakeOptions lake, FlinkCluster cluster, String name)
      throws InterruptedException {
    String folder = lake.config().cluster().checkpoints();
    String target =
        folder.contains("://")
            ? folder + "/" + name
            : Path.of(folder, name).toAbsolutePath().toUri().toString();
    return cluster.savepoint(cluster.runningJob(name).id(), target);
  }

  private static FlinkCluster cluster(LakeConfig config) {
    return new FlinkCluster(config.cluster().restAddress());
  }
}
