/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where no local stack runs. */
class DoctorCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void findsNoProblemInTheProjectThatShips() throws Exception {
    assertThat(run("doctor", "--set", "catalog/warehouse=" + folder, "-o", "json"))
        .as(out.toString())
        .isZero();

    JsonNode found = new ObjectMapper().readTree(out.toString());
    assertThat(found.get("well").asBoolean()).isTrue();
    assertThat(found.get("checks").findValuesAsText("area"))
        .contains("machine", "installation", "project", "servers");
    assertThat(found.get("checks").findValuesAsText("name"))
        .contains("Java", "jars of lake", "tables", "pipelines", "catalog", "Flink", "Kafka");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhatIsWrongAndWhatToDo() throws Exception {
    Path file = Files.writeString(folder.resolve("lake.yaml"), "catalogue: {}\n");

    assertThat(run("doctor", "--project", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("PROBLEM +configuration .*catalog")
        .containsPattern("\n +-> ")
        .containsPattern("OK +jars of lake")
        .contains("\n1 problem, ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aProjectThatIsNamedMustBeThere() {
    assertThat(run("doctor", "--project", folder.toString())).isEqualTo(3);
    assertThat(err.toString()).startsWith("error PROJECT_NOT_FOUND");
    assertThat(run("doctor", "--set", "source/database/password=secret")).isEqualTo(2);
  }

  private int run(String... arguments) {
    return CommandRun.of(out, err, arguments);
  }
}
