/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** A Markdown table. */
final class MarkdownWriter implements ResultWriter {

  private final PrintWriter out;

  MarkdownWriter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    line(columns.stream().map(ResultColumn::name).toList());
    line(columns.stream().map(column -> column.isNumber() ? "---:" : "---").toList());
  }

  @Override
  public void row(List<Object> values) {
    line(values.stream().map(ResultValue::text).toList());
  }

  @Override
  public void end() {
    out.flush();
  }

  private void line(List<String> cells) {
    out.println(
        cells.stream()
            .map(cell -> cell.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", "<br>"))
            .collect(Collectors.joining(" | ", "| ", " |")));
  }
}
