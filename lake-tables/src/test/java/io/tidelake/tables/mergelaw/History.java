/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import io.tidelake.merge.law.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random records of orders from all three origins, and what a table must hold after all of them.
 * The expectation shares no code with {@link Version}.
 */
final class History {

  /** The table's columns behind the key, by column group. */
  private static final List<List<String>> GROUPS =
      List.of(List.of("amount", "buyer"), List.of("carrier"), List.of("is_deleted"));

  private static final int MINUTES = 12;
  private static final int SLOTS = 3;
  private static final long MICROS_PER_MINUTE = 60_000_000L;
  private static final long FIRST_MICROS = 1_781_740_800_000_000L;

  private enum Origin {
    SNAPSHOT,
    REAL_TIME,
    CORRECTION
  }

  /**
   * A record of one order.
   *
   * @param time event time or as-of, in minutes
   * @param slot sequence or attempt
   * @param groups the values of each column group; NULL when it carries nothing for the group
   */
  private record Record(int key, Origin origin, int time, int slot, List<List<Object>> groups) {

    /** The law in plain words: whether this record's values win against those of another. */
    boolean beats(Record other) {
      if (origin == other.origin) {
        return time == other.time ? slot > other.slot : time > other.time;
      }
      if (origin == Origin.SNAPSHOT || other.origin == Origin.SNAPSHOT) {
        return other.origin == Origin.SNAPSHOT;
      }
      return origin == Origin.CORRECTION ? other.time <= time : time > other.time;
    }

    Object[] row() {
      long micros = FIRST_MICROS + time * MICROS_PER_MINUTE;
      long version =
          switch (origin) {
            case SNAPSHOT -> Version.snapshot(micros, slot);
            case REAL_TIME -> Version.realTime(micros, slot);
            case CORRECTION -> Version.correction(micros, slot);
          };
      List<Object> row = new ArrayList<>();
      row.add(key);
      for (int group = 0; group < GROUPS.size(); group++) {
        List<Object> values = groups.get(group);
        row.addAll(values == null ? Collections.nCopies(GROUPS.get(group).size(), null) : values);
        row.add(values == null ? null : version);
      }
      return row.toArray();
    }
  }

  private final List<Record> records = new ArrayList<>();

  /**
   * @param random where everything comes from
   * @param keys how many orders
   */
  History(Random random, int keys) {
    for (int key = 0; key < keys; key++) {
      Set<List<Object>> stamps = new HashSet<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        Origin origin = Origin.values()[random.nextInt(3)];
        int time = random.nextInt(MINUTES);
        int slot = random.nextInt(SLOTS);
        if (stamps.add(List.of(origin, time, slot))) {
          Record record = new Record(key, origin, time, slot, groups(random));
          records.addAll(Collections.nCopies(1 + (random.nextInt(8) == 0 ? 1 : 0), record));
        }
      }
    }
  }

  private static List<List<Object>> groups(Random random) {
    return Arrays.asList(
        random.nextInt(3) == 0
            ? null
            : Arrays.asList(
                random.nextInt(4) == 0 ? null : random.nextInt(1000),
                random.nextInt(4) == 0 ? null : "buyer " + random.nextInt(1000)),
        random.nextInt(3) == 0
            ? null
            : Arrays.asList(random.nextInt(4) == 0 ? null : "carrier " + random.nextInt(1000)),
        random.nextInt(2) == 0 ? null : Arrays.<Object>asList(random.nextBoolean()));
  }

  /** The rows of all records in a random order. */
  List<Object[]> arrivals(Random random) {
    List<Record> shuffled = new ArrayList<>(records);
    Collections.shuffle(shuffled, random);
    return shuffled.stream().map(Record::row).toList();
  }

  /** By key, the values of all columns but the versions: of each group those that nothing beats. */
  Map<Object, List<Object>> expected() {
    Map<Object, Record[]> winners = new TreeMap<>();
    for (Record record : records) {
      Record[] winner = winners.computeIfAbsent(record.key, key -> new Record[GROUPS.size()]);
      for (int group = 0; group < winner.length; group++) {
        if (record.groups.get(group) != null
            && (winner[group] == null || record.beats(winner[group]))) {
          winner[group] = record;
        }
      }
    }
    Map<Object, List<Object>> rows = new TreeMap<>();
    winners.forEach((key, winner) -> rows.put(key, values(winner)));
    return rows;
  }

  private static List<Object> values(Record[] winners) {
    List<Object> values = new ArrayList<>();
    for (int group = 0; group < winners.length; group++) {
      values.addAll(
          winners[group] == null
              ? Collections.nCopies(GROUPS.get(group).size(), null)
              : winners[group].groups.get(group));
    }
    return values;
  }
}
