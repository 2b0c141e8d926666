/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.health.Health;
import io.tidelake.health.Health.Problem;
import io.tidelake.health.HealthCheck;
import io.tidelake.stack.StackAddresses;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake status}. */
@Command(
    name = "status",
    description = {
      "Show how everything is: servers, jobs, change capture, how late each layer is, tables, publisher.",
      "Exit code 1 when something stands still, is late or does not answer."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake status -o json"})
public final class StatusCommand implements Callable<Integer> {

  @Option(
      names = "--late-after",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How old a layer may be before that is a problem (${DEFAULT-VALUE}).")
  private int lateAfter;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (lateAfter <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--late-after is " + lateAfter + ", but must be more than 0");
    }
    Health health =
        new HealthCheck(
                lake.config(),
                lake.runningStack().map(StackAddresses::forHealth),
                Duration.ofSeconds(lateAfter))
            .run();
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, health);
    } else {
      print(health, out);
    }
    return health.isWell() ? 0 : 1;
  }

  private static void print(Health health, PrintWriter out) {
    switch (health.state()) {
      case down -> out.println("The local stack is not running; `lake up` starts it.");
      case starting -> out.println("The local stack in " + health.workDir() + " is starting.");
      case up -> out.println("The local stack in " + health.workDir() + " is up.");
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("server", "address", "state"));
    for (Health.Server server : health.servers()) {
      lines.add(
          List.of(
              server.name(),
              "127.0.0.1:" + server.port(),
              server.answers() ? "answers" : "NO ANSWER"));
    }
    print(lines, out);

    lines.add(List.of("job", "state", "up", "restarts", "checkpoint", "last failure"));
    for (Health.Job job : health.jobs()) {
      lines.add(
          List.of(
              job.name(),
              job.state(),
              job.id() == null ? "" : duration(job.upSeconds()),
              job.restarts() == null ? "" : job.restarts().toString(),
              job.checkpointAgeSeconds() == null
                  ? "none"
                  : duration(job.checkpointAgeSeconds()) + " ago",
              job.lastFailure() == null
                  ? ""
                  : ago(job.lastFailureAt(), health) + ": " + job.lastFailure()));
    }
    print(lines, out);

    if (health.capture().connector() != null) {
      out.println();
      out.println("change capture is " + health.capture().connector());
    }
    lines.add(List.of("source", "last event", "not read yet"));
    for (Health.Topic topic : health.capture().topics()) {
      lines.add(
          List.of(
              topic.table(),
              topic.lastEventAt() == null ? "none" : ago(topic.lastEventAt(), health),
              topic.backlog() == null ? "?" : Format.number(topic.backlog())));
    }
    print(lines, out);

    lines.add(List.of("layer", "behind the source", "lake clock"));
    for (Health.Layer layer : health.layers()) {
      lines.add(
          List.of(
              layer.name(),
              String.format(Locale.ROOT, "%.1f s", layer.ageSeconds()),
              layer.lakeClock().toString()));
    }
    print(lines, out);

    lines.add(List.of("table", "written", "files to compact", "dead letters"));
    health.tables().stream()
        .filter(table -> table.waitingFiles() > 0 || table.deadLetters() > 0)
        .forEach(
            table ->
                lines.add(
                    List.of(
                        table.name(),
                        table.writtenAt() == null ? "never" : ago(table.writtenAt(), health),
                        Format.number(table.waitingFiles()),
                        Format.number(table.deadLetters()))));
    int others = health.tables().size() - Math.max(0, lines.size() - 1);
    print(lines, out);
    out.println();
    if (health.state() != Health.StackState.starting) {
      out.println(others + " other tables have nothing to compact and no dead letters.");
      out.println(publisher(health.publisher()));
    }
    print("note", health.notes(), out);
    print("PROBLEM", health.problems(), out);
    if (health.isWell()) {
      out.println("All is well.");
    }
  }

  private static String publisher(Health.Publishing publisher) {
    return publisher == null
        ? "No publisher has ever run."
        : "publisher %s: %d of %d tables are published up to their newest snapshot"
            .formatted(
                publisher.process(), publisher.tables() - publisher.behind(), publisher.tables());
  }

  private static void print(List<List<String>> lines, PrintWriter out) {
    if (lines.size() > 1) {
      out.println();
      TextTable.print(lines, out);
    }
    lines.clear();
  }

  private static void print(String kind, List<Problem> problems, PrintWriter out) {
    for (Problem problem : problems) {
      out.println(kind + " " + problem.code() + ": " + problem.message());
      if (!problem.whatToDo().isEmpty()) {
        out.println("  " + problem.whatToDo());
      }
    }
  }

  private static String ago(Instant time, Health health) {
    return duration(Math.max(0, Duration.between(time, health.at()).toSeconds())) + " ago";
  }

  private static String duration(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
