/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.YesOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.deadletter.DeadLetter;
import io.tidelake.streaming.deadletter.DeadLetterFilter;
import io.tidelake.streaming.deadletter.DeadLetterReplay;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lake dead-letters}. */
@Command(
    name = "dead-letters",
    description = {
      "Records that could not be used: how many, why, and what becomes of them.",
      "`replay` uses them after all when the cause is gone."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Example: lake dead-letters list"})
public final class DeadLettersCommand {

  private static final int SHOWN_PAYLOAD = 400;

  @Spec private CommandSpec spec;

  /** Which letters are meant. */
  private static final class Filter {

    @Option(
        names = "--table",
        paramLabel = "TABLE",
        description = "Only those that were meant for this table.")
    private String table;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Only those whose reason contains this text.")
    private String reason;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Only those that came at this time or later, as 2026-06-18T09:00:00Z.")
    private Instant since;

    @Option(
        names = "--before",
        paramLabel = "TIME",
        description = "Only those that came before this time.")
    private Instant before;

    DeadLetterFilter get() {
      return new DeadLetterFilter(table, reason, since, before);
    }
  }

  @Command(
      name = "list",
      description = "Count them by table and kind of reason.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake dead-letters list --table dim_carrier -o json"})
  int list(@Mixin LakeOptions lake, @Mixin OutputOption output, @Mixin Filter filter)
      throws Exception {
    List<DeadLetters.Group> groups;
    try (LakeCatalog catalog = LakeCatalog.open(lake.config())) {
      groups = new DeadLetters(catalog).groups(filter.get());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, groups);
    } else if (groups.isEmpty()) {
      out.println("There are no such dead letters.");
    } else {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("table", "letters", "oldest", "newest", "reason"));
      for (DeadLetters.Group group : groups) {
        lines.add(
            List.of(
                group.target(),
                Format.number(group.count()),
                text(group.first()),
                text(group.last()),
                group.reason()));
      }
      TextTable.print(lines, out);
      out.println(
          "`lake dead-letters show` prints them; `replay` uses them when the cause is gone, `drop` deletes them.");
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Print the newest of them whole.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake dead-letters show --table dim_carrier --limit 3"})
  int show(
      @Mixin LakeOptions lake,
      @Mixin OutputOption output,
      @Mixin Filter filter,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "20",
              description = "How many at most (${DEFAULT-VALUE}).")
          int limit)
      throws Exception {
    List<DeadLetter> letters;
    try (LakeCatalog catalog = LakeCatalog.open(lake.config())) {
      letters = new DeadLetters(catalog).newest(filter.get(), limit);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, letters);
      return 0;
    }
    if (letters.isEmpty()) {
      out.println("There are no such dead letters.");
    }
    for (DeadLetter letter : letters) {
      out.printf("%s  %s  %s%n", letter.target(), letter.source(), letter.place());
      out.println("  came     " + text(letter.loggedAt()));
      out.println("  reason   " + letter.reason());
      out.println("  payload  " + shortened(letter.payload()));
    }
    return 0;
  }

  @Command(
      name = "replay",
      description = {
        "Read them again with the source files and pipelines as they are now, beside the stream.",
        "What came later in the log still wins. Exit code 1 when some still cannot be used."
      },
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake dead-letters replay --table dim_carrier"})
  int replay(@Mixin LakeOptions lake, @Mixin OutputOption output, @Mixin Filter filter)
      throws Exception {
    LakeConfig config = lake.configToChange();
    DeadLetterReplay.Result result;
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      result = new DeadLetterReplay(config).run(catalog, filter.get());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, result);
    } else {
      print(result, out);
    }
    return result.remainingLetters() == 0 ? 0 : 1;
  }

  private static void print(DeadLetterReplay.Result result, PrintWriter out) {
    if (result.replayed().isEmpty() && result.remaining().isEmpty()) {
      out.println("There are no such dead letters.");
    }
    print(result.replayed(), "replayed", out);
    print(result.remaining(), "still cannot be used", out);
    if (!result.remaining().isEmpty()) {
      out.println(
          "`lake dead-letters list` says why. Change the source file or the pipeline, or the row at the"
              + " source, and replay again; `lake dead-letters drop` gives them up.");
    }
  }

  private static void print(Map<String, Long> letters, String what, PrintWriter out) {
    letters.forEach((table, count) -> out.printf("%s: %,d %s%n", table, count, what));
  }

  @Command(
      name = "drop",
      description = "Delete them for good. Asks first.",
      mixinStandardHelpOptions = true,
      footer = {"", "Example: lake dead-letters drop --table dim_carrier --reason TRUNCATE --yes"})
  int drop(
      @Mixin LakeOptions lake,
      @Mixin OutputOption output,
      @Mixin Filter filter,
      @Mixin YesOption yes)
      throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(lake.configToChange())) {
      DeadLetters letters = new DeadLetters(catalog);
      long count = letters.groups(filter.get()).stream().mapToLong(DeadLetters.Group::count).sum();
      long dropped =
          count > 0
                  && yes.isConfirmed(
                      spec.commandLine().getErr(),
                      "%,d dead letters would be deleted for good".formatted(count))
              ? letters.drop(filter.get())
              : 0;
      PrintWriter out = spec.commandLine().getOut();
      if (output.isJson()) {
        OutputOption.printJson(out, Map.of("dropped", dropped));
      } else {
        out.printf("%,d dead letters dropped.%n", dropped);
      }
    }
    return 0;
  }

  private static String text(Instant time) {
    return time == null ? "?" : time.toString();
  }

  private static String shortened(String payload) {
    return payload == null || payload.length() <= SHOWN_PAYLOAD
        ? payload
        : "%s … (%,d characters; -o json prints all)"
            .formatted(payload.substring(0, SHOWN_PAYLOAD), payload.length());
  }
}
