/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --wait} of commands that compare the lake while streams write it. */
public final class WaitOption {

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "Look again until all agree or that time is over; streams need some seconds to follow"
              + " (${DEFAULT-VALUE}).")
  private int seconds;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * How long to look again.
   *
   * @throws ParameterException when it is negative
   */
  public Duration patience() {
    if (seconds < 0) {
      throw new ParameterException(
          spec.commandLine(), "--wait is " + seconds + ", but must be 0 or more");
    }
    return Duration.ofSeconds(seconds);
  }
}
