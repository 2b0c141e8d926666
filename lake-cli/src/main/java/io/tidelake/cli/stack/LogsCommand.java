/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.GrowingLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake logs}. */
@Command(
    name = "logs",
    description = "Show what a server of the local stack has said last; without a name, list them.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake logs flink -f"})
public final class LogsCommand implements Callable<Integer> {

  private static final String SUFFIX = ".log";
  private static final long POLL_MILLIS = 200;

  /** The log of a server, for machines. */
  record Log(String server, String file, long bytes, Instant writtenAt) {}

  /** What a server has said, for machines. */
  record Said(String server, List<String> lines) {}

  @Parameters(arity = "0..1", paramLabel = "SERVER", description = "Whose log. Default: list all.")
  private String server;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many lines (${DEFAULT-VALUE}).")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what comes, until Ctrl-C.")
  private boolean follow;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (lines < 0) {
      throw new ParameterException(
          spec.commandLine(), "--lines is " + lines + ", but must be 0 or more");
    }
    if (follow && (output.isJson() || server == null)) {
      throw new ParameterException(
          spec.commandLine(), "--follow goes with the name of a server, and not with -o json");
    }
    List<Log> logs = logs(lake.stackDir().resolve("logs"));
    if (server == null) {
      list(logs);
    } else {
      show(find(logs));
    }
    return 0;
  }

  private static List<Log> logs(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Log> logs = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
        String name = file.getFileName().toString();
        logs.add(
            new Log(
                name.substring(0, name.length() - SUFFIX.length()),
                file.toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant()));
      }
      return logs;
    }
  }

  private Path find(List<Log> logs) {
    return logs.stream()
        .filter(log -> log.server().equals(server))
        .map(log -> Path.of(log.file()))
        .findFirst()
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.SERVER_UNKNOWN,
                    "The local stack has no log of a server " + server + ".",
                    logs.isEmpty()
                        ? "There are none yet; `lake up` starts the stack."
                        : "There are "
                            + logs.stream().map(Log::server).collect(Collectors.joining(", "))
                            + "."));
  }

  private void list(List<Log> logs) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, logs);
      return;
    }
    if (logs.isEmpty()) {
      out.println("There are no logs yet; `lake up` starts the stack.");
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("server", "KB", "written at", "log"));
    for (Log log : logs) {
      cells.add(
          List.of(
              log.server(),
              Format.number((log.bytes() + 1023) / 1024),
              log.writtenAt().toString(),
              log.file()));
    }
    TextTable.print(cells, out);
  }

  private void show(Path file) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    GrowingLog log = GrowingLog.tail(file, lines);
    if (output.isJson()) {
      OutputOption.printJson(out, new Said(server, rest(log)));
      return;
    }
    do {
      rest(log).forEach(out::println);
      out.flush();
      if (follow) {
        Thread.sleep(POLL_MILLIS);
      }
    } while (follow);
  }

  private static List<String> rest(GrowingLog log) throws IOException {
    List<String> all = new ArrayList<>();
    for (List<String> next = log.next(); !next.isEmpty(); next = log.next()) {
      all.addAll(next);
    }
    return all;
  }
}
