/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import io.tidelake.workload.WorkloadOptions;
import picocli.CommandLine.Option;

/** Which workload: the options of commands that write orders, or know what was written. */
public final class WorkloadOptionsMixin {

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "2500",
      description = "Trade orders; each makes about 16 row changes (${DEFAULT-VALUE}).")
  private int orders;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the workload; equal seeds give equal orders (${DEFAULT-VALUE}).")
  private long seed;

  public WorkloadOptions options() {
    return WorkloadOptions.of(seed, orders);
  }
}
