/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a command ends, it leaves no process behind. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class EndOfParentTest {

  @TempDir private Path folder;

  /** A terminal sends Ctrl-C and its end to the whole process group of a command. */
  @ParameterizedTest
  @CsvSource({
    "INT, group",
    "HUP, group",
    "TERM, group",
    "KILL, group",
    "HUP, command",
    "TERM, command",
    "KILL, command"
  })
  void leavesNothingBehind(String signal, String receiver) throws Exception {
    Process command = startCommand();
    List<ProcessHandle> started = new ArrayList<>();
    try {
      await("the servers")
          .atMost(Duration.ofSeconds(30))
          .until(() -> Parent.SERVERS.stream().allMatch(this::isUp));
      started.addAll(command.descendants().toList());
      // Each with its guard, and what one of them has started.
      assertThat(started).hasSizeGreaterThanOrEqualTo(2 * Parent.SERVERS.size() + 1);

      new ProcessBuilder(
              "kill", "-" + signal, "--", (receiver.equals("group") ? "-" : "") + command.pid())
          .start()
          .waitFor();

      await("the end of the command")
          .atMost(Duration.ofSeconds(20))
          .until(command.toHandle()::isAlive, alive -> !alive);
      await("the end of its servers")
          .atMost(Duration.ofSeconds(20))
          .until(() -> started, all -> all.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
      command.destroyForcibly();
    }
  }

  /** As a shell starts it: a process group of its own, which takes all signals. */
  private Process startCommand() throws Exception {
    return new ProcessBuilder(
            "setsid",
            "env",
            "--default-signal",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("command.log").toFile())
        .start();
  }

  private boolean isUp(String server) {
    return Files.exists(folder.resolve(server + ".up"));
  }

  /** A command with servers, which ends them when it is told to end. */
  static final class Parent {

    /** One that goes on after SIGHUP, as MariaDB does, and one that has started another process. */
    static final List<String> SERVERS = List.of("survivor", "family");

    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      ChildProcess survivor =
          start(folder, "survivor", "trap : HUP; %s; while :; do sleep 1; done");
      ChildProcess family = start(folder, "family", "sleep 300 & %s; wait");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    survivor.close();
                    family.close();
                  }));
      Thread.currentThread().join();
    }

    private static ChildProcess start(Path folder, String name, String script) throws Exception {
      String isUp = "touch " + folder.resolve(name + ".up");
      return ChildProcess.start(name, folder, List.of("bash", "-c", script.formatted(isUp)));
    }
  }
}
