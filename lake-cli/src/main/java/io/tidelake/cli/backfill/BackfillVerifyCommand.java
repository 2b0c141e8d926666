/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.verify.Verifier;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.WaitOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.Verification;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake backfill verify}. */
@Command(
    name = "verify",
    description = {
      "Compute a table a second time and compare: a table that pipelines make, from ODS and DIM, in",
      "batch; or what a run wrote, from its snapshot. Changes nothing. Exit code 0 only if all agree."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Example: lake backfill verify dws_fulfillment_day --days 2026-06-18",
      "Example: lake backfill verify --run 20261124-013000000-ods_trade_order"
    })
final class BackfillVerifyCommand implements Callable<Integer> {

  private static final int SLOTS = 2;

  /** What is verified: one of these. */
  private static final class What {

    @Parameters(
        paramLabel = "TABLE",
        arity = "1",
        description = "A table that pipelines make: DWD, DWS, ADS.")
    private String table;

    @Option(
        names = "--run",
        paramLabel = "RUN",
        required = true,
        description = "A backfill, see `lake backfill status`.")
    private String run;
  }

  @ArgGroup(multiplicity = "1")
  private What what;

  @Option(
      names = "--days",
      split = ",",
      paramLabel = "DAY",
      description = "Days to verify, as 2026-06-18,2026-06-19. Default: all days of the table.")
  private List<String> days = List.of();

  @Mixin private WaitOption wait;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Duration patience = wait.patience();
    if (what.run != null && !days.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--days does not go with --run, which verifies all days of the run");
    }
    LakeConfig config = lake.config();
    Verification found;
    try (LakeCatalog catalog = LakeCatalog.open(config);
        BatchEngine engine = BatchEngine.embedded(SLOTS)) {
      BackfillScreen screen = new BackfillScreen(spec.commandLine().getErr());
      Verifier verifier = new Verifier(config, catalog, engine, screen);
      found =
          what.run != null
              ? verifier.verifyRun(what.run)
              : verifier.verify(what.table, days, patience);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, found);
    } else {
      print(found, out);
    }
    return found.agrees() ? 0 : 1;
  }

  private static void print(Verification found, PrintWriter out) {
    out.println(found.target() + " against " + found.against());
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("day", "equal", "newer", "different", "only in table", "only computed"));
    for (Verification.Partition partition : found.partitions()) {
      lines.add(
          List.of(
              partition.dt().isEmpty() ? "(all)" : partition.dt(),
              Format.number(partition.equal()),
              Format.number(partition.newer()),
              Format.number(partition.different()),
              Format.number(partition.onlyInTable()),
              Format.number(partition.onlyComputed())));
    }
    TextTable.print(lines, out);
    found
        .columns()
        .forEach(
            (column, match) -> {
              if (match.equal() < match.compared()) {
                out.printf(
                    Locale.ROOT,
                    "%s agrees in %.2f %% of %,d rows%n",
                    column,
                    100.0 * match.equal() / match.compared(),
                    match.compared());
              }
            });
    for (Verification.Sample sample : found.samples()) {
      out.println(
          sample.column().isEmpty()
              ? sample.key()
                  + (sample.inTable() == null ? ": only computed" : ": only in the table")
              : sample.key()
                  + ": "
                  + sample.column()
                  + " is "
                  + sample.inTable()
                  + ", computed "
                  + sample.computed());
    }
    out.println(found.agrees() ? "AGREES" : "DIFFERS");
    out.flush();
  }
}
