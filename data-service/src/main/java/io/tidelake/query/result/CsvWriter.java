/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Comma-separated values as in RFC 4180, but for the ends of lines, which are line feeds as other
 * programs of a pipe expect them. A NULL is nothing, an empty text is {@code ""}.
 */
final class CsvWriter implements ResultWriter {

  private static final Pattern QUOTED = Pattern.compile("(?s).*[\",\\r\\n].*|");
  private static final String LINE_END = "\n";

  private final PrintWriter out;

  CsvWriter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    line(columns.stream().map(ResultColumn::name).toList());
  }

  @Override
  public void row(List<Object> values) {
    line(values);
  }

  @Override
  public void end() {
    out.flush();
  }

  private void line(List<?> values) {
    out.print(values.stream().map(CsvWriter::field).collect(Collectors.joining(",")) + LINE_END);
  }

  private static String field(Object value) {
    if (value == null) {
      return "";
    }
    String text = ResultValue.text(value);
    return QUOTED.matcher(text).matches() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
