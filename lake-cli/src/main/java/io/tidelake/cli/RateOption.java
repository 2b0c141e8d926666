package io.tidelake.cli;

import picocli.CommandLine.Option;

/** The option {@code --rate} of commands that write a workload. */
final class RateOption {

  @Option(
      names = "--rate",
      defaultValue = "500",
      description = "Row changes a second at most (${DEFAULT-VALUE}).")
  private double rate;

  double changesPerSecond() {
    return rate;
  }
}
