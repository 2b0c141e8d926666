/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.StackAddresses;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** `lake up -d`, with a whole stack. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class UpDetachedTest {

  @TempDir private Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeProject() throws IOException {
    Path shipped = ProjectFile.find();
    Files.copy(shipped, home.resolve(ProjectFile.NAME));
    for (String module : List.of("lake-tables", "streaming-writers")) {
      Files.createSymbolicLink(home.resolve(module), shipped.resolveSibling(module));
    }
  }

  @AfterEach
  void end() {
    run("down");
  }

  @Test
  void returnsWhenTheStackIsReadyAndLeavesItToDown() throws Exception {
    assertThat(run("up", "-d", "--without-trino", "-o", "json")).as(err.toString()).isZero();

    StackAddresses stack = StackAddresses.find(home.resolve(".lake/stack")).orElseThrow();
    assertThat(stack.ready()).isTrue();
    JsonNode printed = new ObjectMapper().readTree(out.toString());
    assertThat(printed.get("ports").get("flink").asInt()).isEqualTo(stack.port("flink"));
    assertThat(err.toString()).contains("tables created or changed", "The stack is up;");
    ProcessHandle process = stack.process().orElseThrow();
    assertThat(process.pid()).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(run("logs")).isZero();
    assertThat(out.toString()).contains("mariadb", "up ");
    assertThat(run("up", "-d")).isEqualTo(1);
    assertThat(err.toString()).contains("error STACK_RUNNING", "process " + process.pid());
    List<ProcessHandle> all = process.descendants().toList();
    assertThat(all).isNotEmpty();

    assertThat(run("down")).isZero();

    assertThat(process.isAlive()).isFalse();
    // The shells that guard the servers end a moment later.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void saysWhyTheStackDoesNotStart() throws Exception {
    Path workDir = Files.createDirectories(home.resolve(".lake/stack"));
    Files.writeString(
        workDir.resolve("stack.json"),
        "{\"pid\": 1, \"workDir\": \"%s\", \"ports\": {}, \"metastore\": \"hive\"}"
            .formatted(workDir));

    assertThat(run("up", "-d", "--without-trino")).isEqualTo(1);

    assertThat(err.toString()).contains("error STACK_METASTORE", "Start it with --metastore hive");
  }

  private int run(String... arguments) {
    return CommandRun.of(
        out,
        err,
        Stream.of(List.of(arguments), List.of("--project", home.toString()))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }
}
