/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.Folders;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.SqlStatement;
import io.tidelake.tables.schema.SqlStatement.UnreadableException;
import io.tidelake.tables.schema.TableFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one query of all inserts into a table: what an insert leaves out of the table's columns is
 * NULL.
 */
final class InsertUnion {

  private final Folders folders;
  private final Path file;
  private final Map<String, Map<String, String>> columns = new HashMap<>();

  /**
   * @param folders where the files of the tables lie, which know their columns
   * @param file the pipeline's file, for messages
   */
  InsertUnion(Folders folders, Path file) {
    this.folders = folders;
    this.file = file;
  }

  /**
   * Unites inserts.
   *
   * @param inserts those into one table, at least one
   * @throws LakeException when one names a column that the table has not, or the table has no file
   */
  Derivation of(List<Insert> inserts) {
    Insert first = inserts.get(0);
    // A whole row is as it is written: nothing must be known of the table.
    boolean isWhole = inserts.size() == 1 && first.columns().isEmpty();
    return new Derivation(
        first.target(),
        first.into(),
        isWhole
            ? first.query()
            : union(inserts, columns.computeIfAbsent(first.target(), this::columns)),
        inserts.stream().flatMap(insert -> insert.views().stream()).distinct().toList(),
        inserts.stream().anyMatch(Insert::usesOpenDays));
  }

  private String union(List<Insert> inserts, Map<String, String> columns) {
    return inserts.stream()
        .map(insert -> wholeRows(insert, columns))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private String wholeRows(Insert insert, Map<String, String> columns) {
    List<String> named =
        insert.columns().isEmpty() ? new ArrayList<>(columns.keySet()) : insert.columns();
    named.stream()
        .filter(column -> !columns.containsKey(column))
        .findFirst()
        .ifPresent(
            unknown -> {
              throw invalid(
                  "an INSERT names the column %s, which %s does not have"
                      .formatted(unknown, insert.target()),
                  null);
            });
    Stream<String> row =
        columns.entrySet().stream()
            .map(
                column ->
                    named.contains(column.getKey())
                        ? SqlName.quoted(column.getKey())
                        : "CAST(NULL AS %s) AS %s"
                            .formatted(column.getValue(), SqlName.quoted(column.getKey())));
    return "SELECT %s\nFROM (\n%s\n) AS part (%s)"
        .formatted(
            row.collect(Collectors.joining(", ")),
            insert.query(),
            named.stream().map(SqlName::quoted).collect(Collectors.joining(", ")));
  }

  /** The columns of a table with their types, as its file has them. */
  private Map<String, String> columns(String table) {
    SqlScript definition =
        TableFiles.scriptOf(folders, table)
            .orElseThrow(() -> invalid("there is no file of the table " + table, null));
    try {
      return SqlStatement.columnTypes(definition.statements().get(0));
    } catch (UnreadableException e) {
      throw invalid("the file of the table " + table + " is not valid: " + e.getMessage(), e);
    }
  }

  private LakeException invalid(String what, Exception cause) {
    return new LakeException(
        ErrorCode.PIPELINE_INVALID,
        file.getFileName() + ": " + what + ".",
        "Mend the file. `lake tables show TABLE` prints a table's columns.",
        cause);
  }
}
