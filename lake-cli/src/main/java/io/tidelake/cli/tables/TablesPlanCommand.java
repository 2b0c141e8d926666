/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake tables plan}. */
@Command(
    name = "plan",
    description = "Show what would make the tables equal to their SQL files. Changes nothing.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables plan --set catalog/warehouse=/data/lake"})
final class TablesPlanCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      PlanReport report = PlanReport.of(config, catalog);
      if (output.isJson()) {
        OutputOption.printJson(spec.commandLine().getOut(), report);
      } else {
        report.printPlan(spec.commandLine().getOut());
      }
    }
    return 0;
  }
}
