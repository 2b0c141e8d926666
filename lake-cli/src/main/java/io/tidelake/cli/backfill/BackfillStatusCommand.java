/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake backfill status}. */
@Command(
    name = "status",
    description = "List the runs, the latest first, and how far they are.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill status -o json"})
final class BackfillStatusCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      BackfillRecords records = new BackfillRecords(catalog);
      List<BackfillRun> runs = records.runs();
      if (output.isJson()) {
        OutputOption.printJson(spec.commandLine().getOut(), runs);
        return 0;
      }
      Map<String, Long> done = records.donePartitions();
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("run", "mode", "state", "done", "of", "started", "undoes", "message"));
      for (BackfillRun run : runs) {
        lines.add(
            List.of(
                run.id(),
                run.mode().toString(),
                run.state().name(),
                String.valueOf(done.getOrDefault(run.id(), 0L)),
                String.valueOf(run.partitions().size()),
                run.startedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                run.undoneRun().orElse(""),
                run.message().orElse("")));
      }
      TextTable.print(lines, spec.commandLine().getOut());
    }
    return 0;
  }
}
