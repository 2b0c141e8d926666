/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.RowType;

/** Which columns a snapshot has, by those of its files. */
interface SnapshotColumns {

  /**
   * The columns to read. What a file lacks is NULL, and what it has more is not read.
   *
   * @param files the columns of each file that is whole; at least one
   */
  RowType of(List<RowType> files);

  /**
   * Why a file does not fit the columns.
   *
   * @return empty when it fits
   */
  Optional<String> misfit(RowType columns, RowType file);

  /** Options of the reader. */
  Options format();

  /** The value that occurs most often, the first of these; empty when there is none. */
  static <T> Optional<T> mostOf(List<T> values) {
    return values.stream()
        .collect(Collectors.groupingBy(value -> value, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }
}
