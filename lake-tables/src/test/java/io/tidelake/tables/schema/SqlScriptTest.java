/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlScriptTest {

  @TempDir private Path folder;

  @Test
  void splitsAtSemicolons() {
    assertThat(SqlScript.split("SELECT 1;\n\nSELECT 2 ;\n ; "))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void keepsSemicolonsInsideQuotes() {
    assertThat(SqlScript.split("SELECT 'a;b', `c;d`; SELECT 'it''s;'"))
        .containsExactly("SELECT 'a;b', `c;d`", "SELECT 'it''s;'");
  }

  @Test
  void dropsCommentsButNotWhatLooksLikeThemInQuotes() {
    assertThat(SqlScript.split("SELECT '--', '/* */' -- a; b\n, 1 /* c; d */ FROM t"))
        .containsExactly("SELECT '--', '/* */' \n, 1   FROM t");
  }

  @Test
  void quotesInCommentsQuoteNothing() {
    assertThat(SqlScript.split("-- the source's date\nSELECT 1; /* don't */ SELECT 2"))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void aBlockCommentSeparatesWords() {
    assertThat(SqlScript.split("SELECT/* all */1")).containsExactly("SELECT 1");
  }

  @Test
  void keepsHints() {
    assertThat(SqlScript.split("SELECT * FROM t /*+ OPTIONS('a' = 'b;') */"))
        .containsExactly("SELECT * FROM t /*+ OPTIONS('a' = 'b;') */");
  }

  @Test
  void keepsOperators() {
    assertThat(SqlScript.split("SELECT 4 / 2 - 1")).containsExactly("SELECT 4 / 2 - 1");
  }

  @Test
  void readsLongTexts() {
    String text = "x''".repeat(100_000);
    assertThat(SqlScript.split("SELECT '" + text + "';")).containsExactly("SELECT '" + text + "'");
  }

  @Test
  void fillsInParametersAndKeepsTheHeader() throws IOException {
    Path file = write("-- First line.\n-- Second line.\nSELECT '${a.b}';\n-- not the header\n");
    SqlScript script = SqlScript.read(file, Map.of("a.b", "$1\\n"));
    assertThat(script.header()).isEqualTo("First line.\nSecond line.");
    assertThat(script.statements()).containsExactly("SELECT '$1\\n'");
    assertThat(script.name()).isEqualTo("some");
  }

  @Test
  void namesAnUnknownParameterAndTheKnownOnes() throws IOException {
    Path file = write("SELECT '${nothing}'");
    assertThatThrownBy(() -> SqlScript.read(file, Map.of("known", "1")))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SQL_PARAMETER_UNKNOWN);
              assertThat(error).hasMessageContaining("${nothing}").hasMessageContaining("some.sql");
              assertThat(error.remedy()).contains("known");
            });
  }

  @Test
  void namesTheFilesBesideAMissingOne() throws IOException {
    write("SELECT 1");
    assertThatThrownBy(() -> SqlScript.read(folder.resolve("other.sql"), Map.of()))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.SQL_FILE_UNREADABLE);
              assertThat(error.remedy()).contains("some.sql");
            });
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("some.sql"), text);
  }
}
