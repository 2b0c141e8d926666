/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.schedule;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.RootCommand;
import io.tidelake.error.LakeException;
import io.tidelake.schedule.CommandRunner;
import io.tidelake.schedule.Schedule;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.process.Jvm;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Runs {@code lake} commands as processes of their own, so that none of them can take the scheduler
 * down. The output of each attempt is kept in a file.
 */
final class ScheduledCommand implements CommandRunner {

  private static final String HEAP = "2g";
  private static final int LOGS_KEPT = 100;
  private static final int WRONG_USAGE = 2;
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);

  private final RootCommand root;
  private final LakeOptions lake;
  private final Path logs;

  /**
   * @param root the command whose commands it runs
   * @param lake the scheduler's own options; its commands get the same
   * @param logs folder of the output, with a folder per schedule
   */
  ScheduledCommand(RootCommand root, LakeOptions lake, Path logs) {
    this.root = root;
    this.lake = lake;
    this.logs = logs;
  }

  /**
   * Refuses a schedule whose command does not exist or has wrong options; runs nothing.
   *
   * @throws LakeException that names the schedule
   */
  void check(Schedule schedule, Instant now) {
    Instant next = schedule.nextAfter(now).orElse(now);
    try {
      ParseResult command = parse(schedule.wordsAt(next));
      Object action = command.commandSpec().userObject();
      if (action instanceof ScheduleCommand) {
        throw Schedule.invalid(schedule.name(), "the scheduler cannot run itself", null);
      }
      if (!(action instanceof Callable || action instanceof Method)) {
        String name = command.commandSpec().qualifiedName();
        throw Schedule.invalid(
            schedule.name(),
            "'%s' lacks a command; `%s --help` lists them".formatted(name, name),
            null);
      }
    } catch (ParameterException e) {
      throw Schedule.invalid(
          schedule.name(),
          "its command 'lake "
              + schedule.commandAt(next)
              + "' is not understood: "
              + e.getMessage(),
          e);
    }
  }

  /** The innermost command, with what it was given. */
  private ParseResult parse(List<String> words) {
    ParseResult result = root.newCommandLine().parseArgs(words.toArray(String[]::new));
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    if (result.hasMatchedOption("--set")) {
      LakeOptions.refuseSecrets(result.commandSpec(), result.matchedOptionValue("--set", Map.of()));
    }
    return result;
  }

  @Override
  public Outcome run(Attempt attempt) throws InterruptedException {
    Path folder = logs.resolve(attempt.schedule());
    String name = FILE_TIME.format(attempt.fireTime()) + "-" + attempt.number();
    List<String> arguments = new ArrayList<>(attempt.words());
    try {
      arguments.addAll(lake.argumentsFor(parse(attempt.words())));
    } catch (ParameterException e) {
      // Checked for one time only: a parameter may make it wrong at another.
      return new Outcome(WRONG_USAGE, "not understood: " + e.getMessage());
    }
    try (ChildProcess command =
        ChildProcess.startJava(
            name,
            folder,
            Jvm.likeThis(HEAP)
                .with(Installation.properties())
                .with(Map.of("lake.log-level", "WARN")),
            root.getClass().getName(),
            arguments)) {
      OptionalInt exitCode = command.awaitEnd(attempt.timeout());
      if (exitCode.isEmpty()) {
        return new Outcome(
            null,
            "ended by the scheduler: it took longer than its timeout of "
                + attempt.timeout().toSeconds()
                + " s; output in "
                + command.log());
      }
      int code = exitCode.getAsInt();
      return new Outcome(code, code == 0 ? null : reason(code, command));
    } catch (IOException e) {
      return new Outcome(null, "could not be started: " + LakeException.rootMessage(e));
    } finally {
      removeOldLogs(folder);
    }
  }

  /** What the command said, as far as it can be found among its output. */
  private static String reason(int code, ChildProcess command) {
    List<String> lines = command.lastLines(200).stream().filter(line -> !line.isBlank()).toList();
    // Wrong usage is told first, before the help; an error is told last, and its remedy behind it.
    int told =
        code == WRONG_USAGE
            ? 0
            : IntStream.range(0, lines.size())
                .filter(line -> lines.get(line).startsWith("error "))
                .reduce((first, second) -> second)
                .orElse(lines.size() - 1);
    return "exit code "
        + code
        + (lines.isEmpty() ? "" : ", " + lines.get(told).replaceFirst("\\.$", ""))
        + "; output in "
        + command.log();
  }

  private static void removeOldLogs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> old = files.sorted(Comparator.reverseOrder()).skip(LOGS_KEPT).toList();
      for (Path file : old) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // They cost space only; the next run tries again.
    }
  }
}
