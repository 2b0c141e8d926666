/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.streaming.pipeline.Lineage;
import io.tidelake.streaming.pipeline.LineageReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lake tables lineage}. */
@Command(
    name = "lineage",
    description = {
      "Show which tables each pipeline reads, looks up and writes.",
      "It comes from Flink's plans of the pipelines; neither a lake nor a cluster is needed."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake tables lineage --format mermaid > lineage.mmd"})
final class TablesLineageCommand implements Callable<Integer> {

  /** How people see it. */
  enum Format {
    text,
    mermaid,
    dot
  }

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}); -o json prints the edges.")
  private Format format;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Lineage lineage = LineageReader.read(lake.config());
    if (output.isJson()) {
      OutputOption.printJson(out, lineage.edges());
      return 0;
    }
    out.print(
        switch (format) {
          case text -> lineage.toText();
          case mermaid -> lineage.toMermaid();
          case dot -> lineage.toDot();
        });
    out.flush();
    return 0;
  }
}
