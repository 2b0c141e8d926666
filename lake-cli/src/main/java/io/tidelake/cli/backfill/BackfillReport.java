/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Downstream;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.cli.screen.Format;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.merge.law.Version;
import io.tidelake.tables.diff.ChangeCounts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints plans and receipts for people. */
public final class BackfillReport {

  private BackfillReport() {}

  static void print(BackfillPlan plan, PrintWriter out) {
    out.println(
        plan.undoneRun().map(run -> "undo of the run " + run + ": ").orElse("")
            + plan.mode()
            + " of "
            + plan.target()
            + " from "
            + plan.input()
            + " as of "
            + plan.asOf());
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "day", "offered", "insert", "change", "refuse", "unchanged", "replaced", "rejected"));
    for (BackfillPlan.Partition partition : plan.partitions()) {
      lines.add(line(partition.dt(), partition.counts(), partition.rejected()));
    }
    TextTable.print(lines, out);
    printGroups(plan.counts(), "would be filled", "would keep newer values", out);
    print(plan.downstream(), out);
    plan.problems().forEach(problem -> out.println("problem: " + problem));
    out.printf(
        Locale.ROOT,
        "A run would take about %.0f s. Nothing was changed.%n",
        Math.ceil(plan.estimatedSeconds()));
  }

  private static void print(Downstream downstream, PrintWriter out) {
    if (!downstream.byStream().isEmpty()) {
      out.println("follow by stream: " + String.join(", ", downstream.byStream()));
    }
    downstream
        .byRun()
        .forEach(
            closed ->
                out.println(
                    "closed days computed anew at the end: "
                        + closed.target()
                        + " "
                        + Format.days(closed.days())));
    if (!downstream.bySweep().isEmpty()) {
      out.println(
          "closed days left to the next `lake backfill sweep`: "
              + String.join(", ", downstream.bySweep()));
    }
  }

  static void print(BackfillRun run, List<Receipt> receipts, PrintWriter out) {
    out.println("run      " + run.id() + ", " + run.state());
    run.message().ifPresent(message -> out.println("         " + message));
    run.undoneRun().ifPresent(undone -> out.println("undoes   " + undone));
    out.println("target   " + run.target());
    out.println("version  " + Version.describe(run.version()));
    out.println("input    " + run.input());
    out.println("started  " + run.startedAt() + " by " + run.startedBy());
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "day",
            "offered",
            "inserted",
            "changed",
            "refused",
            "unchanged",
            "replaced",
            "rejected",
            "snapshots",
            "seconds",
            "checksum"));
    for (Receipt receipt : receipts) {
      List<String> line = new ArrayList<>(line(receipt.dt(), receipt.counts(), receipt.rejected()));
      line.add(receipt.snapshotBefore() + "-" + receipt.snapshotAfter());
      line.add(String.format(Locale.ROOT, "%.1f", receipt.durationMillis() / 1000.0));
      line.add(Long.toHexString(receipt.counts().checksum()));
      lines.add(line);
    }
    TextTable.print(lines, out);
    ChangeCounts total = ChangeCounts.sum(receipts.stream().map(Receipt::counts).toList());
    printGroups(total, "were filled", "kept newer values", out);
    out.printf(
        Locale.ROOT,
        "%,d rows offered; %,d of them replaced a real-time value.%n",
        total.offered(),
        total.replacedRealTime());
    int left = run.partitions().size() - receipts.size();
    if (left > 0) {
      out.println(
          left + " partitions are not done: `lake backfill resume " + run.id() + "` goes on.");
    }
  }

  private static List<String> line(String dt, ChangeCounts counts, long rejected) {
    return List.of(
        dt.isEmpty() ? "(all)" : dt,
        Format.number(counts.offered()),
        Format.number(counts.inserted()),
        Format.number(counts.changed()),
        Format.number(counts.refused()),
        Format.number(counts.unchanged()),
        Format.number(counts.replacedRealTime()),
        Format.number(rejected));
  }

  private static void printGroups(
      ChangeCounts counts, String filled, String refused, PrintWriter out) {
    printGroups(counts.filledGroups(), filled, out);
    printGroups(counts.refusedGroups(), refused, out);
  }

  private static void printGroups(Map<String, Long> groups, String what, PrintWriter out) {
    if (!groups.isEmpty()) {
      out.println(
          "column groups that "
              + what
              + ": "
              + groups.entrySet().stream()
                  .map(group -> group.getKey() + " " + Format.number(group.getValue()))
                  .collect(Collectors.joining(", ")));
    }
  }
}
