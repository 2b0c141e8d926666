/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake backfill receipt}. */
@Command(
    name = "receipt",
    description = "Print what a run did to each day, as counted from the table's own files.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill receipt 20261124-013000000-ods_trade_order"})
final class BackfillReceiptCommand implements Callable<Integer> {

  /** A run with its receipts, for machines. */
  private record Printed(BackfillRun run, List<Receipt> receipts) {}

  @Parameters(paramLabel = "RUN", description = "The run, see `lake backfill status`.")
  private String run;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      print(catalog, run, output, spec);
    }
    return 0;
  }

  /** Prints the receipts of a run. */
  static void print(LakeCatalog catalog, String id, OutputOption output, CommandSpec spec)
      throws IOException {
    BackfillRecords records = new BackfillRecords(catalog);
    BackfillRun found = records.run(id);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, new Printed(found, records.receipts(id)));
    } else {
      BackfillReport.print(found, records.receipts(id), out);
    }
  }
}
