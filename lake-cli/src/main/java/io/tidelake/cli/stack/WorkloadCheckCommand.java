/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.WaitOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.demo.Comparison;
import io.tidelake.demo.SelfCheck;
import io.tidelake.workload.Truth;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lake workload check}. */
@Command(
    name = "check",
    description = {
      "Compare the lake with what a workload wrote.",
      "As the demo does at its end: DWD row by row with the truth, DWS and ADS with a",
      "recomputation from ODS.",
      "Exit code 0 only if all agree."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake workload check --orders 5000 --wait 60"})
final class WorkloadCheckCommand implements Callable<Integer> {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  @Mixin private WorkloadOptionsMixin workload;

  @Mixin private WaitOption wait;

  @Mixin private LakeOptions lake;
  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  /** What is printed for machines. */
  private record Check(
      long seed, int orders, long changes, boolean agrees, List<Comparison> comparisons) {}

  @Override
  public Integer call() throws Exception {
    WorkloadCommand.refuseOptionsBefore(spec);
    Duration patience = wait.patience();
    Truth truth = Truth.of(workload.options());
    List<Comparison> comparisons = compare(truth, patience);
    Check check =
        new Check(
            workload.options().seed(),
            workload.options().orders(),
            truth.changes(),
            Comparison.allAgree(comparisons),
            comparisons);
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, check);
    } else {
      print(check, out);
    }
    return check.agrees() ? 0 : 1;
  }

  private List<Comparison> compare(Truth truth, Duration patience) throws InterruptedException {
    SelfCheck check = SelfCheck.open(lake.config());
    List<Comparison> comparisons = check.compare(truth);
    // From here: a first comparison in a cold process can take longer than the streams need.
    Instant deadline = Instant.now().plus(patience);
    while (!Comparison.allAgree(comparisons) && Instant.now().isBefore(deadline)) {
      printWaiting(comparisons, deadline);
      Thread.sleep(LOOK_EVERY.toMillis());
      comparisons = check.compare(truth);
    }
    return comparisons;
  }

  private void printWaiting(List<Comparison> comparisons, Instant deadline) {
    List<String> different =
        comparisons.stream()
            .filter(comparison -> !comparison.agrees())
            .map(comparison -> comparison.table() + " (" + comparison.different() + ")")
            .toList();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "rows differ in %s; looking again for %d s%n",
        String.join(", ", different), Duration.between(Instant.now(), deadline).toSeconds());
    err.flush();
  }

  private void print(Check check, PrintWriter out) {
    check.comparisons().forEach(comparison -> comparison.lines().forEach(out::println));
    out.printf(
        "%n%s: %d changes, seed %d%n",
        Comparison.verdict(check.comparisons()), check.changes(), check.seed());
    if (!check.agrees()) {
      out.println(
          "Streams need seconds to follow (--wait 60), dimension attributes follow by"
              + " `lake stream repair`,");
      out.println("and rows that change capture lost come by `lake backfill`.");
    }
  }
}
