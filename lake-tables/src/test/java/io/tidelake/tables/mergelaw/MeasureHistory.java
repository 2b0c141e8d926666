/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import io.tidelake.merge.law.Version;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random bases and increments of cumulative measures, and the total that each must have. The
 * expectation shares no code with {@link io.tidelake.merge.law.Cumulative}.
 */
final class MeasureHistory {

  private static final long MICROS_PER_MINUTE = 60_000_000L;

  private enum Kind {
    SNAPSHOT_BASE,
    CORRECTION_BASE,
    INCREMENT
  }

  /**
   * A record of one measure.
   *
   * @param time as-of or event time, in minutes
   * @param slot attempt or sequence
   */
  private record Record(int key, Kind kind, int time, int slot, BigDecimal amount) {

    Object[] row() {
      long micros = time * MICROS_PER_MINUTE;
      long version =
          switch (kind) {
            case SNAPSHOT_BASE -> Version.snapshot(micros, slot);
            case CORRECTION_BASE -> Version.correction(micros, slot);
            case INCREMENT -> Version.realTime(micros, slot);
          };
      return new Object[] {key, Map.of(version, amount)};
    }
  }

  private final List<Record> records = new ArrayList<>();

  MeasureHistory(Random random, int keys) {
    Set<List<Object>> stamps = new HashSet<>();
    for (int i = keys * 12; i > 0; i--) {
      int key = random.nextInt(keys);
      Kind kind = random.nextInt(3) == 0 ? Kind.values()[random.nextInt(2)] : Kind.INCREMENT;
      int time = random.nextInt(12);
      int slot = random.nextInt(3);
      if (stamps.add(List.of(key, kind, time, slot))) {
        BigDecimal amount = BigDecimal.valueOf(random.nextInt(20_000) - 5_000, 2);
        Record record = new Record(key, kind, time, slot, amount);
        records.addAll(Collections.nCopies(1 + random.nextInt(2), record));
      }
    }
  }

  /** The rows of all records in a random order. */
  List<Object[]> arrivals(Random random) {
    List<Record> shuffled = new ArrayList<>(records);
    Collections.shuffle(shuffled, random);
    return shuffled.stream().map(Record::row).toList();
  }

  /** By key, the latest base and the increments after it, each once. */
  Map<Object, BigDecimal> expected() {
    Map<Object, BigDecimal> totals = new TreeMap<>();
    for (int key : records.stream().map(Record::key).distinct().toList()) {
      List<Record> own = records.stream().filter(record -> record.key == key).distinct().toList();
      Record base =
          own.stream()
              .filter(record -> record.kind != Kind.INCREMENT)
              .max(
                  Comparator.comparingInt(Record::time)
                      .thenComparing(Record::kind)
                      .thenComparingInt(Record::slot))
              .orElse(new Record(key, Kind.SNAPSHOT_BASE, -1, 0, BigDecimal.ZERO));
      totals.put(
          key,
          own.stream()
              .filter(record -> record.kind == Kind.INCREMENT && record.time > base.time)
              .map(Record::amount)
              .reduce(base.amount, BigDecimal::add));
    }
    return totals;
  }
}
