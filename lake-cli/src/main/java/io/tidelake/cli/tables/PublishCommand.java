/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.publish.PublishedTable;
import io.tidelake.publish.Publisher;
import io.tidelake.publish.PublisherStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake publish}. */
@Command(
    name = "publish",
    description = {
      "Show the lake's tables to Trino and other Iceberg readers, and follow them until Ctrl-C.",
      "`publisher:` of the configuration says in which catalog. No data is copied, but for tables",
      "without deletion vectors. With --once, exit code 1 if a table could not be published."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake publish --once"})
public final class PublishCommand implements Callable<Integer> {

  @Option(names = "--once", description = "Publish what is new, and end.")
  private boolean once;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (output.isJson() && !once) {
      throw new ParameterException(
          spec.commandLine(), "-o json goes with --once: a publisher that runs on has no result.");
    }
    PrintWriter out = spec.commandLine().getOut();
    LakeConfig config = lake.configToChange();
    // With -o json the result stands alone.
    PrintWriter events = output.isJson() ? spec.commandLine().getErr() : out;
    try (Publisher publisher = Publisher.open(config, events::println)) {
      if (once) {
        List<PublishedTable> tables = publisher.publishOnce();
        if (output.isJson()) {
          OutputOption.printJson(out, tables);
        } else {
          print(tables, out);
        }
        return exitCode(tables);
      }
      events.println(
          "Publishing the tables to the %s catalog %s; Ctrl-C ends it, `lake publish status` looks."
              .formatted(
                  config.publisher().catalog().get("type"),
                  config.publisher().catalog().getOrDefault("uri", "")));
      publisher.run();
      return 0;
    }
  }

  @Command(
      name = "status",
      description = {
        "Show which Paimon snapshot of each table Iceberg readers see, and problems.",
        "Exit code 1 if a table has a problem."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake publish status -o json"})
  int status(@Mixin LakeOptions options, @Mixin OutputOption format) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PublisherStatus status = Publisher.status(options.config());
    if (format.isJson()) {
      OutputOption.printJson(out, status);
    } else {
      out.println(
          status.publisher() == null
              ? "No publisher has ever run; `lake publish` starts one."
              : "%s reported %d s ago"
                  .formatted(
                      status.publisher(),
                      Duration.between(status.reportedAt(), Instant.now()).toSeconds()));
      print(status.tables(), out);
    }
    return exitCode(status.tables());
  }

  private static int exitCode(List<PublishedTable> tables) {
    return tables.stream().allMatch(table -> table.code() == null) ? 0 : 1;
  }

  private static void print(List<PublishedTable> tables, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("table", "newest snapshot", "published", "problem"));
    for (PublishedTable table : tables) {
      lines.add(
          List.of(
              table.table(),
              Long.toString(table.newestSnapshot()),
              Long.toString(table.shownSnapshot()),
              table.code() == null ? "" : table.code() + ": " + table.message()));
    }
    TextTable.print(lines, out);
    tables.stream()
        .map(PublishedTable::remedy)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(out::println);
  }
}
