/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {

  @TempDir private Path folder;

  @Test
  void everyTableOfTheProjectSaysWhatItIs() {
    List<TableDefinition> tables =
        TableFiles.of(LakeConfig.load(ProjectFile.find(), Map.of())).read();
    assertThat(tables)
        .hasSize(
            Folders.sqlFiles(LakeConfig.load(ProjectFile.find(), Map.of()).folders().tables())
                    .size()
                + OwnTables.scripts().size());
    assertThat(tables)
        .allSatisfy(
            table -> {
              assertThat(table.comment()).as("comment of " + table.name()).isNotBlank();
              assertThat(table.columns())
                  .allSatisfy(
                      column ->
                          assertThat(column.comment())
                              .as("comment of " + table.name() + "." + column.name())
                              .isNotBlank());
            });
    assertThat(tables)
        .extracting(TableDefinition::layer)
        .containsOnly("ods", "dim", "dwd", "dws", "ads", "ops");
  }

  @Test
  void everyFileOfTheProjectHasAHeaderWithGrainAndFreshness() {
    Folders folders = LakeConfig.load(ProjectFile.find(), Map.of()).folders();
    assertThat(
            Stream.concat(
                Folders.sqlFiles(folders.tables()).stream()
                    .map(file -> SqlScript.read(file, Map.of())),
                OwnTables.scripts().stream()))
        .allSatisfy(
            script ->
                assertThat(script.header())
                    .as(script.name())
                    .contains("Grain:")
                    .contains("Freshness:"));
  }

  @Test
  void readsColumnsKeysAndOptions() throws IOException {
    write(
        "dim/dim_city.sql",
        """
        -- Cities.
        CREATE TABLE dim_city (
          dt STRING NOT NULL COMMENT 'Day',
          city_id INT NOT NULL,
          price DECIMAL(10, 2) COMMENT 'Price; -- not a comment', -- renamed from cost
          PRIMARY KEY (dt, city_id) NOT ENFORCED
        ) COMMENT 'Cities' PARTITIONED BY (dt) WITH ('bucket' = '2');
        """);
    assertThat(new TableFiles(folder, Map.of("bucket", "1", "write-only", "true")).read())
        .containsExactly(
            new TableDefinition(
                "dim_city",
                "Cities",
                List.of(
                    new Column("dt", "STRING NOT NULL", "Day", null),
                    new Column("city_id", "INT NOT NULL", "", null),
                    new Column("price", "DECIMAL(10, 2)", "Price; -- not a comment", "cost")),
                List.of("dt", "city_id"),
                List.of("dt"),
                Map.of(
                    "bucket",
                    "2",
                    "write-only",
                    "true",
                    "lookup.merge-records-threshold",
                    "1000000")));
  }

  @Test
  void refusesWrongSql() throws IOException {
    write("dim/dim_city.sql", "CREATE TABEL dim_city (a INT);");
    assertInvalid("dim_city.sql", "TABEL");
  }

  @Test
  void refusesATableThatIsNamedOtherThanItsFile() throws IOException {
    write("dim/dim_city.sql", table("dim_town"));
    assertInvalid("dim_city.sql", "does not create a table named dim_city");
  }

  @Test
  void takesTablesOfAnyNameInAnyFolder() throws IOException {
    write("city.sql", table("city"));
    write("bookings/2024/dim_town.sql", table("dim_town"));
    assertThat(new TableFiles(folder, Map.of("bucket", "1")).read())
        .extracting(TableDefinition::name, TableDefinition::layer)
        .containsExactlyInAnyOrder(tuple("city", ""), tuple("dim_town", "dim"));
  }

  @Test
  void refusesAColumnThatNoFileCanHold() throws IOException {
    write("city.sql", table("city").replace("a INT", "`a b` INT, a INT"));
    assertInvalid("city.sql", "the column `a b`, a name that Avro does not take");
  }

  @Test
  void refusesTwoFilesOfOneTable() throws IOException {
    write("a/city.sql", table("city"));
    write("b/city.sql", table("city"));
    assertThatThrownBy(() -> new TableFiles(folder, Map.of()).read())
        .hasMessage("a/city.sql and b/city.sql define the same table.");
  }

  @Test
  void refusesAFileOfTheLakesOwnRecords() throws IOException {
    write("tables/ops_backfill_run.sql", table("ops_backfill_run"));
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of()).withFolders(Folders.in(folder));
    assertThatThrownBy(() -> TableFiles.of(config).read())
        .hasMessageContaining("ops_backfill_run.sql defines a table of Tidelake's own records");
  }

  @Test
  void refusesATableWithoutPrimaryKey() throws IOException {
    write("dim/dim_city.sql", "CREATE TABLE dim_city (a INT);");
    assertInvalid("dim_city.sql", "without a primary key");
  }

  @Test
  void refusesTwoTablesInAFile() throws IOException {
    write("dim/dim_city.sql", table("dim_city") + table("dim_town"));
    assertInvalid("dim_city.sql", "2 statements");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    write("dim/dim_city.sql", "-- nothing yet\n");
    assertInvalid("dim_city.sql", "0 statements");
  }

  @Test
  void refusesAView() throws IOException {
    write("dim/dim_city.sql", "CREATE VIEW dim_city AS SELECT 1 AS a;");
    assertInvalid("dim_city.sql", "view");
  }

  @Test
  void refusesComputedAndNestedColumns() throws IOException {
    write(
        "dim/dim_city.sql",
        "CREATE TABLE dim_city (a INT, b AS a + 1, PRIMARY KEY (a) NOT ENFORCED);");
    assertInvalid("dim_city.sql", "computed or nested");
    write(
        "dim/dim_city.sql",
        "CREATE TABLE dim_city (a INT, b ARRAY<INT>, PRIMARY KEY (a) NOT ENFORCED);");
    assertInvalid("dim_city.sql", "computed or nested");
    write(
        "dim/dim_city.sql",
        "CREATE TABLE dim_city (a INT, b MAP<INT, ARRAY<INT>>, PRIMARY KEY (a) NOT ENFORCED);");
    assertInvalid("dim_city.sql", "computed or nested");
  }

  @Test
  void readsMaps() throws IOException {
    write(
        "dim/dim_city.sql",
        "CREATE TABLE dim_city (a INT, b MAP<BIGINT, DECIMAL(18, 2)>,"
            + " PRIMARY KEY (a) NOT ENFORCED) WITH ('bucket' = '1');");
    assertThat(new TableFiles(folder, Map.of()).read().get(0).columns())
        .extracting(Column::type)
        .containsExactly("INT NOT NULL", "MAP<BIGINT, DECIMAL(18, 2)>");
  }

  private void assertInvalid(String file, String part) {
    assertThatThrownBy(() -> new TableFiles(folder, Map.of()).read())
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.TABLE_FILE_INVALID))
        .hasMessageContaining(file)
        .hasMessageContaining(part);
  }

  private static String table(String name) {
    return "CREATE TABLE " + name + " (a INT, PRIMARY KEY (a) NOT ENFORCED);\n";
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
