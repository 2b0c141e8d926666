/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.process.GrowingLog;
import io.tidelake.stack.StackAddresses;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.process.Jvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A {@code lake up} in a process that goes on when this one has ended. */
final class DetachedStack {

  /** Its log, as `lake logs` calls it. */
  static final String LOG = "up";

  private static final String HEAP = "2g";
  private static final long POLL_MILLIS = 200;

  private final Path workDir;
  private final Consumer<String> progress;

  /**
   * @param workDir the stack's work directory
   * @param progress is told what the other process says while it starts, a line each
   */
  DetachedStack(Path workDir, Consumer<String> progress) {
    this.workDir = workDir;
    this.progress = progress;
  }

  /**
   * Starts it and waits until the stack is ready.
   *
   * @param mainClass the class of the whole command
   * @param arguments the arguments of {@code lake up}
   * @return where it is; empty when it has ended, after it has said why
   */
  Optional<StackAddresses> start(String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    Path logs = Files.createDirectories(workDir.resolve("logs"));
    Path log = logs.resolve(LOG + ".log");
    GrowingLog said = GrowingLog.fromNow(log);
    // A session of its own: what ends this process and its terminal does not reach it.
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(jvm(logs).command(mainClass, arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    // Until it is ready nobody knows of it but this process.
    Thread interrupted = new Thread(process::destroy, "stack-start-cancel");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      return awaitReady(process, said);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroy();
      throw e;
    } finally {
      forget(interrupted);
    }
  }

  private Optional<StackAddresses> awaitReady(Process process, GrowingLog said)
      throws IOException, InterruptedException {
    while (true) {
      boolean ended = !process.isAlive();
      Optional<StackAddresses> ready =
          StackAddresses.find(workDir)
              .filter(stack -> stack.pid() == process.pid() && stack.ready() && !ended);
      said.next().forEach(progress);
      if (ended || ready.isPresent()) {
        return ready;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static Jvm jvm(Path logs) {
    return Jvm.likeThis(HEAP)
        .with(Installation.properties())
        // As the `lake` script does: warnings are not for the screen.
        .with(
            Map.of(
                "log4j2.configurationFile",
                "classpath:log4j2.xml",
                "lake.log",
                logs.resolve(LOG + "-warnings.log").toString()));
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being run: that is why the wait has ended.
    }
  }
}
