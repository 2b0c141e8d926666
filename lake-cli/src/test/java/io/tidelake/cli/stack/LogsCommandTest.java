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
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {

  @TempDir private Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path logs;

  @BeforeEach
  void makeProject() throws IOException {
    Files.createFile(home.resolve("lake.yaml"));
    logs = home.resolve(".lake/stack/logs");
  }

  @Test
  void listsTheServers() throws IOException {
    assertThat(run()).isZero();
    assertThat(out.toString()).startsWith("There are no logs yet;");

    write("kafka", 3000);
    write("flink", 1);

    assertThat(run()).isZero();
    assertThat(out.toString().lines())
        .hasSize(3)
        .anyMatch(line -> line.matches("flink +1 .*" + logs.resolve("flink.log")))
        .anyMatch(line -> line.matches("kafka +(2\\d) .*" + logs.resolve("kafka.log")));
    assertThat(run("-o", "json")).isZero();
    assertThat(json().findValuesAsText("server")).containsExactly("flink", "kafka");
  }

  @Test
  void showsTheLastLinesOfOne() throws IOException {
    write("kafka", 30_000);

    assertThat(run("kafka")).isZero();
    assertThat(out.toString().lines()).hasSize(50).last().isEqualTo("line 30000");
    assertThat(run("kafka", "-n", "20000")).isZero();
    assertThat(out.toString().lines()).hasSize(20_000).first().isEqualTo("line 10001");
    assertThat(run("kafka", "-n", "99999")).isZero();
    assertThat(out.toString().lines()).hasSize(30_000).first().isEqualTo("line 1");
    assertThat(run("kafka", "-n", "0")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(run("kafka", "-n", "2", "-o", "json")).isZero();
    assertThat(json().get("lines")).hasSize(2);
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheNames() throws IOException {
    write("kafka", 1);
    write("flink", 1);

    assertThat(run("kafak")).isEqualTo(3);

    assertThat(err.toString())
        .startsWith("error SERVER_UNKNOWN: ")
        .contains("kafak", "flink, kafka.");
    assertThat(run("kafka", "-n", "-1")).isEqualTo(2);
    assertThat(run("-f")).isEqualTo(2);
  }

  @Test
  void followsWhatComes() throws Exception {
    write("kafka", 3);
    Thread follower = new Thread(() -> run("kafka", "-n", "1", "-f"));
    follower.start();
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> out.toString().equals("line 3\n"));
      Files.writeString(logs.resolve("kafka.log"), "half a line, ", StandardOpenOption.APPEND);
      Files.writeString(logs.resolve("kafka.log"), "whole\n", StandardOpenOption.APPEND);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> out.toString().equals("line 3\nhalf a line, whole\n"));
    } finally {
      follower.interrupt();
      follower.join();
    }
  }

  private void write(String server, int lines) throws IOException {
    Files.createDirectories(logs);
    Files.write(
        logs.resolve(server + ".log"),
        IntStream.rangeClosed(1, lines).mapToObj(line -> "line " + line).toList());
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    return CommandRun.of(
        out,
        err,
        Stream.of(List.of("logs", "--project", home.toString()), List.of(arguments))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }
}
