/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.workload.WorkloadExport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake workload export}. */
@Command(
    name = "export",
    description = {
      "Write the order system's own end-of-day export.",
      "Parquet as an offline warehouse has it: a folder per table, facts by day. It is made from the",
      "options alone, and needs neither database nor lake."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake workload export /tmp/export --orders 10000 --seed 3"})
final class WorkloadExportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FOLDER", description = "New or empty; a folder per table goes there.")
  private Path folder;

  @Mixin private WorkloadOptionsMixin workload;
  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  /** What is printed for machines. */
  private record Export(String folder, Map<String, Long> tables, long rows, String asOf) {}

  @Override
  public Integer call() throws Exception {
    WorkloadCommand.refuseOptionsBefore(spec);
    List<TableDefinition> tables = TableFiles.of(lake.config()).read();
    WorkloadExport.Summary summary = new WorkloadExport(tables).write(workload.options(), folder);
    Export export =
        new Export(
            folder.toAbsolutePath().normalize().toString(),
            summary.rows(),
            summary.rows().values().stream().mapToLong(Long::longValue).sum(),
            summary.asOf().toString());
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, export);
    } else {
      print(export, out);
    }
    return 0;
  }

  private static void print(Export export, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("table", "rows"));
    export.tables().forEach((table, rows) -> lines.add(List.of(table, rows.toString())));
    TextTable.print(lines, out);
    out.printf(
        "%d rows of %d tables are in %s%n", export.rows(), export.tables().size(), export.folder());
    out.println("They are as of " + export.asOf() + ", for --as-of of a backfill.");
  }
}
