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

/** {@code lake backfill abandon}. */
@Command(
    name = "abandon",
    description = {
      "Give an interrupted or failed run up: what it has written stays, its days are free for others."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake backfill abandon 20261124-013000000-ods_trade_order"})
final class BackfillAbandonCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "The run, see `lake backfill status`.")
  private String run;

  @Option(
      names = "--force",
      description = {
        "Also when its process cannot be seen from this machine. Make sure that it is gone:",
        "should it live, it stops before the next day that it would begin."
      })
  private boolean force;

  @Mixin private BackfillLimitsMixin limits;
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return limits.run(
        lake,
        output,
        spec,
        (runner, most) -> (force ? runner.abandonByForce(run) : runner.abandon(run)).id());
  }
}
