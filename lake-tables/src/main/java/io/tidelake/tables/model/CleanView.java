/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A view of a table without deleted rows, and without the columns that only order records. A row of
 * which it is not known whether it is deleted is shown.
 *
 * @param table the table
 * @param columns the columns that are shown, in the order of the table
 * @param hidesDeletedRows whether the table says of each row that it is deleted
 */
public record CleanView(String table, List<String> columns, boolean hidesDeletedRows) {

  private static final String SUFFIX = "_clean";

  public CleanView {
    columns = List.copyOf(columns);
  }

  /** The view of a table; empty when its records have no versions. */
  public static Optional<CleanView> of(TableDefinition table) {
    Set<String> hidden = new HashSet<>(table.sequenceFields());
    table.columnGroups().keySet().forEach(versions -> hidden.addAll(List.of(versions.split(","))));
    if (hidden.isEmpty()) {
      return Optional.empty();
    }
    hidden.add(TableDefinition.IS_DELETED);
    return Optional.of(
        new CleanView(
            table.name(),
            table.columns().stream()
                .map(Column::name)
                .filter(column -> !hidden.contains(column))
                .toList(),
            table.column(TableDefinition.IS_DELETED).isPresent()));
  }

  /** The name of the view: that of the table, with {@code _clean} behind it. */
  public String name() {
    return nameFor(table);
  }

  /** The name that the view of a table has. */
  public static String nameFor(String table) {
    return table + SUFFIX;
  }

  /** The table of a view; empty when the name is not that of a clean view. */
  public static Optional<String> tableOf(String name) {
    return name.endsWith(SUFFIX)
        ? Optional.of(name.substring(0, name.length() - SUFFIX.length()))
        : Optional.empty();
  }

  /** The statement that creates the view, in Flink SQL as in Trino. */
  public String statement() {
    return "CREATE VIEW " + name() + " AS\n" + query(UnaryOperator.identity(), table);
  }

  /** What the view shows, in Flink SQL. */
  public String flinkQuery() {
    return query(SqlName::quoted, SqlName.quoted(table));
  }

  /**
   * What the view shows, in Trino's SQL.
   *
   * @param catalog what Trino calls the catalog
   * @param schema the schema of the table in it
   */
  public String trinoQuery(String catalog, String schema) {
    return query(
        CleanView::trinoQuoted,
        String.join(".", trinoQuoted(catalog), trinoQuoted(schema), trinoQuoted(table)));
  }

  private static String trinoQuoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private String query(UnaryOperator<String> identifier, String from) {
    return columns.stream()
            .map(identifier)
            .collect(Collectors.joining(",\n  ", "SELECT\n  ", "\nFROM " + from))
        + (hidesDeletedRows
            ? "\nWHERE " + identifier.apply(TableDefinition.IS_DELETED) + " IS NOT TRUE"
            : "");
  }
}
