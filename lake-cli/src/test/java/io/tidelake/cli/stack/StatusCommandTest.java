/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import io.tidelake.process.FreePorts;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing runs; WholeChainTest asks where something does. */
class StatusCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void saysWhatDoesNotAnswerAndLooksAtTheRestNevertheless() throws Exception {
    assertThat(run("tables", "apply")).isZero();
    String nobody = "127.0.0.1:" + FreePorts.next();
    String[] arguments = {
      "status",
      "--set",
      "cluster/rest-address=" + nobody,
      "--set",
      "source/bootstrap-servers=" + nobody,
      "--set",
      "source/connector=http://" + nobody + "/connectors/c",
      "--set",
      "source/database/url=jdbc:mariadb://" + nobody + "/logistics",
      "-o",
      "json"
    };

    assertThat(run(arguments)).isEqualTo(1);

    JsonNode health = new ObjectMapper().readTree(out.toString());
    assertThat(health.get("state").asText()).isEqualTo("down");
    assertThat(health.get("problems").findValuesAsText("code"))
        .contains(
            "FLINK_UNREACHABLE",
            "KAFKA_UNREACHABLE",
            "CAPTURE_UNREACHABLE",
            "SOURCE_DATABASE_UNREACHABLE");
    assertThat(health.get("tables").findValuesAsText("name"))
        .contains("dim_region", "ops_dead_letter");
    assertThat(health.get("well").asBoolean()).isFalse();
  }

  @Test
  void refusesALimitThatIsNone() {
    assertThat(run("status", "--late-after", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--late-after is 0");
  }

  private int run(String... arguments) {
    return CommandRun.of(
        out,
        err,
        Stream.concat(
                Stream.of(arguments), List.of("--set", "catalog/warehouse=" + folder).stream())
            .toArray(String[]::new));
  }
}
