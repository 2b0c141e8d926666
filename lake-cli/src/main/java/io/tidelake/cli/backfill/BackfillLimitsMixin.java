/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.run.BackfillPlanner;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much a backfill may take, and where its jobs run. */
final class BackfillLimitsMixin {

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Days that are written at the same time. Default: that of lake.yaml.")
  private Integer parallelism;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      description = "Rows written a second at most; 0 for no limit. Default: that of lake.yaml.")
  private Double rowsPerSecond;

  @Option(
      names = "--max-rejects",
      paramLabel = "N",
      description = "Rejected rows of a day at which it stops. Default: that of lake.yaml.")
  private Integer maxRejects;

  @Option(
      names = "--cluster",
      description = "Run the jobs on the configured Flink cluster instead of in this process.")
  private boolean cluster;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  BackfillLimits limits(LakeConfig config) {
    BackfillLimits limits =
        new BackfillLimits(
            parallelism == null ? config.backfill().parallelism() : parallelism,
            rowsPerSecond == null ? config.backfill().rowsPerSecond() : rowsPerSecond,
            maxRejects == null ? config.backfill().maxRejects() : maxRejects);
    if (limits.parallelism() < 1 || limits.rowsPerSecond() < 0 || limits.maxRejects() < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--parallelism must be at least 1, --rows-per-second and --max-rejects at least 0");
    }
    return limits;
  }

  /** What a command does with a runner; gives the id of the run. */
  @FunctionalInterface
  interface Work {
    String with(BackfillRunner runner, BackfillLimits limits) throws Exception;
  }

  /** Does it, shows how far it is, and prints the receipts of the run. */
  int run(LakeOptions lake, OutputOption output, CommandSpec command, Work work) throws Exception {
    LakeConfig config = lake.configToChange();
    try (LakeCatalog catalog = LakeCatalog.open(config);
        BatchEngine engine = engine(config)) {
      BackfillScreen screen = new BackfillScreen(command.commandLine().getErr());
      BackfillRunner runner = new BackfillRunner(config, catalog, engine, screen);
      String run = work.with(runner, limits(config));
      BackfillReceiptCommand.print(catalog, run, output, command);
    }
    return 0;
  }

  /** What a command does with a planner. */
  @FunctionalInterface
  interface Planning {
    BackfillPlan with(BackfillPlanner planner, BackfillLimits limits) throws Exception;
  }

  /** Does it, shows how far it is, and prints the plan. */
  int plan(LakeOptions lake, OutputOption output, CommandSpec command, Planning planning)
      throws Exception {
    LakeConfig config = lake.config();
    PrintWriter out = command.commandLine().getOut();
    try (LakeCatalog catalog = LakeCatalog.open(config);
        BatchEngine engine = engine(config)) {
      BackfillScreen screen = new BackfillScreen(command.commandLine().getErr());
      BackfillPlanner planner = new BackfillPlanner(config, catalog, engine, screen);
      BackfillPlan plan = planning.with(planner, limits(config));
      if (output.isJson()) {
        OutputOption.printJson(out, plan);
      } else {
        BackfillReport.print(plan, out);
      }
    }
    return 0;
  }

  private BatchEngine engine(LakeConfig config) {
    return cluster
        ? BatchEngine.cluster(config)
        : BatchEngine.embedded(limits(config).parallelism());
  }
}
