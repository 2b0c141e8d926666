/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import io.tidelake.merge.law.ColumnGroups;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a table is: by its SQL file, or as a catalog has it.
 *
 * @param name its name, which starts with its layer
 * @param comment what it holds; empty when nothing is said
 * @param columns its columns in order
 * @param primaryKey names of the key columns
 * @param partitionKeys names of the partition columns; empty when it has no partitions
 * @param options Paimon's table options
 */
public record TableDefinition(
    String name,
    String comment,
    List<Column> columns,
    List<String> primaryKey,
    List<String> partitionKeys,
    Map<String, String> options) {

  /** The column of the business day, {@code yyyy-MM-dd}, in every table that grows with time. */
  public static final String DAY = "dt";

  /** The column that says that the source deleted the row; its other columns keep their values. */
  public static final String IS_DELETED = "is_deleted";

  public TableDefinition {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    partitionKeys = List.copyOf(partitionKeys);
    options = Map.copyOf(options);
  }

  /** The layer: the part of the name before the first underscore; empty when there is none. */
  public String layer() {
    return name.substring(0, Math.max(0, name.indexOf('_')));
  }

  /** Whether its partitions are days. */
  public boolean isPartitionedByDay() {
    return partitionKeys.equals(List.of(DAY));
  }

  /** The column of a name. */
  public Optional<Column> column(String columnName) {
    return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
  }

  /**
   * The column groups of a partial-update table: the columns of each, by the name of their version
   * column. Paimon allows several version columns, separated by commas.
   */
  public SortedMap<String, List<String>> columnGroups() {
    return ColumnGroups.of(options);
  }

  /** The columns that order two records of one key, the first before the second. */
  public List<String> sequenceFields() {
    String names = options.get("sequence.field");
    return names == null ? List.of() : List.of(names.split(","));
  }

  /** Whether the newer of two records of one key wins, in parts or as a whole. */
  public boolean hasVersions() {
    return !sequenceFields().isEmpty() || !columnGroups().isEmpty();
  }

  /**
   * Whether a streaming reader sees what became of each row. Without a changelog it sees the
   * records as they were written, older versions after newer ones too.
   */
  public boolean hasChangelog() {
    return Set.of("lookup", "full-compaction")
        .contains(options.getOrDefault("changelog-producer", ""));
  }
}
