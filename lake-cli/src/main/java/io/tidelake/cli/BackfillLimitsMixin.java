package io.tidelake.cli;

import io.tidelake.backfill.BackfillLimits;
import io.tidelake.backfill.BatchEngine;
import io.tidelake.tables.LakeConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much a backfill may take, and where its jobs run. */
final class BackfillLimitsMixin {

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Days that are written at the same time. Default: that of conf/lake.yaml.")
  private Integer parallelism;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      description =
          "Rows written a second at most; 0 for no limit. Default: that of conf/lake.yaml.")
  private Double rowsPerSecond;

  @Option(
      names = "--max-rejects",
      paramLabel = "N",
      description = "Rejected rows of a day at which it stops. Default: that of conf/lake.yaml.")
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

  BatchEngine engine(LakeConfig config) {
    return cluster
        ? BatchEngine.cluster(config)
        : BatchEngine.embedded(limits(config).parallelism());
  }
}
