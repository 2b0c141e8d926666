/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.JobFailure;
import io.tidelake.streaming.job.JobHealing;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.PipelineCheck;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake stream}. */
@Command(
    name = "stream",
    description = "List, start and stop the streaming jobs on the local stack or a Flink cluster.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = StreamDrillCommand.class,
    footer = {"", "Example: lake stream start capture facts marts compaction"})
public final class StreamCommand {

  @Spec private CommandSpec spec;

  /**
   * A job after `lake stream start`, for machines.
   *
   * @param started false when it ran already
   * @param from the checkpoint or the tables; NULL when it ran already
   */
  record Start(String job, String id, boolean started, String from) {}

  /** A savepoint, for machines. */
  record Savepoint(String job, String savepoint) {}

  /** What `lake stream repair` did, for machines. */
  record Repair(boolean repaired) {}

  @Command(
      name = "list",
      description = "Show the jobs on the cluster.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake stream list -o json"})
  int list(@Mixin LakeOptions lake, @Mixin OutputOption output) throws Exception {
    FlinkCluster cluster = cluster(lake.config());
    List<FlinkCluster.JobStatus> jobs = cluster.jobs();
    if (output.isJson()) {
      OutputOption.printJson(out(), jobs);
      return 0;
    }
    print(jobs);
    for (FlinkCluster.JobStatus job : jobs) {
      Optional<JobFailure> failing = cluster.failing(job);
      if (failing.isPresent() && !job.hasEnded()) {
        out().println(job.name() + " fails again and again: " + failing.get().message());
      } else if (!job.state().equals("RUNNING") && !cluster.lastFailure(job.id()).isEmpty()) {
        out().println(job.name() + " failed last with: " + cluster.lastFailure(job.id()));
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
          boolean fromNothing,
      @Mixin OutputOption output)
      throws Exception {
    lake.awaitStack(told(output));
    LakeConfig config = lake.configToChange();
    PipelineCheck.run(config);
    StreamingJobs jobs = new StreamingJobs(config);
    FlinkCluster cluster = cluster(config);
    List<StreamingJobs.Started> started = new ArrayList<>();
    List<Start> jobsNow = new ArrayList<>();
    for (String name : names == null ? List.copyOf(config.jobs().keySet()) : names) {
      Optional<FlinkCluster.JobStatus> running = cluster.findRunningJob(name);
      if (running.isPresent()) {
        if (names == null) {
          told(output).println(name + " runs already, as " + running.get().id());
          jobsNow.add(new Start(name, running.get().id().toString(), false, null));
          continue;
        }
        throw new LakeException(
            ErrorCode.JOB_RUNNING,
            "The job " + name + " runs already, as " + running.get().id() + ".",
            "End it with `lake stream stop " + name + "`, then start it.");
      }
      StreamingJobs.Started job = fromNothing ? jobs.startFromNothing(name) : jobs.start(name);
      told(output).println(name + " started as " + job.id() + " from " + job.from());
      jobsNow.add(new Start(name, job.id().toString(), true, job.from()));
      started.add(job);
    }
    JobHealing healing = new JobHealing(config);
    for (StreamingJobs.Started job : started) {
      healing.watchStart(job, told(output)::println);
    }
    if (output.isJson()) {
      OutputOption.printJson(out(), jobsNow);
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
          boolean withoutSavepoint,
      @Mixin OutputOption output)
      throws Exception {
    StreamingJobs jobs = new StreamingJobs(lake.configToChange());
    List<StreamingJobs.Stopped> stopped = new ArrayList<>();
    for (String name : names) {
      StreamingJobs.Stopped job = jobs.stop(name, !withoutSavepoint);
      stopped.add(job);
      told(output)
          .println(
              job.savepoint()
                  .map(savepoint -> name + " stopped; its savepoint is " + savepoint)
                  .orElse(
                      name
                          + " was "
                          + job.state()
                          + " and has ended without a savepoint; it goes on from its newest completed"
                          + " checkpoint"));
    }
    if (output.isJson()) {
      OutputOption.printJson(out(), stopped);
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
          List<String> names,
      @Mixin OutputOption output)
      throws Exception {
    StreamingJobs jobs = new StreamingJobs(lake.configToChange());
    List<Savepoint> savepoints = new ArrayList<>();
    for (String name : names) {
      savepoints.add(new Savepoint(name, jobs.savepoint(name)));
      told(output).println(name + " " + savepoints.get(savepoints.size() - 1).savepoint());
    }
    if (output.isJson()) {
      OutputOption.printJson(out(), savepoints);
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
        new JobHealing(lake.configToChange()).heal(told(output)::println);
    if (output.isJson()) {
      OutputOption.printJson(out(), findings);
    } else {
      for (JobHealing.Finding finding : findings) {
        out()
            .println(
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
  int repair(@Mixin LakeOptions lake, @Mixin OutputOption output) throws Exception {
    LakeConfig config = lake.configToChange();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      boolean repaired = new Repairs(config).run(catalog);
      if (output.isJson()) {
        OutputOption.printJson(out(), new Repair(repaired));
      } else {
        out().println(repaired ? "Some rows were repaired." : "Nothing to repair.");
      }
    }
    return 0;
  }

  private void print(List<FlinkCluster.JobStatus> jobs) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("job", "state", "up (s)", "id"));
    for (FlinkCluster.JobStatus job : jobs) {
      lines.add(
          List.of(
              job.name(),
              job.state(),
              String.valueOf(job.uptimeMillis() / 1000),
              job.id().toString()));
    }
    TextTable.print(lines, out());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where it is told what is done: with -o json the result stands alone. */
  private PrintWriter told(OutputOption output) {
    return output.isJson() ? spec.commandLine().getErr() : out();
  }

  private static FlinkCluster cluster(LakeConfig config) {
    return new FlinkCluster(config.cluster().restAddress());
  }
}
