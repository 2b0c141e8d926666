/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void exportSaysHowMuchAndAsOfWhen() {
    assertThat(run("workload", "export", folder.toString(), "--orders", "20", "--seed", "4"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .containsPattern("trade_order +20\n")
        .contains("rows of 11 tables are in " + folder)
        .containsPattern("as of 2026-06-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ, for --as-of");
    assertThat(run("workload", "export", folder.toString())).isEqualTo(3);
    assertThat(err.toString()).startsWith("error EXPORT_EXISTS: ");
  }

  @Test
  void exportIsReadByMachines() throws IOException {
    run("workload", "export", folder.toString(), "--orders", "20", "-o", "json");
    JsonNode export = new ObjectMapper().readTree(out.toString());
    assertThat(export.get("folder").asText()).isEqualTo(folder.toString());
    assertThat(export.get("tables").get("trade_order").asLong()).isEqualTo(20);
    assertThat(export.get("tables").size()).isEqualTo(11);
    assertThat(export.get("rows").asLong()).isPositive();
    assertThat(export.get("asOf").asText()).endsWith("Z");
  }

  @Test
  void refusesOptionsThatWouldBeIgnored() {
    assertThat(run("workload", "--orders", "20", "export", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("Write --orders behind `export`");
    assertThat(folder).isEmptyDirectory();
    assertThat(run("--debug", "workload", "--debug", "export", folder.toString(), "--orders", "5"))
        .as("an option of all commands")
        .isZero();
  }

  @Test
  void checkSaysWhatAnEmptyLakeLacks() {
    String warehouse = folder.resolve("warehouse").toString();
    assertThat(run("workload", "check", "--set", "catalog/warehouse=" + warehouse)).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("error TABLES_MISSING: The lake " + warehouse)
        .contains("dwd_fulfillment_wide", "ads_overview", "lake tables apply");
  }

  @Test
  void checkWaitsNoNegativeTime() {
    assertThat(run("workload", "check", "--wait", "-1")).isEqualTo(2);
    assertThat(err.toString()).startsWith("--wait is -1, but must be 0 or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-0.01", "5", "NaN"})
  void upLosesNoMoreThanSomeRows(String fraction) {
    assertThat(run("up", "--lose-rows", fraction)).isEqualTo(2);
    assertThat(err.toString()).contains("but must be 0 or more and less than 1");
  }

  private int run(String... arguments) {
    return CommandRun.of(out, err, arguments);
  }
}
