/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake tables show}. */
@Command(
    name = "show",
    description = {
      "List the tables of the lake with their readable rows, or show one table.",
      "Exit code 1 if a table cannot be read."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables show dwd_fulfillment_wide"})
final class TablesShowCommand implements Callable<Integer> {

  /**
   * A table of the list.
   *
   * @param rows rows that a query would see now; NULL when the table cannot be read
   * @param snapshot id of the newest snapshot, 0 when there is none; NULL when it cannot be read
   * @param error why the table cannot be read; NULL when it can
   */
  record Status(
      String table, String layer, Long rows, Long snapshot, String comment, String error) {}

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "The table to show. Default: list all.")
  private String table;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (LakeCatalog catalog = LakeCatalog.open(lake.config())) {
      if (table != null) {
        // table() says what to do when there is none.
        TableDefinition definition = catalog.find(catalog.table(table).name()).orElseThrow();
        if (output.isJson()) {
          OutputOption.printJson(out, definition);
        } else {
          print(definition, out);
        }
        return 0;
      }
      List<Status> tables =
          catalog.tableNames().stream().map(name -> status(catalog, name)).toList();
      if (output.isJson()) {
        OutputOption.printJson(out, tables);
      } else {
        print(tables, out);
      }
      return tables.stream().anyMatch(status -> status.error() != null) ? 1 : 0;
    }
  }

  private static Status status(LakeCatalog catalog, String name) {
    try {
      TableDefinition definition = catalog.find(name).orElseThrow();
      return new Status(
          name,
          definition.layer(),
          ReadableRows.count(catalog.table(name)),
          catalog.latestSnapshotId(name),
          definition.comment(),
          null);
    } catch (LakeException e) {
      return new Status(name, "", null, null, "", e.getMessage());
    }
  }

  private static void print(List<Status> tables, PrintWriter out) {
    if (tables.isEmpty()) {
      out.println("There are no tables yet. `lake tables apply` creates them.");
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("table", "layer", "rows", "snapshot", "comment"));
    for (Status status : tables) {
      boolean readable = status.error() == null;
      lines.add(
          List.of(
              status.table(),
              status.layer(),
              readable ? String.format(Locale.ROOT, "%,d", status.rows()) : "?",
              readable ? status.snapshot().toString() : "?",
              readable ? status.comment() : status.error()));
    }
    TextTable.print(lines, out);
  }

  private static void print(TableDefinition table, PrintWriter out) {
    out.println(table.name() + ": " + table.comment());
    out.println("key: " + String.join(", ", table.primaryKey()));
    out.println("partitions: " + String.join(", ", table.partitionKeys()));
    out.println();
    List<List<String>> columns = new ArrayList<>();
    columns.add(List.of("column", "type", "comment"));
    for (Column column : table.columns()) {
      columns.add(List.of(column.name(), column.type(), column.comment()));
    }
    TextTable.print(columns, out);
    out.println();
    List<List<String>> options = new ArrayList<>();
    options.add(List.of("option", "value"));
    new TreeMap<>(table.options()).forEach((name, value) -> options.add(List.of(name, value)));
    TextTable.print(options, out);
  }
}
