/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.Timestamp;

/**
 * A record of {@code ods_arrival}, and the merge law in its words: by comparing origins and times,
 * without any version number.
 *
 * @param origin where it came from
 * @param run batch run that offers it; NULL for a real-time record
 * @param parcel its key
 * @param time event time of a real-time record, as-of of any other
 * @param slot sequence of a real-time record, attempt of any other
 * @param groups the values of the column groups that it carries
 */
record Arrival(
    Origin origin,
    Integer run,
    long parcel,
    Instant time,
    int slot,
    Map<Group, List<Object>> groups) {

  enum Origin {
    SNAPSHOT,
    REAL_TIME,
    CORRECTION
  }

  enum Group {
    ORDER,
    SCAN,
    DELETION
  }

  /**
   * The greater record's value is kept. A snapshot is below all others; then a later time wins; at
   * one time a correction is above what it corrects; then the greater sequence or attempt wins.
   */
  private static final Comparator<Arrival> MERGE_LAW =
      Comparator.comparing((Arrival arrival) -> arrival.origin != Origin.SNAPSHOT)
          .thenComparing(Arrival::time)
          .thenComparing(arrival -> arrival.origin == Origin.CORRECTION)
          .thenComparing(Arrival::slot);

  /** The record that each column group of each parcel keeps. */
  static Map<Long, Map<Group, Arrival>> fold(Collection<Arrival> arrivals) {
    Map<Long, Map<Group, Arrival>> parcels = new HashMap<>();
    for (Arrival arrival : arrivals) {
      Map<Group, Arrival> parcel = parcels.computeIfAbsent(arrival.parcel, key -> new HashMap<>());
      arrival
          .groups
          .keySet()
          .forEach(group -> parcel.merge(group, arrival, BinaryOperator.maxBy(MERGE_LAW)));
    }
    return parcels;
  }

  /** The record as a row of {@code ods_arrival}. */
  GenericRow toRow() {
    return GenericRow.of(
        BinaryString.fromString(origin.name().toLowerCase(Locale.ROOT).replace('_', '-')),
        run,
        parcel,
        Timestamp.fromInstant(time),
        slot,
        groups.containsKey(Group.ORDER),
        value(Group.ORDER, 0),
        value(Group.ORDER, 1),
        groups.containsKey(Group.SCAN),
        value(Group.SCAN, 0),
        value(Group.SCAN, 1),
        groups.containsKey(Group.DELETION),
        value(Group.DELETION, 0));
  }

  private Object value(Group group, int index) {
    Object value = groups.containsKey(group) ? groups.get(group).get(index) : null;
    return value instanceof String text ? BinaryString.fromString(text) : value;
  }
}
