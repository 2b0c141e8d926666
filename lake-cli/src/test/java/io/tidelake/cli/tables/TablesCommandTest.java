/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TablesCommandTest {

  private static final String CITY =
      """
      CREATE TABLE dim_city (
        city_id INT NOT NULL COMMENT 'City',
        city_name STRING COMMENT 'Name',
        PRIMARY KEY (city_id) NOT ENFORCED
      ) COMMENT 'Cities' WITH ('bucket' = '1');
      """;

  private final InputStream realInput = System.in;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Those in which Tidelake keeps its own records, in every project. */
  private static final int OWN_TABLES = 8;

  @TempDir private Path folder;

  @BeforeEach
  void makeSmallProject() throws IOException {
    Files.createDirectories(folder.resolve("lake-tables/tables/dim"));
    Files.copy(ProjectFile.find(), folder.resolve("lake.yaml"));
    write(CITY);
  }

  @AfterEach
  void restoreProcess() {
    System.setIn(realInput);
  }

  @Test
  void planThenApplyThenPlanFindsNothing() {
    assertThat(run("tables", "plan")).isZero();
    assertThat(out.toString())
        .contains("dim_city", "create table: 2 columns, key [city_id]")
        .endsWith(1 + OWN_TABLES + " tables to create, 0 to change, 0 equal\n");
    assertThat(run("tables", "apply")).isZero();
    assertThat(out.toString())
        .endsWith(1 + OWN_TABLES + " tables created, 0 changed, 0 were equal\n");
    assertThat(folder.resolve(".lake/warehouse/lake.db/dim_city/schema")).isDirectory();
    assertThat(run("tables", "plan")).isZero();
    assertThat(out.toString())
        .isEqualTo("0 tables to create, 0 to change, " + (1 + OWN_TABLES) + " equal\n");
  }

  @Test
  void planIsReadByMachines() throws IOException {
    run("tables", "plan", "-o", "json");
    JsonNode plan = new ObjectMapper().readTree(out.toString());
    assertThat(plan.get("create").asInt()).isEqualTo(1 + OWN_TABLES);
    assertThat(plan.get("change").asInt()).isZero();
    assertThat(plan.get("equal").asInt()).isZero();
    assertThat(plan.get("unmanaged").size()).isZero();
    assertThat(plan.get("changes").get(0).get("table").asText()).isEqualTo("dim_city");
    assertThat(plan.get("changes").get(0).get("safety").asText()).isEqualTo("SAFE");
  }

  @Test
  void namesUnmanagedTables() throws IOException {
    run("tables", "apply");
    Files.delete(folder.resolve("lake-tables/tables/dim/dim_city.sql"));
    assertThat(run("tables", "plan")).isZero();
    assertThat(out.toString()).contains("No file defines dim_city; left alone.");
  }

  @Test
  void refusesToDropAColumn() throws IOException {
    run("tables", "apply");
    write(CITY.replace("city_name STRING COMMENT 'Name',", ""));
    assertThat(run("tables", "plan")).isZero();
    assertThat(out.toString())
        .endsWith("destructive: 1, done only by `lake tables apply --force`\n");
    assertThat(run("tables", "apply")).isEqualTo(3);
    assertThat(err.toString())
        .contains("error TABLE_CHANGE_DESTRUCTIVE")
        .contains("drop column city_name", "--force");
  }

  @Test
  void asksBeforeItDropsAColumn() throws IOException {
    run("tables", "apply");
    write(CITY.replace("city_name STRING COMMENT 'Name',", ""));
    answer("n\n");
    assertThat(run("tables", "apply", "--force")).isEqualTo(1);
    assertThat(err.toString()).contains("drop column city_name", "(y/n)", "Nothing was changed.");
    answer("");
    assertThat(run("tables", "apply", "--force")).isEqualTo(3);
    assertThat(err.toString()).contains("error CONFIRMATION_MISSING", "--yes");
    answer("y\n");
    assertThat(run("tables", "apply", "--force")).isZero();
    assertThat(out.toString())
        .endsWith("0 tables created, 1 changed, " + OWN_TABLES + " were equal\n");
  }

  @Test
  void doesNotAskWhenToldSo() throws IOException {
    run("tables", "apply");
    write(CITY.replace("city_name STRING COMMENT 'Name',", ""));
    assertThat(run("tables", "apply", "--force", "--yes")).isZero();
  }

  @Test
  void refusesATableThatBreaksTheMergeLaw() throws IOException {
    write(CITY.replace("'bucket' = '1'", "'merge-engine' = 'first-row'"));
    for (String command : List.of("plan", "apply")) {
      assertThat(run("tables", command)).isEqualTo(3);
      assertThat(err.toString())
          .contains("error TABLE_BREAKS_MERGE_LAW")
          .contains(
              "dim_city.sql",
              "bucket is missing: without fixed buckets only one job may write",
              "merge-engine is first-row: it keeps the record that arrives first",
              "lake tables plan");
    }
    assertThat(folder.resolve(".lake/warehouse/lake.db/dim_city")).doesNotExist();
  }

  @Test
  void printsTheStatementsOfCleanViews() throws IOException {
    write(
        CITY.replace(
                "'Name',",
                "'Name', is_deleted BOOLEAN NOT NULL COMMENT 'Gone',"
                    + " row_version BIGINT NOT NULL COMMENT 'Version',")
            .replace("'bucket'", "'sequence.field' = 'row_version', 'bucket'"));
    run("tables", "apply");
    String statement =
        """
        CREATE VIEW dim_city_clean AS
        SELECT
          city_id,
          city_name
        FROM dim_city
        WHERE is_deleted IS NOT TRUE""";
    assertThat(run("tables", "views")).isZero();
    assertThat(out.toString()).startsWith(statement + ";\n");
    assertThat(run("tables", "views", "dim_city")).isZero();
    assertThat(out.toString()).isEqualTo(statement + ";\n");
    run("tables", "views", "-o", "json");
    JsonNode view = new ObjectMapper().readTree(out.toString()).get(0);
    assertThat(view.get("name").asText()).isEqualTo("dim_city_clean");
    assertThat(view.get("table").asText()).isEqualTo("dim_city");
    assertThat(view.get("statement").asText()).isEqualTo(statement);
    assertThat(run("tables", "views", "dim_none")).isEqualTo(3);
    assertThat(err.toString()).contains("error TABLE_UNKNOWN", "dim_none");
  }

  @Test
  void printsNoViewOfATableWithoutVersions() {
    assertThat(run("tables", "views")).isZero();
    assertThat(out.toString()).startsWith("-- No table");
    run("tables", "apply");
    assertThat(run("tables", "views", "dim_city")).isEqualTo(3);
    assertThat(err.toString()).contains("error VIEW_UNKNOWN", "dim_city");
  }

  @Test
  void showsTablesAndOneTable() throws IOException {
    assertThat(run("tables", "show")).isZero();
    assertThat(out.toString()).contains("lake tables apply");
    run("tables", "apply");
    assertThat(run("tables", "show")).isZero();
    assertThat(out.toString()).contains("dim_city              dim       0         0  Cities");
    assertThat(run("tables", "show", "dim_city")).isZero();
    assertThat(out.toString())
        .contains(
            "dim_city: Cities", "key: city_id", "city_name  STRING        Name", "write-only");
    run("tables", "show", "-o", "json");
    JsonNode tables = new ObjectMapper().readTree(out.toString());
    assertThat(tables.get(0).get("layer").asText()).isEqualTo("dim");
    run("tables", "show", "dim_city", "-o", "json");
    JsonNode table = new ObjectMapper().readTree(out.toString());
    assertThat(table.get("columns").get(0).get("comment").asText()).isEqualTo("City");
  }

  @Test
  void showsADamagedTableAmongTheOthers() throws IOException {
    Files.writeString(
        folder.resolve("lake-tables/tables/dim/dim_town.sql"),
        CITY.replace("dim_city", "dim_town"));
    run("tables", "apply");
    Files.writeString(folder.resolve(".lake/warehouse/lake.db/dim_city/schema/schema-0"), "{");
    assertThat(run("tables", "show")).isEqualTo(1);
    assertThat(out.toString()).contains("dim_city cannot be read", "dim_town");
  }

  @Test
  void namesATableThatIsNotThere() {
    assertThat(run("tables", "show", "dim_none")).isEqualTo(3);
    assertThat(err.toString()).contains("error TABLE_UNKNOWN", "dim_none");
  }

  @Test
  void tagsWhatATableHolds() throws Exception {
    run("tables", "apply");
    assertThat(run("tables", "tag", "dim_city")).isZero();
    assertThat(out.toString()).isEqualTo("dim_city has no tags.\n");
    assertThat(run("tables", "tag", "dim_city", "before")).isEqualTo(3);
    assertThat(err.toString()).contains("error TABLE_EMPTY", "dim_city");
    insert(7, "Ningbo");
    assertThat(run("tables", "tag", "dim_city", "before")).isZero();
    assertThat(out.toString()).containsPattern("before +1 +20\\d\\d-");
    insert(7, "Hangzhou");
    assertThat(run("tables", "tag", "dim_city", "before")).isEqualTo(3);
    assertThat(err.toString()).contains("error TAG_EXISTS", "--delete");
    run("tables", "tag", "dim_city", "-o", "json");
    JsonNode tags = new ObjectMapper().readTree(out.toString());
    assertThat(tags.size()).isEqualTo(1);
    assertThat(tags.get(0).get("tag").asText()).isEqualTo("before");
    assertThat(tags.get(0).get("snapshot").asLong()).isEqualTo(1);
    assertThat(run("tables", "tag", "dim_city", "before", "--delete")).isZero();
    assertThat(out.toString()).isEqualTo("dim_city has no tags.\n");
    assertThat(run("tables", "tag", "dim_city", "before", "--delete")).isEqualTo(3);
    assertThat(err.toString()).contains("error TAG_UNKNOWN", "before");
  }

  @Test
  void refusesNamesThatNoTagOfAUserHas() throws Exception {
    run("tables", "apply");
    insert(7, "Ningbo");
    for (String reserved : List.of("day-2026-06-18", "backfill-1")) {
      assertThat(run("tables", "tag", "dim_city", reserved)).isEqualTo(3);
      assertThat(err.toString()).contains("error TAG_RESERVED");
    }
    for (String invalid : List.of("12", "../x", "a b")) {
      assertThat(run("tables", "tag", "dim_city", invalid)).isEqualTo(3);
      assertThat(err.toString()).contains("error TAG_INVALID");
    }
    assertThat(run("tables", "tag", "dim_city", "--delete")).isEqualTo(3);
    assertThat(err.toString()).contains("error TAG_MISSING");
  }

  @Test
  void leavesABackfillTheTagThatItIsUndoneBy() throws Exception {
    run("tables", "apply");
    insert(7, "Ningbo");
    try (LakeCatalog catalog = openCatalog()) {
      catalog.table("dim_city").createTag("backfill-1");
    }
    assertThat(run("tables", "tag", "dim_city", "backfill-1", "--delete")).isEqualTo(3);
    assertThat(err.toString()).contains("error TAG_RESERVED", "lake maintain");
    run("tables", "tag", "dim_city");
    assertThat(out.toString()).contains("backfill-1");
  }

  @Test
  void setsValuesOfTheConfiguration(@TempDir Path warehouse) {
    assertThat(
            run(
                "tables",
                "apply",
                "--set",
                "catalog/warehouse=" + warehouse,
                "--set",
                "database=other"))
        .isZero();
    assertThat(warehouse.resolve("other.db/dim_city")).isDirectory();
    assertThat(run("tables", "plan", "--set", "databse=other")).isEqualTo(3);
    assertThat(err.toString()).contains("error CONFIG_INVALID", "databse");
    assertThat(run("tables", "plan", "--project", "none.yaml")).isEqualTo(3);
    assertThat(err.toString()).contains("error PROJECT_NOT_FOUND", "none.yaml");
  }

  @Test
  void wrongUsageIsExitCode2() {
    assertThat(run("tables")).isEqualTo(2);
    assertThat(run("tables", "plan", "--set", "database")).isEqualTo(2);
    assertThat(run("tables", "lineage", "--format", "png")).isEqualTo(2);
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    List<CommandLine> commands = new ArrayList<>(List.of(Lake.commandLine()));
    for (int i = 0; i < commands.size(); i++) {
      commands.addAll(commands.get(i).getSubcommands().values());
    }
    assertThat(commands)
        .allSatisfy(
            command ->
                assertThat(command.getUsageMessage()).contains("Example: lake").contains("--help"));
  }

  @Test
  void lineageOfTheProjectIsDrawn() {
    assertThat(
            run(
                "tables",
                "lineage",
                "--format",
                "mermaid",
                "--project",
                ProjectFile.find().toString()))
        .isZero();
    assertThat(out.toString())
        .startsWith("flowchart LR\n")
        .contains("dws_fulfillment_day -->|ads_overview| ads_overview");
  }

  private LakeCatalog openCatalog() {
    return LakeCatalog.open(
        LakeConfig.load(folder.resolve("lake.yaml"), Map.of())
            .withWarehouse(folder.resolve(".lake/warehouse")));
  }

  private void insert(int id, String name) throws Exception {
    try (LakeCatalog catalog = openCatalog()) {
      BatchWriteBuilder builder = catalog.table("dim_city").newBatchWriteBuilder();
      try (BatchTableWrite write = builder.newWrite();
          BatchTableCommit commit = builder.newCommit()) {
        write.write(GenericRow.of(id, BinaryString.fromString(name)));
        commit.commit(write.prepareCommit());
      }
    }
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Lake.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(inProject(arguments));
  }

  /** Says which project, where the command has that option and the test does not. */
  private String[] inProject(String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    if (line.size() > 1 && !line.contains("--project")) {
      line.addAll(List.of("--project", folder.toString()));
    }
    return line.toArray(String[]::new);
  }

  private static void answer(String text) {
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("lake-tables/tables/dim/dim_city.sql"), text);
  }
}
