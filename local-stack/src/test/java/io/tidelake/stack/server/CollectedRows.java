/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultWriter;
import java.util.ArrayList;
import java.util.List;

/** A result in memory, its values as text. */
final class CollectedRows implements ResultWriter {

  private final List<String> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  @Override
  public void begin(List<ResultColumn> resultColumns) {
    resultColumns.forEach(column -> columns.add(column.name()));
  }

  @Override
  public void row(List<Object> values) {
    rows.add(values.stream().map(String::valueOf).toList());
  }

  @Override
  public void end() {}

  List<String> columns() {
    return columns;
  }

  List<List<String>> rows() {
    return rows;
  }
}
