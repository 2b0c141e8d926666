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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake backfill resume}. */
@Command(
    name = "resume",
    description = "Go on with a run that was interrupted or has failed, where it was.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill resume 20261124-013000000-ods_trade_order"})
final class BackfillResumeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "The run, see `lake backfill status`.")
  private String run;

  @Mixin private BackfillLimitsMixin limits;
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return limits.run(lake, output, spec, (runner, most) -> runner.resume(run, most).id());
  }
}
