/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.closeddays.ClosedDays;
import io.tidelake.backfill.closeddays.Sweep;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.SweepResult;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lake backfill sweep}. */
@Command(
    name = "sweep",
    description = {
      "Recompute the closed days of the wide fact, DWS and ADS whose inputs were written since the",
      "last time.",
      "They are found from the tables' metadata. Open days are left to the stream."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake backfill sweep --dry-run"})
public final class SweepCommand implements Callable<Integer> {

  private static final int SLOTS = 2;

  @Option(names = "--dry-run", description = "Show what would be recomputed. Changes nothing.")
  private boolean dryRun;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = dryRun ? lake.config() : lake.configToChange();
    PrintWriter out = spec.commandLine().getOut();
    try (LakeCatalog catalog = LakeCatalog.open(config);
        BatchEngine engine = BatchEngine.embedded(SLOTS)) {
      ClosedDays closedDays = new ClosedDays(config, catalog, engine);
      SweepResult result = dryRun ? Sweep.plan(closedDays) : Sweep.run(closedDays);
      if (output.isJson()) {
        OutputOption.printJson(out, result);
      } else {
        print(result, out);
      }
    }
    return 0;
  }

  private void print(SweepResult result, PrintWriter out) {
    out.printf("Days before %s are closed.%n", result.closedBefore());
    if (!result.recomputed().isEmpty()) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("table", "days", "reason", "inserted", "changed", "deleted"));
      result.recomputed().forEach(table -> lines.add(cells(table)));
      TextTable.print(lines, out);
    }
    result
        .withoutInput()
        .forEach(
            (table, days) ->
                out.printf(
                    "%s keeps %s: there is nothing left to compute them from.%n",
                    table, Format.days(days)));
    if (result.recomputed().isEmpty()) {
      out.println("Nothing has changed since they were computed.");
    }
    out.flush();
  }

  private List<String> cells(Recomputation table) {
    DayCounts total = table.total();
    return List.of(
        table.target(),
        Format.days(table.days()),
        table.reason(),
        dryRun ? "?" : String.valueOf(total.inserted()),
        dryRun ? "?" : String.valueOf(total.changed()),
        dryRun ? "?" : String.valueOf(total.deleted()));
  }
}
