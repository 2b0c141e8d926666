/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.stack.server.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SourcesCheckCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static TestDatabase database;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.start(folder);
    database.create("fit");
    database.create("unfit");
    database.execute(
        "unfit",
        "CREATE TABLE coupon (id INT PRIMARY KEY)",
        "ALTER TABLE warehouse DROP PRIMARY KEY, ADD COLUMN height INT",
        "ALTER TABLE carrier DROP COLUMN service_level");
  }

  @AfterAll
  static void stop() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void aFitSourceEndsWithZero() throws Exception {
    assertThat(check("fit")).isZero();
    assertThat(out.toString()).endsWith("0 errors, 0 warnings, 1 notes%n".formatted());
  }

  @Test
  void anErrorEndsWithOneAndEachFindingSaysWhatToDo() throws Exception {
    assertThat(check("unfit")).isEqualTo(1);
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString().lines())
        .containsSubsequence(
            "carrier",
            "  WARNING COLUMN_MISSING: the database has no column service_level: its values are NULL from now on",
            "coupon",
            "  NOTE    TABLE_NOT_CAPTURED: no source file names it: change capture leaves it out",
            "warehouse",
            "  ERROR   KEY_MISSING: it has no primary key: updates and deletes of its rows cannot be told apart",
            "  NOTE    COLUMN_NEW: the column height int(11) is in no file: left out",
            "          streaming-writers/sources/source_warehouse.sql, after updated_at:",
            "              height INT,",
            "          lake-tables/tables/dim/dim_warehouse.sql, after updated_at:",
            "          streaming-writers/pipelines/dim.sql, in INSERT INTO dim_warehouse, after updated_at:",
            "              height,",
            "1 errors, 1 warnings, 3 notes");
  }

  @Test
  void theFindingsForMachines() throws Exception {
    assertThat(check("unfit", "-o", "json")).isEqualTo(1);
    JsonNode report = JSON.readTree(out.toString());
    assertThat(report.path("errors").asInt()).isEqualTo(1);
    assertThat(report.path("findings")).hasSize(5);
    JsonNode error =
        report.path("findings").findParents("severity").stream()
            .filter(finding -> finding.path("severity").asText().equals("ERROR"))
            .findFirst()
            .orElseThrow();
    assertThat(error.path("code").asText()).isEqualTo("KEY_MISSING");
    assertThat(error.path("table").asText()).isEqualTo("warehouse");
    assertThat(error.path("whatToDo").asText()).contains("ADD PRIMARY KEY");
  }

  private int check(String name, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("sources", "check"));
    Map<String, String> values = new HashMap<>(database.configuration(name));
    // A command line takes no secrets.
    Path secret = Files.createTempFile("tidelake-password-", "");
    Files.writeString(secret, values.get("source/database/password"));
    values.put("source/database/password", "${file:" + secret + "}");
    values.forEach((path, value) -> arguments.addAll(List.of("--set", path + "=" + value)));
    arguments.addAll(List.of(more));
    CommandLine command = Lake.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    try {
      return command.execute(arguments.toArray(String[]::new));
    } finally {
      Files.delete(secret);
    }
  }
}
