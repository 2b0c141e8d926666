/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What offered rows did, or would do, to a table. Each offered row is counted once as inserted,
 * changed, refused or unchanged.
 *
 * @param offered rows with different keys
 * @param inserted rows whose key the table did not have
 * @param changed rows that gave new values to at least one column group of a row that was there
 * @param refused rows that changed nothing because the table had newer, and different, values in at
 *     least one column group
 * @param unchanged rows whose values the table held already
 * @param replacedRealTime rows of which at least one column group came in real time before
 * @param filledGroups rows by column group that got new values
 * @param refusedGroups rows by column group that kept newer and different values
 * @param checksum of the touched rows as they are afterwards, whatever their order
 */
public record ChangeCounts(
    long offered,
    long inserted,
    long changed,
    long refused,
    long unchanged,
    long replacedRealTime,
    Map<String, Long> filledGroups,
    Map<String, Long> refusedGroups,
    long checksum) {

  /** No rows. */
  public static final ChangeCounts NONE = new ChangeCounts(0, 0, 0, 0, 0, 0, Map.of(), Map.of(), 0);

  public ChangeCounts {
    filledGroups = new TreeMap<>(filledGroups);
    refusedGroups = new TreeMap<>(refusedGroups);
  }

  /** Whether any row of the table is another one afterwards. */
  public boolean touchesRows() {
    return inserted + changed > 0;
  }

  /** The counts of several parts together. */
  public static ChangeCounts sum(List<ChangeCounts> parts) {
    return parts.stream().reduce(NONE, ChangeCounts::plus);
  }

  private ChangeCounts plus(ChangeCounts other) {
    return new ChangeCounts(
        offered + other.offered,
        inserted + other.inserted,
        changed + other.changed,
        refused + other.refused,
        unchanged + other.unchanged,
        replacedRealTime + other.replacedRealTime,
        sum(filledGroups, other.filledGroups),
        sum(refusedGroups, other.refusedGroups),
        checksum + other.checksum);
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    return Stream.of(one, other)
        .flatMap(counts -> counts.entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum));
  }
}
