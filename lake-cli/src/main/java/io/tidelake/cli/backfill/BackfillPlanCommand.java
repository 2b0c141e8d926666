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

/** {@code lake backfill plan}. */
@Command(
    name = "plan",
    description = {
      "Count what a backfill would do, row by row, without changing anything: the snapshot is written",
      "into a temporary copy of the table and compared with the table as it is."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Example: lake backfill plan dwd_fulfillment_wide --parquet export/fulfillment_wide --as-of 2026-06-20T00:00:00Z"
    })
final class BackfillPlanCommand implements Callable<Integer> {

  @Mixin private BackfillRequestMixin backfill;
  @Mixin private BackfillLimitsMixin limits;
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    return limits.plan(
        lake,
        output,
        spec,
        (planner, most) -> planner.plan(backfill.request(lake.config().folders()), most));
  }
}
