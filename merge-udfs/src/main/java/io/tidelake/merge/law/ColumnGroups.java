/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.law;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The column groups of a partial-update table, as its options tell them. */
public final class ColumnGroups {

  private static final Pattern SEQUENCE_GROUP = Pattern.compile("fields\\.(.+)\\.sequence-group");

  private ColumnGroups() {}

  /**
   * The columns of each group, by the name of its version column. Paimon allows several version
   * columns, separated by commas; the merge law does not.
   *
   * @param options of a table
   */
  public static SortedMap<String, List<String>> of(Map<String, String> options) {
    SortedMap<String, List<String>> groups = new TreeMap<>();
    options.forEach(
        (option, columnNames) -> {
          Matcher group = SEQUENCE_GROUP.matcher(option);
          if (group.matches()) {
            groups.put(group.group(1), List.of(columnNames.split(",")));
          }
        });
    return groups;
  }
}
