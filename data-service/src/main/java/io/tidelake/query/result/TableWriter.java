/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Aligned columns; numbers are right-aligned. */
final class TableWriter implements ResultWriter {

  // Columns are as wide as these rows need, so that a long result need not be in memory.
  private static final int MEASURED_ROWS = 1000;

  private final PrintWriter out;
  private final List<List<String>> waiting = new ArrayList<>();
  private List<ResultColumn> columns;
  private int[] widths;

  TableWriter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> resultColumns) {
    columns = resultColumns;
    waiting.add(columns.stream().map(ResultColumn::name).toList());
  }

  @Override
  public void row(List<Object> values) {
    List<String> cells =
        values.stream().map(value -> ResultValue.text(value).replaceAll("\\R", "⏎")).toList();
    if (widths != null) {
      print(cells);
    } else {
      waiting.add(cells);
      if (waiting.size() > MEASURED_ROWS) {
        printWaiting();
      }
    }
  }

  @Override
  public void end() {
    if (widths == null) {
      printWaiting();
    }
    out.flush();
  }

  private void printWaiting() {
    widths = new int[columns.size()];
    for (List<String> cells : waiting) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(cells.get(i)));
      }
    }
    waiting.forEach(this::print);
    waiting.clear();
  }

  private void print(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(Math.max(0, widths[i] - width(cells.get(i))));
      line.append(columns.get(i).isNumber() ? padding + cells.get(i) : cells.get(i) + padding);
      line.append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  /** In cells of the terminal: a Chinese character takes two. */
  private static int width(String text) {
    return text.codePoints().map(character -> Math.max(0, WCWidth.wcwidth(character))).sum();
  }
}
