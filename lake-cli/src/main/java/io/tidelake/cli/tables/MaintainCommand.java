/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.maintenance.Maintenance;
import io.tidelake.tables.maintenance.MaintenanceReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake maintain}. */
@Command(
    name = "maintain",
    description = {
      "Keep tables small and queries fast: tag the last state of the closed day, remove old tags and",
      "days, expire snapshots, remove files that nothing knows. `maintain:` in lake.yaml says",
      "how much is kept. Streams may write and read meanwhile. Best run soon after midnight of `time-zone`."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: lake maintain --dry-run"})
public final class MaintainCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..*",
      description = "Tables to maintain. Default: all.")
  private List<String> tables = List.of();

  @Option(names = "--dry-run", description = "Show what would be done. Changes nothing.")
  private boolean dryRun;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = dryRun ? lake.config() : lake.configToChange();
    MaintenanceReport report;
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      tables.forEach(catalog::table);
      List<String> names = tables.isEmpty() ? catalog.tableNames() : tables;
      Maintenance maintenance = new Maintenance(config, catalog, Clock.systemUTC());
      report = dryRun ? maintenance.plan(names) : maintenance.run(names);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, report);
    } else {
      print(report, out);
    }
    return report.isComplete() ? 0 : 1;
  }

  private void print(MaintenanceReport report, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "table",
            "snapshots expired",
            "tags made",
            "tags removed",
            "days dropped",
            "files removed",
            "orphans",
            "KB"));
    report.tables().stream()
        .filter(table -> !table.isUntouched())
        .forEach(table -> lines.add(cells(table)));
    if (lines.size() > 1) {
      TextTable.print(lines, out);
    }
    out.printf(
        "%d of %d tables needed nothing.%n",
        report.tables().size() - (lines.size() - 1), report.tables().size());
    for (MaintenanceReport.Table table : report.tables()) {
      table.notes().forEach(note -> out.println(table.name() + ": " + note));
      table.failure().ifPresent(failure -> out.println(table.name() + " FAILED: " + failure));
    }
    report
        .scratchFolders()
        .forEach(folder -> out.println("left by a process that ended: " + folder));
    if (dryRun) {
      out.println("Nothing was changed.");
    }
    out.flush();
  }

  private static List<String> cells(MaintenanceReport.Table table) {
    return List.of(
        table.name(),
        String.valueOf(table.snapshotsExpired()),
        String.valueOf(table.tagsMade().size()),
        String.valueOf(table.tagsRemoved().size()),
        table.daysDropped().isEmpty() ? "0" : Format.days(table.daysDropped()),
        String.valueOf(table.filesRemoved()),
        String.valueOf(table.orphansRemoved()),
        String.format(Locale.ROOT, "%,d", (table.bytesRemoved() + 1023) / 1024));
  }
}
