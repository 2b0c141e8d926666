/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.StackAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake down}. */
@Command(
    name = "down",
    description = "End the local stack. Its data stays.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake down"})
public final class DownCommand implements Callable<Integer> {

  private static final long WITHIN_SECONDS = 60;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  /**
   * What became of it, for machines.
   *
   * @param ended false when none was running
   * @param workDir where the data of the stack lies; NULL when none was running
   */
  record Down(boolean ended, String workDir) {}

  @Override
  public Integer call() throws Exception {
    Optional<StackAddresses> stack = lake.runningStack();
    Optional<ProcessHandle> running = stack.flatMap(StackAddresses::process);
    if (running.isEmpty()) {
      print(new Down(false, null));
      return 0;
    }
    ProcessHandle process = running.get();
    long pid = process.pid();
    process.destroy();
    try {
      process.onExit().get(WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new LakeException(
          ErrorCode.STACK_NOT_STOPPED,
          "The stack's process " + pid + " has not ended within " + WITHIN_SECONDS + " s.",
          "Look at the logs in "
              + stack.get().workDir()
              + "/logs, then end the process: kill -9 "
              + pid,
          e);
    }
    print(new Down(true, stack.get().workDir()));
    return 0;
  }

  private void print(Down down) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, down);
    } else {
      out.println(
          down.ended()
              ? "The local stack is down; its data is kept in " + down.workDir()
              : "No local stack is running.");
    }
  }
}
