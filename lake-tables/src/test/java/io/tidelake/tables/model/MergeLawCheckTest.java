/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.schema.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeLawCheckTest {

  private static final String GROUPS =
      """
      CREATE TABLE dwd_city (
        id INT NOT NULL,
        name STRING,
        size BIGINT,
        name_version BIGINT,
        size_version BIGINT,
        PRIMARY KEY (id) NOT ENFORCED
      ) WITH (
        'bucket' = '1',
        'merge-engine' = 'partial-update',
        'fields.name_version.sequence-group' = 'name',
        'fields.size_version.sequence-group' = 'size'
      );
      """;

  private static final String WHOLE_ROWS =
      """
      CREATE TABLE dwd_city (
        id INT NOT NULL,
        name STRING,
        row_version BIGINT NOT NULL,
        log_position BIGINT,
        PRIMARY KEY (id) NOT ENFORCED
      ) WITH (
        'bucket' = '1',
        'sequence.field' = 'row_version,log_position'
      );
      """;

  private static final String AGGREGATES =
      """
      CREATE TABLE dwd_city (
        id INT NOT NULL,
        name STRING,
        amounts MAP<BIGINT, DECIMAL(18, 2)>,
        PRIMARY KEY (id) NOT ENFORCED
      ) WITH (
        'bucket' = '1',
        'merge-engine' = 'aggregation',
        'fields.default-aggregate-function' = 'max',
        'fields.amounts.aggregate-function' = 'cumulative'
      );
      """;

  @TempDir private Path folder;

  @Test
  void acceptsTheTablesOfTheProject() {
    assertThat(TableFiles.of(LakeConfig.load(ProjectFile.find(), Map.of())).read())
        .isNotEmpty()
        .allSatisfy(table -> assertThat(MergeLawCheck.violations(table)).isEmpty());
  }

  @Test
  void acceptsLawfulTables() throws IOException {
    read(GROUPS);
    read(WHOLE_ROWS);
    read(WHOLE_ROWS.replace("row_version,log_position", "row_version"));
    read(AGGREGATES);
    read(
        """
        CREATE TABLE dwd_city (rule_version INT, name STRING, PRIMARY KEY (rule_version) NOT ENFORCED)
        WITH ('bucket' = '4');
        """);
  }

  /** Each line: what is replaced, by what, and what the error then says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'bucket' = '1',      | 'file.format' = 'orc', | bucket is missing
          'bucket' = '1'       | 'bucket' = '-1'        | bucket is -1
          'bucket' = '1'       | 'bucket' = '-2'        | bucket is -2
          'bucket' = '1'       | 'bucket' = '0'         | bucket is 0
          'partial-update'     | 'first-row'            | keeps the record that arrives first
          'partial-update'     | 'last-row'             | merge-engine is last-row
          size BIGINT,         | size BIGINT, extra INT, | column extra is in no group
          = 'name'             | = 'name,size'          | column size is in fields.name_version.sequence-group and fields.size_version.sequence-group
          = 'name'             | = 'name,size_version'  | column size_version is in fields.size_version.sequence-group and fields.name_version.sequence-group
          = 'name'             | = 'name,name_version'  | column name_version is in
          = 'name'             | = 'name,id'            | key column id is in fields.name_version.sequence-group
          = 'name'             | = 'name,nome'          | names the column 'nome', which dwd_city lacks
          = 'name'             | = 'name, size'         | names the column ' size', which dwd_city lacks
          fields.name_version  | fields.name_versoin    | names the column 'name_versoin', which dwd_city lacks
          fields.name_version  | fields.name_version,size_version | fields.name_version,size_version.sequence-group names several versions
          fields.name_version  | fields.id              | key column id is in fields.id.sequence-group
          name_version BIGINT  | name_version INT       | version name_version is INT
          name_version BIGINT  | name_version BIGINT NOT NULL | version name_version is BIGINT NOT NULL
          'bucket'             | 'fields.size.aggregate-function' = 'sum', 'bucket' | fields.size.aggregate-function = sum
          'bucket'             | 'fields.size.aggregate-function' = 'last_non_null_value', 'bucket' | fields.size.aggregate-function = last_non_null_value
          'bucket'             | 'fields.default-aggregate-function' = 'max', 'bucket' | fields.default-aggregate-function = max
          'bucket'             | 'sequence.field' = 'name_version', 'bucket' | sequence.field = name_version
          'bucket'             | 'partial-update.remove-record-on-delete' = 'true', 'bucket' | partial-update.remove-record-on-delete = true
          'bucket'             | 'partial-update.remove-record-on-sequence-group' = 'name_version', 'bucket' | partial-update.remove-record-on-sequence-group = name_version
          'bucket'             | 'rowkind.field' = 'name', 'bucket' | rowkind.field = name
          """)
  void refusesColumnGroups(String before, String after, String reason) {
    assertRefused(GROUPS, before, after, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          'row_version,log_position' | 'log_position,row_version' | starts with log_position, which is BIGINT
          'row_version,log_position' | 'raw_version'          | starts with raw_version, which is missing
          row_version BIGINT NOT NULL | row_version BIGINT    | starts with row_version, which is BIGINT:
          row_version BIGINT NOT NULL | row_version INT NOT NULL | starts with row_version, which is INT NOT NULL
          name STRING                | name STRING, name_version BIGINT | column name_version is not part of sequence.field
          'sequence.field'           | 'file.format'           | column row_version is not part of sequence.field
          'bucket'                   | 'sequence.field.sort-order' = 'descending', 'bucket' | smallest version would win
          'bucket'                   | 'rowkind.field' = 'name', 'bucket' | rowkind.field = name
          """)
  void refusesWholeRows(String before, String after, String reason) {
    assertRefused(WHOLE_ROWS, before, after, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          = 'max'        | = 'sum'         | column name is aggregated by sum: it takes a repeated record twice
          = 'max'        | = 'last_value'  | column name is aggregated by last_value: it goes by the order of arrival
          = 'max'        | = 'collect'     | column name is aggregated by collect: it is not known
          'cumulative'   | 'merge_map'     | column amounts is aggregated by merge_map
          fields.default-aggregate-function | file.format | column name has no aggregate function
          'bucket'       | 'aggregation.remove-record-on-delete' = 'true', 'bucket' | aggregation.remove-record-on-delete = true
          """)
  void refusesAggregates(String before, String after, String reason) {
    assertRefused(AGGREGATES, before, after, reason);
  }

  @Test
  void listsAllViolationsOfAllFiles() throws IOException {
    write("dwd/dwd_city.sql", GROUPS.replace("= 'name'", "= 'id'"));
    write("dim/dim_town.sql", "CREATE TABLE dim_town (a INT, PRIMARY KEY (a) NOT ENFORCED);");
    assertThatThrownBy(() -> new TableFiles(folder, Map.of()).read())
        .isInstanceOfSatisfying(
            LakeException.class, error -> assertThat(error.remedy()).contains("lake tables plan"))
        .hasMessage(
            """
            The content of a table would depend on the order in which its records arrive:
              dim_town.sql
                - bucket is missing: without fixed buckets only one job may write, and no backfill could run beside the stream. Write 'bucket' = '1' or more.
              dwd_city.sql
                - the key column id is in fields.name_version.sequence-group: all records of a row have the same key, it needs no version. Take it out of the group.
                - the column name is in no group: the record that arrives last wins. Add name to a 'fields.<group>_version.sequence-group'.""");
  }

  private void assertRefused(String table, String before, String after, String reason) {
    assertThat(table).contains(before);
    assertThatThrownBy(() -> read(table.replace(before, after)))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.TABLE_BREAKS_MERGE_LAW))
        .hasMessageContaining("dwd_city.sql")
        .hasMessageContaining(reason);
  }

  private void read(String table) throws IOException {
    write("dwd/dwd_city.sql", table);
    assertThat(new TableFiles(folder, Map.of()).read()).hasSize(1);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
