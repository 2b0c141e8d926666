/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.streaming.source.SourceFinding.Severity;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake sources check}. */
@Command(
    name = "check",
    description = {
      "Compare the source database with the source tables of the project, and see whether its log and the",
      "grants of change capture give all changes. Changes nothing. Ends with 1 when there is an error."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake sources check -o json"})
final class SourcesCheckCommand implements Callable<Integer> {

  /** The findings for machines. */
  record Report(long errors, long warnings, long notes, List<SourceFinding> findings) {

    static Report of(List<SourceFinding> findings) {
      return new Report(
          count(findings, Severity.ERROR),
          count(findings, Severity.WARNING),
          count(findings, Severity.NOTE),
          findings);
    }

    private static long count(List<SourceFinding> findings, Severity severity) {
      return findings.stream().filter(finding -> finding.severity() == severity).count();
    }

    void print(PrintWriter out) {
      String table = null;
      for (SourceFinding finding : findings) {
        if (!finding.table().equals(table)) {
          table = finding.table();
          out.println(table.isEmpty() ? "the whole database" : table);
        }
        out.printf("  %-7s %s: %s%n", finding.severity(), finding.code(), finding.message());
        finding.whatToDo().lines().forEach(line -> out.println("          " + line));
      }
      out.printf("%d errors, %d warnings, %d notes%n", errors, warnings, notes);
    }
  }

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    Report report = Report.of(new SourceCheck(config, SourceFiles.read(config)).run());
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, report);
    } else {
      report.print(out);
    }
    return report.errors() == 0 ? 0 : 1;
  }
}
