/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.reread.Reread;
import io.tidelake.streaming.reread.RereadResult;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake sources reread}. */
@Command(
    name = "reread",
    description = {
      "Read tables of the source again, beside the running stream: for changes that were lost, for a",
      "table that was emptied (TRUNCATE), and for a new one. Rows that the source has no more are",
      "marked as deleted. Nothing is written to the source."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: lake sources reread carrier",
      "         lake sources reread trade_order --where \"order_date >= '2026-06-17'\""
    })
final class SourcesRereadCommand implements Callable<Integer> {

  /** What is done with the run that is not over. */
  private static final class Running {

    @Option(names = "--stop", description = "Have change capture stop reading, until --resume.")
    private boolean stop;

    @Option(
        names = "--resume",
        description = "Go on with what was stopped, or with what an ended command has begun.")
    private boolean resume;

    @Option(
        names = "--abandon",
        description = "Give it up. What was read stays; deleted rows are not looked for.")
    private boolean abandon;
  }

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..*",
      description = "Tables of the source, as its database names them.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All captured tables.")
  private boolean all;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Read only these rows; SQL of the source. Deleted rows are not looked for then, since the"
              + " source cannot say which of them the condition would hold for.")
  private String where;

  @ArgGroup private Running running;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait while nothing moves (${DEFAULT-VALUE}).")
  private int wait;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    checkUsage();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    LakeConfig config = lake.configToChange();
    try (LakeCatalog catalog = LakeCatalog.open(config);
        Reread reread =
            new Reread(
                config,
                catalog,
                Duration.ofSeconds(wait),
                line -> {
                  err.println(line);
                  err.flush();
                })) {
      if (running != null && !running.resume) {
        give(running.stop ? reread.stop() : new Reread.Stopped(reread.abandon(), false), out);
        return 0;
      }
      RereadResult result =
          running != null ? reread.resume() : reread.run(all ? reread.tables() : names, where);
      if (output.isJson()) {
        OutputOption.printJson(out, result);
      } else {
        print(result, out);
      }
      return result.isComplete() ? 0 : 1;
    }
  }

  private void give(Reread.Stopped reading, PrintWriter out) throws IOException {
    String state = running.abandon ? "abandoned" : reading.read() ? "read" : "stopped";
    if (output.isJson()) {
      OutputOption.printJson(out, Map.of("tables", reading.tables(), "state", state));
      return;
    }
    String tables = String.join(", ", reading.tables());
    out.println(
        switch (state) {
          case "abandoned" -> "The reading of " + tables + " is given up.";
          case "read" -> "All rows of " + tables + " are read already; --resume does the rest.";
          default -> "The reading of " + tables + " is stopped; --resume goes on.";
        });
    out.flush();
  }

  private void checkUsage() {
    boolean begins = all || !names.isEmpty();
    if (all && !names.isEmpty()) {
      throw usage("Name tables or write --all, not both");
    }
    if (begins == (running != null)) {
      throw usage("Name a table, or write --all, --stop, --resume or --abandon");
    }
    if (where != null && names.size() != 1) {
      throw usage("--where goes with one table");
    }
    if (wait < 1) {
      throw usage("--wait is " + wait + ", but must be 1 or more");
    }
  }

  private ParameterException usage(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private static void print(RereadResult result, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("source table", "rows read", "lake table", "marked as deleted"));
    for (RereadResult.Table table : result.tables()) {
      if (table.deleted().isEmpty()) {
        lines.add(List.of(table.table(), String.valueOf(table.read()), "", ""));
      }
      table
          .deleted()
          .forEach(
              (name, deleted) ->
                  lines.add(
                      List.of(
                          table.table(),
                          String.valueOf(table.read()),
                          name,
                          String.valueOf(deleted))));
    }
    TextTable.print(lines, out);
    for (RereadResult.Table table : result.tables()) {
      if (table.unreadable() > 0) {
        out.printf(
            "%d events of %s could not be read meanwhile, so rows that it has no more were not looked"
                + " for. ops_dead_letter has them; mend what they say and read it again.%n",
            table.unreadable(), table.table());
      }
    }
    for (RereadResult.Table table : result.tables()) {
      if (table.lettersLeft() > 0) {
        out.printf(
            "%d dead letters of %s stay: no table of the lake that they are of mirrors it, so rows that"
                + " it has no more were not looked for there. `lake dead-letters show` has them.%n",
            table.lettersLeft(), table.table());
      }
    }
    if (result.where() != null) {
      out.println("With --where, rows that the source has no more are not looked for.");
    }
    out.printf(Locale.ROOT, "As of %s, after %.0f s%n", result.asOf(), result.seconds());
    out.flush();
  }
}
