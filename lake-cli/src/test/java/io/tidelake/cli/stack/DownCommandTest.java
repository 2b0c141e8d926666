/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.stack.StackAddresses;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `lake down`, with a process of this test in the place of the stack. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DownCommandTest {

  @TempDir private Path home;
  private final StringWriter out = new StringWriter();
  private Process process;

  @BeforeEach
  void startProcess() throws Exception {
    Files.createFile(home.resolve("lake.yaml"));
    process = new ProcessBuilder("sleep", "300").start();
  }

  @AfterEach
  void endProcess() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Test
  void endsTheProcessOfTheStack() throws Exception {
    writeStack(startInstant());
    assertThat(find().isRunning()).isTrue();

    assertThat(down()).isZero();

    assertThat(process.isAlive()).isFalse();
    assertThat(out.toString()).startsWith("The local stack is down;");
    assertThat(find().isRunning()).isFalse();
  }

  @Test
  void leavesAStrangerAloneThatHasTheProcessIdNow() throws Exception {
    writeStack(startInstant().minusSeconds(10));

    assertThat(down()).isZero();

    assertThat(out.toString()).isEqualTo("No local stack is running.\n");
    assertThat(process.isAlive()).isTrue();
    assertThat(find().ports()).as("for the next start").containsEntry("flink", 4711);
  }

  @Test
  void takesAStackOfAnOlderVersionForEnded() throws Exception {
    writeStack(null);

    assertThat(down()).isZero();

    assertThat(out.toString()).isEqualTo("No local stack is running.\n");
    assertThat(process.isAlive()).isTrue();
    assertThat(find().ports()).as("for the next start").containsEntry("flink", 4711);
  }

  @Test
  void tellsMachines() throws Exception {
    writeStack(startInstant());

    assertThat(down("-o", "json")).isZero();

    assertThat(out.toString()).isEqualTo("{\"ended\":true,\"workDir\":\"%s\"}\n", workDir());
  }

  private int down(String... options) {
    CommandLine command = Lake.commandLine();
    command.setOut(new PrintWriter(out, true));
    return command.execute(
        Stream.concat(Stream.of("down", "--project", home.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private Instant startInstant() {
    return process.info().startInstant().orElseThrow();
  }

  private void writeStack(Instant start) throws Exception {
    Map<String, Object> stack = new HashMap<>();
    stack.put("pid", process.pid());
    stack.put("workDir", workDir().toString());
    stack.put("ports", Map.of("flink", 4711));
    if (start != null) {
      stack.put("startMillis", start.toEpochMilli());
    }
    Files.createDirectories(workDir());
    new ObjectMapper().writeValue(workDir().resolve("stack.json").toFile(), stack);
  }

  private StackAddresses find() {
    return StackAddresses.find(workDir()).orElseThrow();
  }

  private Path workDir() {
    return home.resolve(".lake/stack");
  }
}
