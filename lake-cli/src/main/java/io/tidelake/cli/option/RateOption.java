/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import picocli.CommandLine.Option;

/** The option {@code --rate} of commands that write a workload. */
public final class RateOption {

  @Option(
      names = "--rate",
      defaultValue = "500",
      description = "Row changes a second at most (${DEFAULT-VALUE}).")
  private double rate;

  public double changesPerSecond() {
    return rate;
  }
}
