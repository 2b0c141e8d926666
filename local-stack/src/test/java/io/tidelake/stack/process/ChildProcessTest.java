/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

  @TempDir private Path logs;

  @Test
  void endsWithTheProcessThatStartedIt() throws Exception {
    ChildProcess server = ChildProcess.start("sleeper", logs, List.of("sleep", "300"));
    ProcessHandle sleeper = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();
    server.awaitReady(Duration.ofSeconds(10), () -> isSleep(sleeper));

    server.close();

    assertThat(sleeper.isAlive()).isFalse();
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void endsAServerThatIgnoresTheRequest() throws Exception {
    ChildProcess server =
        ChildProcess.start(
            "stubborn",
            logs,
            List.of("bash", "-c", "trap '' TERM; touch " + logs.resolve("up") + "; sleep 300"));
    server.awaitReady(Duration.ofSeconds(10), () -> logs.resolve("up").toFile().exists());

    server.close();

    assertThat(server.isAlive()).isFalse();
  }

  /** By a debugger, for example, or by somebody who tries what happens. */
  @Test
  void aServerThatIsStoppedForAWhileGoesOn() throws Exception {
    try (ChildProcess server = ChildProcess.start("paused", logs, List.of("sleep", "300"))) {
      ProcessHandle sleeper = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();
      server.awaitReady(Duration.ofSeconds(10), () -> isSleep(sleeper));
      signal("STOP", server);
      await("it stands")
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(10))
          .until(server::isAlive);
      signal("CONT", server);
      assertThat(isSleep(sleeper)).isTrue();
    }
  }

  private static void signal(String name, ChildProcess server) throws Exception {
    String pid = String.valueOf(server.pid().orElseThrow());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static boolean isSleep(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("sleep");
  }

  @Test
  void whatAServerLeavesBehindEndsSoonAfterIt() throws Exception {
    ChildProcess server =
        ChildProcess.start("parent", logs, List.of("bash", "-c", "sleep 300 & echo $!; exit 0"));
    assertThat(server.awaitEnd(Duration.ofSeconds(10))).hasValue(0);
    ProcessHandle left = ProcessHandle.of(Long.parseLong(server.lastLines(1).get(0))).orElseThrow();
    await("its end").atMost(Duration.ofSeconds(10)).until(() -> !left.isAlive());
  }

  /** Nobody else writes into its log, whoever is the first to end. */
  @RepeatedTest(20)
  void tellsWhyAServerDidNotStart() throws Exception {
    ChildProcess server =
        ChildProcess.start("broken", logs, List.of("bash", "-c", "echo no port >&2; exit 3"));
    assertThatThrownBy(() -> server.awaitReady(Duration.ofSeconds(10), () -> false))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_ENDED))
        .hasMessageContaining("broken ended with code 3")
        .hasMessageContaining("no port");
    assertThat(server.lastLines(5)).containsExactly("no port");
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    ChildProcess server = ChildProcess.start("silent", logs, List.of("sleep", "300"));
    assertThatThrownBy(() -> server.awaitReady(Duration.ofMillis(300), () -> false))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SERVER_NOT_READY));
    assertThat(server.isAlive()).as("ended after the wait").isFalse();
  }
}
