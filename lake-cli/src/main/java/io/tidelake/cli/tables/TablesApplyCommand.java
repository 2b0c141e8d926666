/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.YesOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Safety;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lake tables apply}. */
@Command(
    name = "apply",
    description = {
      "Make the tables equal to their SQL files. Data is kept.",
      "Changes that lose data are refused, unless forced; a refused plan changes nothing."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables apply"})
final class TablesApplyCommand implements Callable<Integer> {

  @Option(names = "--force", description = "Do changes that lose data, too; asks before it does.")
  private boolean force;

  @Mixin private YesOption yes;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.configToChange();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      PlanReport report = PlanReport.of(config, catalog);
      if (!force) {
        report.plan().apply(catalog);
      } else if (isConfirmed(report.plan().changes(Safety.DESTRUCTIVE))) {
        report.plan().applyForced(catalog);
      } else {
        spec.commandLine().getErr().println("Nothing was changed.");
        return 1;
      }
      if (output.isJson()) {
        OutputOption.printJson(spec.commandLine().getOut(), report);
      } else {
        report.printApplied(spec.commandLine().getOut());
      }
      if (!report.plan().allChanges().isEmpty()) {
        restartCompaction(config);
      }
    }
    return 0;
  }

  /** It compacts by the definitions that it was started with, and would fail. */
  private void restartCompaction(LakeConfig config) throws InterruptedException {
    new StreamingJobs(config)
        .restart(StreamingJobs.COMPACTION)
        .ifPresent(
            started ->
                spec.commandLine()
                    .getErr()
                    .println(
                        "job " + started.job() + " is started again, with the changed tables"));
  }

  private boolean isConfirmed(List<TableChange> destructive) throws IOException {
    if (destructive.isEmpty()) {
      return true;
    }
    PrintWriter err = spec.commandLine().getErr();
    destructive.forEach(change -> err.println(change.table() + ": " + change.describe()));
    return yes.isConfirmed(err, destructive.size() + " changes lose data");
  }
}
