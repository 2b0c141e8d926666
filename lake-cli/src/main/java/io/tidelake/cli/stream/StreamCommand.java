package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.JobFailure;
import io.tidelake.streaming.job.JobHealing;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
public final class StreamCommand {

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
        "Without names, all of them that do not run.",
        "A job whose checkpoint is of no use rebuilds its state from the tables."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream start marts --from-nothing"})
  int start(
      @Mixin LakeOptions lake,
      @Parameters(
              paramLabel = "JOB",
              arity = "0..*",
              description = "Jobs under `jobs:` in lake.yaml.")
          List<String> names,
      @Option(
              names = "--from-nothing",
              description = "Ignore checkpoints and rebuild the state from the tables.")
          boolean fromNothing)
      throws InterruptedException {
    lake.awaitStack(new PrintWriter(System.out, true));
    LakeConfig config = lake.config();
    StreamingJobs jobs = new StreamingJobs(config);
    FlinkCluster cluster = cluster(config);
    List<StreamingJobs.Started> started = new ArrayList<>();
    for (String name : names == null ? List.copyOf(config.jobs().keySet()) : names) {
      Optional<FlinkCluster.JobStatus> running = cluster.findRunningJob(name);
      if (running.isPresent()) {
        if (names == null) {
          System.out.println(name + " runs already, as " + running.get().id());
          continue;
        }
        throw new LakeException(
            ErrorCode.JOB_RUNNING,
            "The job " + name + " runs already, as " + running.get().id() + ".",
            "End it with `lake stream stop " + name + "`, then start it.");
      }
      StreamingJobs.Started job = fromNothing ? jobs.startFromNothing(name) : jobs.start(name);
      System.out.println(name + " started as " + job.id() + " from " + job.from());
      started.add(job);
    }
    JobHealing healing = new JobHealing(config);
    for (StreamingJobs.Started job : started) {
      healing.watchStart(job, System.out::println);
    }
    return 0;
  }

  @Command(
      name = "stop",
      description = {
        "Stop jobs with a savepoint, from which `lake stream start` goes on.",
        "A job that does not run, since it fails or is being restarted, is ended at once."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream stop marts"})
  int stop(
      @Mixin LakeOptions lake,
      @Parameters(paramLabel = "JOB", arity = "1..*", description = "Names of running jobs.")
          List<String> names,
      @Option(
              names = "--without-savepoint",
              description = "End them at once; they go on from their newest checkpoints.")
          boolean withoutSavepoint)
      throws InterruptedException {
    StreamingJobs jobs = new StreamingJobs(lake.config());
    for (String name : names) {
      StreamingJobs.Stopped job = jobs.stop(name, !withoutSavepoint);
      System.out.println(
          job.savepoint()
              .map(savepoint -> name + " stopped; its savepoint is " + savepoint)
              .orElse(
                  name
                      + " was "
                      + job.state()
                      + " and has ended without a savepoint; it goes on from its newest completed"
                      + " checkpoint"));
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
    StreamingJobs jobs = new StreamingJobs(lake.config());
    for (String name : names) {
      System.out.println(name + " " + jobs.savepoint(name));
    }
    return 0;
  }

  @Command(
      name = "heal",
      description = {
        "Start jobs without state that fail again and again because of it; once.",
        "Such state refers to a snapshot, a message or a file that is not there any more. Also removes checkpoints",
        "that no job needs. Exit code 1 when a job fails for another reason."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream heal -o json"})
  int heal(@Mixin LakeOptions lake, @Mixin OutputOption output) throws Exception {
    List<JobHealing.Finding> findings =
        new JobHealing(lake.config())
            .heal(output.isJson() ? System.err::println : System.out::println);
    if (output.isJson()) {
      OutputOption.printJson(new PrintWriter(System.out, true), findings);
    } else {
      for (JobHealing.Finding finding : findings) {
        System.out.println(
            "%s %s%s"
                .formatted(
                    finding.job(),
                    finding.outcome().toString().toLowerCase(Locale.ROOT),
                    finding.reason().isEmpty() ? "" : ": " + finding.reason()));
      }
    }
    return findings.stream().anyMatch(job -> job.outcome() == JobHealing.Outcome.FAILS) ? 1 : 0;
  }

  @Command(
      name = "repair",
      description =
          "Run the pipelines of `repairs:` in the configuration once, in batch: they write what streams cannot know.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream repair"})
  int repair(@Mixin LakeOptions lake) throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      boolean repaired = new Repairs(config).run(catalog);
      System.out.println(repaired ? "Some rows were repaired." : "Nothing to repair.");
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

  private static FlinkCluster cluster(LakeConfig config) {
    return new FlinkCluster(config.cluster().restAddress());
  }
}
