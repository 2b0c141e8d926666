package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.StackAddresses;
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
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Optional<StackAddresses> stack = lake.runningStack();
    Optional<ProcessHandle> running = stack.flatMap(StackAddresses::process);
    if (running.isEmpty()) {
      out.println("No local stack is running.");
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
    out.println("The local stack is down; its data is kept in " + stack.get().workDir());
    return 0;
  }
}
