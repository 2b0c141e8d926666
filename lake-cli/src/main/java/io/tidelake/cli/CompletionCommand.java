/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake completion}. */
@Command(
    name = "completion",
    description = {
      "Print the script by which bash and zsh complete commands and options of `lake`.",
      "docs/operating.md says how to keep it."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake completion > ~/.lake-completion; source ~/.lake-completion"})
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    out.flush();
    return 0;
  }
}
