/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake backfill undo}. */
@Command(
    name = "undo",
    description = {
      "Take back what a run wrote: its rows become what they would be without it. Real-time records",
      "and other runs stay. It is a run itself: undoing it brings the rows back."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill undo 20261124-013000000-ods_trade_order --dry-run"})
final class BackfillUndoCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "The run, see `lake backfill status`.")
  private String run;

  @Option(names = "--dry-run", description = "Count what would change. Changes nothing.")
  private boolean dryRun;

  @Mixin private BackfillLimitsMixin limits;
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return dryRun
        ? limits.plan(lake, output, spec, (planner, most) -> planner.planUndo(run, most))
        : limits.run(lake, output, spec, (runner, most) -> runner.undo(run, most).id());
  }
}
