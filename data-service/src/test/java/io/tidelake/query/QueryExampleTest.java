/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryExampleTest {

  private static final LakeConfig CONFIG = LakeConfig.load(ProjectFile.find(), Map.of());

  private static final Pattern TABLE = Pattern.compile("(?:FROM|JOIN) ([a-z_.]+)");

  @TempDir private Path folder;

  @Test
  void everyExampleSaysWhatItAnswersFromWhichTables() {
    List<QueryExample> examples = QueryExample.all(CONFIG.folders());
    assertThat(examples).hasSize(11);
    for (QueryExample example : examples) {
      assertThat(example.question()).as(example.name()).endsWith("?");
      assertThat(example.rows()).as(example.name()).startsWith("one per");
      assertThat(example.columns()).as(example.name()).isNotEmpty();
      assertThat(new TreeSet<>(example.tables())).as(example.name()).isEqualTo(read(example));
    }
  }

  /** What a statement reads, without its own subqueries and views. */
  private static Set<String> read(QueryExample example) {
    Map<String, String> anything =
        example.parameters().keySet().stream().collect(Collectors.toMap(name -> name, name -> "1"));
    List<TableDefinition> tables = TableFiles.of(CONFIG).read();
    Set<String> known = new TreeSet<>();
    for (TableDefinition table : tables) {
      known.add(table.name());
      CleanView.of(table).map(CleanView::name).ifPresent(known::add);
    }
    return TABLE
        .matcher(String.join("\n", SqlScript.read(example.file(), anything).statements()))
        .results()
        .map(MatchResult::group)
        .map(text -> text.substring(text.indexOf(' ') + 1))
        .filter(name -> known.contains(name) || name.contains("."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aFileForFlinkSaysWhyItDiffers() {
    List<Path> files = Folders.sqlFiles(CONFIG.folders().queries().resolve("flink"));
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(SqlScript.headerOf(file)).as(file.toString()).startsWith("Flink: ");
      assertThat(CONFIG.folders().queries().resolve(file.getFileName())).isRegularFile();
    }
  }

  @Test
  void parametersHaveDefaultsAndCanBeGiven() throws IOException {
    QueryExample example =
        QueryExample.read(
            file(
                """
                -- Question: What of
                --   the day?
                -- Parameter: day = 2026-06-17, the day,
                --   as text
                -- Parameter: parcel, its number
                --
                -- More to read: nothing.
                SELECT '${day}', ${parcel}
                """));

    assertThat(example.question()).isEqualTo("What of the day?");
    assertThat(example.parameters())
        .containsEntry(
            "day", new QueryExample.Parameter(Optional.of("2026-06-17"), "the day, as text"))
        .containsEntry("parcel", new QueryExample.Parameter(Optional.empty(), "its number"));
    assertThat(example.values(Map.of("parcel", "7")))
        .isEqualTo(Map.of("day", "2026-06-17", "parcel", "7"));
    assertThatThrownBy(() -> example.values(Map.of("day", "x")))
        .hasMessage("question.sql needs a value for parcel: its number");
    assertThatThrownBy(() -> example.values(Map.of("parcel", "7", "dya", "x")))
        .hasMessage("question.sql has no parameter dya.");
  }

  @Test
  void aFileWithoutAHeaderTakesAnyParameter() throws IOException {
    QueryExample example = QueryExample.read(file("SELECT ${x}"));

    assertThat(example.question()).isEmpty();
    assertThat(example.values(Map.of("x", "1"))).isEqualTo(Map.of("x", "1"));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("question.sql"), text);
  }
}
