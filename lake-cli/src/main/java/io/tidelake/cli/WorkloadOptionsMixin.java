package io.tidelake.cli;

import io.tidelake.workload.WorkloadOptions;
import picocli.CommandLine.Option;

/** The options of commands that write orders. */
final class WorkloadOptionsMixin {

  @Option(
      names = "--orders",
      defaultValue = "2500",
      description = "Trade orders to write; each makes about 16 row changes (${DEFAULT-VALUE}).")
  private int orders;

  @Option(
      names = "--rate",
      defaultValue = "500",
      description = "Row changes a second at most (${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the workload; equal seeds write equal orders (${DEFAULT-VALUE}).")
  private long seed;

  WorkloadOptions options() {
    return WorkloadOptions.of(seed, orders);
  }

  double rate() {
    return rate;
  }
}
