/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.TableDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake tables views}. */
@Command(
    name = "views",
    description = {
      "Print the statements that create the clean views, for clients of your own.",
      "A clean view hides deleted rows, versions and is_deleted. Flink sessions of the lake have them already."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables views dwd_fulfillment_wide"})
final class TablesViewsCommand implements Callable<Integer> {

  /** A view for machines. */
  record View(String name, String table, String statement) {}

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description = "The table of the view. Default: all that have one.")
  private String table;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<CleanView> views;
    try (LakeCatalog catalog = LakeCatalog.open(lake.config())) {
      views = table == null ? all(catalog) : List.of(one(catalog));
    }
    if (output.isJson()) {
      OutputOption.printJson(
          out,
          views.stream()
              .map(view -> new View(view.name(), view.table(), view.statement()))
              .toList());
    } else if (views.isEmpty()) {
      out.println("-- No table of the lake has versions. `lake tables apply` creates the tables.");
    } else {
      out.println(
          views.stream().map(view -> view.statement() + ";").collect(Collectors.joining("\n\n")));
    }
    return 0;
  }

  private static List<CleanView> all(LakeCatalog catalog) {
    return catalog.tableNames().stream()
        .flatMap(name -> catalog.find(name).stream())
        .flatMap(definition -> CleanView.of(definition).stream())
        .toList();
  }

  private CleanView one(LakeCatalog catalog) {
    // table() says what to do when there is none.
    TableDefinition definition = catalog.find(catalog.table(table).name()).orElseThrow();
    return CleanView.of(definition)
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.VIEW_UNKNOWN,
                    "The table " + table + " has no versions, and so no clean view.",
                    "Query "
                        + table
                        + " itself; `lake tables views` prints the views that there are."));
  }
}
