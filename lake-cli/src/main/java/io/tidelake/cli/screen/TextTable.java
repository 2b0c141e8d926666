/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.screen;

import java.io.PrintWriter;
import java.util.List;
import org.jline.utils.WCWidth;

/** Prints cells in aligned columns, also of wide characters; numbers are right-aligned. */
public final class TextTable {

  private TextTable() {}

  /**
   * @param lines cells of equally many columns; the first line is the heading
   */
  public static void print(List<List<String>> lines, PrintWriter out) {
    int columns = lines.get(0).size();
    int[] widths = new int[columns];
    boolean[] numbers = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      int index = column;
      widths[column] = lines.stream().mapToInt(line -> width(line.get(index))).max().orElse(0);
      numbers[column] =
          lines.size() > 1
              && lines.stream().skip(1).allMatch(line -> line.get(index).matches("[\\d,.]+|\\?"));
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = line.get(column);
        String padding = " ".repeat(widths[column] - width(cell));
        text.append(numbers[column] ? padding + cell : cell + padding).append("  ");
      }
      out.println(text.toString().stripTrailing());
    }
  }

  /** Columns of a terminal: Chinese, Japanese and Korean characters take two. */
  private static int width(String text) {
    return text.codePoints().map(character -> Math.max(0, WCWidth.wcwidth(character))).sum();
  }
}
