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
import picocli.CommandLine.Spec;

/** {@code lake backfill run}. */
@Command(
    name = "run",
    description = {
      "Write a snapshot into a table, day by day, each day in one commit, and print the receipt.",
      "The stream runs on. An interrupted run goes on with `lake backfill resume`."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Example: lake backfill run ods_trade_order --parquet export/trade_order --as-of 2026-06-20T00:00:00Z"
    })
final class BackfillRunCommand implements Callable<Integer> {

  @Mixin private BackfillRequestMixin backfill;
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
        (runner, most) -> runner.run(backfill.request(lake.config().folders()), most).id());
  }
}
