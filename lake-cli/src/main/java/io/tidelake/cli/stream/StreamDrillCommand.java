/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.YesOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.drill.DrillResult;
import io.tidelake.streaming.drill.StateLossDrill;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.Verification;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake stream drill}. */
@Command(
    name = "drill",
    description = {
      "Throw all streaming state away, start all jobs from the tables alone, and compare every table",
      "with what it held before. The order system may go on: its changes wait in Kafka meanwhile.",
      "Asks before it does. Exit code 0 only if all tables are equal."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake stream drill --yes"})
final class StreamDrillCommand implements Callable<Integer> {

  @Mixin private YesOption yes;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "900",
      description = "How long the layers may take to become level, each time (${DEFAULT-VALUE}).")
  private int wait;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (wait < 1) {
      throw new ParameterException(
          spec.commandLine(), "--wait is " + wait + ", but must be 1 or more");
    }
    PrintWriter err = spec.commandLine().getErr();
    LakeConfig config = lake.configToChange();
    String jobs = String.join(", ", config.jobs().keySet());
    if (!yes.isConfirmed(err, "The state of the jobs " + jobs + " is lost")) {
      err.println("Nothing was changed.");
      return 1;
    }
    DrillResult result;
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      result =
          new StateLossDrill(
                  config,
                  catalog,
                  Duration.ofSeconds(wait),
                  line -> {
                    err.println(line);
                    err.flush();
                  })
              .run();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, result);
    } else {
      print(result, out);
    }
    return result.agrees() ? 0 : 1;
  }

  private static void print(DrillResult result, PrintWriter out) {
    Map<String, DrillResult.Table> afterCapture =
        result.afterCapture().stream()
            .collect(Collectors.toMap(DrillResult.Table::name, Function.identity()));
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("table", "rows", "jobs from nothing", "capture from nothing"));
    for (DrillResult.Table table : result.afterJobs()) {
      lines.add(
          List.of(
              table.name(),
              String.valueOf(table.rows()),
              verdict(table),
              afterCapture.containsKey(table.name())
                  ? verdict(afterCapture.get(table.name()))
                  : "-"));
    }
    TextTable.print(lines, out);
    List<DrillResult.Table> all = new ArrayList<>(result.afterJobs());
    all.addAll(result.afterCapture());
    for (DrillResult.Table table : all) {
      if (!table.agrees()) {
        table.samples().forEach(sample -> out.println(table.name() + ": " + text(sample)));
      }
    }
    if (result.sourceWrote()) {
      out.println(
          "The source wrote meanwhile; what is computed from its changes has nothing to be compared"
              + " with (-).");
    }
    out.printf(
        Locale.ROOT,
        "%s after %.0f s%s%n",
        result.agrees() ? "ALL EQUAL" : "DIFFERENT",
        result.seconds(),
        result.agrees() ? "" : "; the tag " + result.id() + " holds what was before, for a day");
    out.flush();
  }

  private static String verdict(DrillResult.Table table) {
    List<String> parts = new ArrayList<>();
    add(parts, table.different(), "changed");
    add(parts, table.vanished(), "lost");
    add(parts, table.appeared(), "new");
    add(parts, table.newer(), "newer");
    String counts = String.join(", ", parts);
    if (table.agrees()) {
      return parts.isEmpty() ? "equal" : "equal, and " + counts;
    }
    return "DIFFERS: " + counts;
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String text(Verification.Sample sample) {
    if (sample.column().isEmpty()) {
      return sample.key() + (sample.inTable() == null ? " is lost" : " is new");
    }
    return "%s: %s is %s, was %s"
        .formatted(sample.key(), sample.column(), sample.inTable(), sample.computed());
  }
}
