/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table against an independent computation of it.
 *
 * @param target the table
 * @param against what it was compared with, for people
 * @param partitions what was found, by partition
 * @param samples some of the differences
 */
public record Verification(
    String target, String against, List<Partition> partitions, List<Sample> samples) {

  /**
   * What was found in one partition.
   *
   * @param dt the partition; empty for a table without partitions
   * @param equal rows that agree
   * @param different rows of which values differ
   * @param onlyInTable rows that the computation does not yield
   * @param onlyComputed rows that the table does not have
   * @param newer rows that agree except for column groups of which the table has a newer version:
   *     they came after the computation has read its inputs, or win over what was backfilled
   * @param columns by column, how often it was compared and how often the values were equal
   */
  public record Partition(
      String dt,
      long equal,
      long different,
      long onlyInTable,
      long onlyComputed,
      long newer,
      Map<String, Match> columns) {

    public Partition {
      columns = new TreeMap<>(columns);
    }
  }

  /**
   * How well a column agrees.
   *
   * @param compared rows of which both sides were compared
   * @param equal rows of which they were equal
   */
  public record Match(long compared, long equal) {

    Match plus(Match other) {
      return new Match(compared + other.compared, equal + other.equal);
    }
  }

  /**
   * A difference.
   *
   * @param dt the partition
   * @param key the row, as column = value
   * @param column the column; empty when one side has no such row
   * @param inTable the table's value as text; NULL for NULL, or when the table has no such row
   * @param computed the computed one
   */
  public record Sample(String dt, String key, String column, String inTable, String computed) {}

  public Verification {
    partitions = List.copyOf(partitions);
    samples = List.copyOf(samples);
  }

  /** Whether nothing differs. */
  public boolean agrees() {
    return partitions.stream()
        .allMatch(
            partition ->
                partition.different() + partition.onlyInTable() + partition.onlyComputed() == 0);
  }

  /** How well the columns agree in all partitions together. */
  public Map<String, Match> columns() {
    Map<String, Match> columns = new TreeMap<>();
    partitions.forEach(
        partition ->
            partition.columns().forEach((name, match) -> columns.merge(name, match, Match::plus)));
    return columns;
  }
}
