/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** The rows of a query as sorted text. */
public final class SortedRows {

  private SortedRows() {}

  /** Row kinds are left out, because a batch read answers updates, too. */
  public static List<String> of(TableEnvironment session, String query, String delimiter)
      throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> answers = session.executeSql(query).collect()) {
      answers.forEachRemaining(
          row ->
              rows.add(
                  IntStream.range(0, row.getArity())
                      .mapToObj(i -> String.valueOf(row.getField(i)))
                      .collect(Collectors.joining(delimiter))));
    }
    return rows.stream().sorted().toList();
  }
}
