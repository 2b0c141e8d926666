/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import io.tidelake.cli.backfill.BackfillCommand;
import io.tidelake.cli.option.RootCommand;
import io.tidelake.cli.project.InitCommand;
import io.tidelake.cli.query.QueryCommand;
import io.tidelake.cli.query.TrinoCommand;
import io.tidelake.cli.schedule.ScheduleCommand;
import io.tidelake.cli.screen.LineFeeds;
import io.tidelake.cli.stack.BenchmarkCommand;
import io.tidelake.cli.stack.DemoCommand;
import io.tidelake.cli.stack.DoctorCommand;
import io.tidelake.cli.stack.DownCommand;
import io.tidelake.cli.stack.LogsCommand;
import io.tidelake.cli.stack.StatusCommand;
import io.tidelake.cli.stack.UpCommand;
import io.tidelake.cli.stack.WorkloadCommand;
import io.tidelake.cli.stream.DeadLettersCommand;
import io.tidelake.cli.stream.SourcesCommand;
import io.tidelake.cli.stream.StreamCommand;
import io.tidelake.cli.tables.MaintainCommand;
import io.tidelake.cli.tables.PublishCommand;
import io.tidelake.cli.tables.TablesCommand;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.secret.Secrets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code lake} command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused. */
@Command(
    name = "lake",
    description = "Tidelake: one lakehouse for streaming and batch.",
    mixinStandardHelpOptions = true,
    version = "Tidelake 0.1.0",
    footer = {"", "Example: lake demo --orders 500"})
public final class Lake implements RootCommand {

  private static final List<Class<?>> COMMANDS =
      List.of(
          InitCommand.class,
          DemoCommand.class,
          TablesCommand.class,
          SourcesCommand.class,
          UpCommand.class,
          DownCommand.class,
          StatusCommand.class,
          DoctorCommand.class,
          LogsCommand.class,
          StreamCommand.class,
          DeadLettersCommand.class,
          MaintainCommand.class,
          BackfillCommand.class,
          ScheduleCommand.class,
          PublishCommand.class,
          TrinoCommand.class,
          QueryCommand.class,
          WorkloadCommand.class,
          BenchmarkCommand.class,
          CompletionCommand.class);

  private static final Set<String> LOOK_AT_ALL = Set.of("completion");

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the whole error, with its stack trace.")
  private boolean debug;

  private Lake() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.setOut(LineFeeds.of(System.out));
    System.setErr(LineFeeds.of(System.err));
    // Of threads other than this one.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> System.err.print(Secrets.stackTrace(error)));
    System.exit(commandLineFor(arguments).execute(arguments));
  }

  /** The command with its handling of errors; does not end the JVM. */
  public static CommandLine commandLine() {
    Lake lake = new Lake();
    CommandLine command = new CommandLine(lake);
    COMMANDS.forEach(command::addSubcommand);
    return handlingErrors(command, lake);
  }

  /**
   * The same as far as the arguments need it: to look at all options of all commands takes long.
   */
  static CommandLine commandLineFor(String... arguments) {
    String name = Stream.of(arguments).filter(word -> !word.startsWith("-")).findFirst().orElse("");
    if (LOOK_AT_ALL.contains(name)) {
      return commandLine();
    }
    Lake lake = new Lake();
    CommandLine command = new CommandLine(lake);
    for (Class<?> type : COMMANDS) {
      Command about = type.getAnnotation(Command.class);
      if (about.name().equals(name)) {
        command.addSubcommand(type);
      } else {
        // What the help of the whole says of it.
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description(about.description());
        command.addSubcommand(about.name(), spec);
      }
    }
    return handlingErrors(command, lake);
  }

  private static CommandLine handlingErrors(CommandLine command, Lake lake) {
    command.setExecutionExceptionHandler(
        (error, failed, parsed) -> {
          lake.print(error, failed);
          return code(error).kind().exitCode();
        });
    IParameterExceptionHandler usage = command.getParameterExceptionHandler();
    command.setParameterExceptionHandler((wrong, typed) -> masked(usage, wrong, typed));
    command.setExecutionStrategy(
        parsed -> {
          refuseUnknown(parsed);
          Integer helped = CommandLine.executeHelpRequest(parsed);
          if (helped != null) {
            return helped;
          }
          // Before any thread logs: SLF4J complains on the screen when two threads start it at
          // once.
          LoggerFactory.getILoggerFactory();
          return new CommandLine.RunLast().execute(parsed);
        });
    return command;
  }

  @Override
  public CommandLine newCommandLine() {
    return commandLine();
  }

  /**
   * Refuses what picocli accepts in silence when {@code --help} or {@code --version} stands beside
   * it.
   *
   * @throws UnmatchedArgumentException when a command or an option is unknown
   */
  private static void refuseUnknown(ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      List<String> unknown = command.getUnmatchedArguments();
      if (!unknown.isEmpty()) {
        throw new UnmatchedArgumentException(command, unknown);
      }
    }
  }

  /** Wrong usage is told with what was typed, among which a secret may be. */
  private static int masked(
      IParameterExceptionHandler usage, ParameterException wrong, String[] typed) throws Exception {
    CommandLine failed = wrong.getCommandLine();
    PrintWriter err = failed.getErr();
    StringWriter told = new StringWriter();
    failed.setErr(new PrintWriter(told, true));
    try {
      return usage.handleParseException(wrong, typed);
    } finally {
      failed.setErr(err);
      err.print(Secrets.mask(told.toString()));
      err.flush();
    }
  }

  private static ErrorCode code(Exception error) {
    return error instanceof LakeException known ? known.code() : ErrorCode.UNEXPECTED;
  }

  private void print(Exception error, CommandLine failed) {
    if (error instanceof LakeException known) {
      failed.getErr().println("error " + known.code() + ": " + known.getMessage());
      failed.getErr().println("  " + known.remedy());
    } else {
      failed.getErr().println("error " + code(error) + ": " + LakeException.rootMessage(error));
      failed.getErr().println("  This should not happen; run the command again with --debug.");
    }
    if (debug) {
      failed.getErr().print(Secrets.stackTrace(error));
      failed.getErr().flush();
    }
  }
}
