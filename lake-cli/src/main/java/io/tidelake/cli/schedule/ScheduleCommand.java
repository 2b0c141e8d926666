/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.schedule;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.RootCommand;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ProcessLock;
import io.tidelake.schedule.Alarm;
import io.tidelake.schedule.Schedule;
import io.tidelake.schedule.ScheduleRun;
import io.tidelake.schedule.ScheduleRun.State;
import io.tidelake.schedule.ScheduleRuns;
import io.tidelake.schedule.Scheduler;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake schedule}. */
@Command(
    name = "schedule",
    description = {
      "Run the commands under `schedules:` of the configuration at their times, until Ctrl-C.",
      "Missed times are caught up, failed runs repeated; see docs/scheduling.md.",
      "With --once, exit code 1 if a run failed."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake schedule --list"})
public final class ScheduleCommand implements Callable<Integer> {

  /**
   * A schedule and what became of it.
   *
   * @param next its next scheduled time, or the time at which a failed run is repeated
   * @param last its newest run; NULL when there is none
   */
  record Status(
      String schedule, String cron, String when, String command, Instant next, ScheduleRun last) {}

  private static final class Mode {
    @Option(
        names = "--list",
        description = "Show the schedules with their last runs and next times.")
    private boolean list;

    @Option(
        names = "--once",
        description = "Run what is due now, missed times included; for cron and the like.")
    private boolean once;
  }

  @ArgGroup private Mode mode = new Mode();
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws Exception {
    if (output.isJson() && !mode.list && !mode.once) {
      throw new ParameterException(
          spec.commandLine(), "-o json goes with --list or --once: the scheduler has no result.");
    }
    LakeConfig config = mode.list ? lake.config() : lake.configToChange();
    List<Schedule> schedules = Schedule.of(config);
    Path folder = lake.work().resolve("schedule");
    ScheduledCommand runner =
        new ScheduledCommand((RootCommand) spec.root().userObject(), lake, folder);
    schedules.forEach(schedule -> runner.check(schedule, clock.instant()));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      ScheduleRuns runs = ScheduleRuns.open(catalog);
      if (mode.list) {
        return list(schedules, config.timeZone().getId(), runs);
      }
      if (schedules.isEmpty()) {
        throw new LakeException(
            ErrorCode.SCHEDULES_MISSING,
            "The configuration has no schedules.",
            "Add one under `schedules:`; the comment there in lake.yaml shows how.");
      }
      try (ProcessLock lock =
          ProcessLock.take(folder.resolve("scheduler.lock"), ScheduleCommand::running)) {
        // With -o json the result stands alone.
        PrintWriter events =
            output.isJson() ? spec.commandLine().getErr() : spec.commandLine().getOut();
        Consumer<String> tell = events::println;
        Scheduler scheduler = new Scheduler(schedules, runs, runner, clock, tell);
        if (mode.once) {
          return once(scheduler);
        }
        for (Schedule schedule : schedules) {
          tell.accept(
              "%s: %s %s (%s), next %s: lake %s"
                  .formatted(
                      schedule.name(),
                      schedule.inWords(),
                      config.timeZone().getId(),
                      schedule.cron(),
                      next(schedule),
                      schedule.commandAt(next(schedule))));
        }
        tell.accept("Output goes to " + folder + "; Ctrl-C ends the scheduler.");
        scheduler.run(Alarm.of(clock));
        return 0;
      }
    }
  }

  private static LakeException running(String pid) {
    return new LakeException(
        ErrorCode.SCHEDULER_RUNNING,
        "A scheduler runs already: process " + pid + ".",
        "Let it run, or end it with `kill " + pid + "`; `lake schedule --list` looks.");
  }

  private int once(Scheduler scheduler) throws Exception {
    List<ScheduleRun> done = scheduler.runOnce();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, done);
    } else if (done.isEmpty()) {
      out.println("Nothing is due.");
    }
    return done.stream().allMatch(run -> run.state() == State.done) ? 0 : 1;
  }

  private int list(List<Schedule> schedules, String timeZone, ScheduleRuns runs) throws Exception {
    List<Status> statuses = schedules.stream().map(schedule -> status(schedule, runs)).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, statuses);
      return 0;
    }
    if (statuses.isEmpty()) {
      out.println("There are no schedules. The comment in lake.yaml shows how to add one.");
      return 0;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "schedule", "when (" + timeZone + ")", "next", "last", "state", "command", "message"));
    for (Status status : statuses) {
      ScheduleRun last = status.last();
      lines.add(
          List.of(
              status.schedule(),
              status.when(),
              status.next().toString(),
              last == null ? "" : last.fireTime().toString(),
              last == null ? "" : last.state().name(),
              status.command(),
              last == null ? "" : Objects.requireNonNullElse(last.message(), "")));
    }
    TextTable.print(lines, out);
    return 0;
  }

  private Status status(Schedule schedule, ScheduleRuns runs) {
    ScheduleRun last =
        runs.latest(schedule.name()).filter(run -> run.state() != State.added).orElse(null);
    Instant next =
        last != null && last.state() == State.waiting ? schedule.retryOf(last) : next(schedule);
    return new Status(
        schedule.name(),
        schedule.cron(),
        schedule.inWords(),
        last == null ? schedule.commandAt(next) : last.command(),
        next,
        last);
  }

  /** A schedule without a next time is refused when it is read. */
  private Instant next(Schedule schedule) {
    return schedule.nextAfter(clock.instant()).orElseThrow();
  }
}
