/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * How a table compares with what it should hold.
 *
 * @param table the table
 * @param against what it was compared with
 * @param rows how many rows it should hold
 * @param different how many rows are missing, too many, or differ
 * @param samples some of the differences, readable
 */
public record Comparison(
    String table, String against, long rows, long different, List<String> samples) {

  /** True when nothing differs. */
  public boolean agrees() {
    return different == 0;
  }

  /** Whether nothing differs in any of them. */
  public static boolean allAgree(List<Comparison> comparisons) {
    return comparisons.stream().allMatch(Comparison::agrees);
  }

  /** All of them in two words, for people. */
  public static String verdict(List<Comparison> comparisons) {
    return allAgree(comparisons) ? "ALL AGREE" : "DISAGREEMENT";
  }

  /** What it says, for people: a line, and one more for each sample. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "  %-26s %8d rows  %s %s",
            table, rows, agrees() ? "agree with" : different + " differ from", against));
    samples.forEach(sample -> lines.add("      " + sample));
    return lines;
  }
}
