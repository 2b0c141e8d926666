/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.database;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table or view of the source database.
 *
 * @param name its name
 * @param isView whether it holds no rows of its own
 * @param engine its storage engine; empty for a view
 * @param isPartitioned whether it has partitions
 * @param columns its columns by name, in order
 */
public record DatabaseTable(
    String name,
    boolean isView,
    String engine,
    boolean isPartitioned,
    Map<String, DatabaseColumn> columns) {

  public DatabaseTable {
    columns = new LinkedHashMap<>(columns);
  }

  /** Names of the key columns; empty when it has no key. */
  public List<String> key() {
    return columns.values().stream()
        .filter(DatabaseColumn::isKey)
        .map(DatabaseColumn::name)
        .toList();
  }
}
