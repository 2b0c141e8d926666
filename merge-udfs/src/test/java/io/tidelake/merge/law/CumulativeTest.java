/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CumulativeTest {

  @Property(seed = "20260617")
  void mergeIsCommutativeAssociativeAndIdempotent(
      @ForAll("measures") Map<Long, BigDecimal> a,
      @ForAll("measures") Map<Long, BigDecimal> b,
      @ForAll("measures") Map<Long, BigDecimal> c) {
    assertThat(Cumulative.merge(a, b)).isEqualTo(Cumulative.merge(b, a));
    assertThat(Cumulative.merge(Cumulative.merge(a, b), c))
        .isEqualTo(Cumulative.merge(a, Cumulative.merge(b, c)));
    Map<Long, BigDecimal> merged = Cumulative.merge(a, b);
    assertThat(Cumulative.merge(merged, b)).isEqualTo(merged);
    assertThat(Cumulative.merge(merged, merged)).isEqualTo(merged);
  }

  @Property(seed = "20260617")
  void totalIsTheLatestBaseAndWhatCameAfterIt(@ForAll("records") List<Record> records) {
    Map<Long, BigDecimal> measure = Map.of();
    for (Record record : records) {
      measure = Cumulative.merge(measure, record.measure());
    }

    long asOf = records.stream().filter(Record::isBase).mapToLong(Record::time).max().orElse(-1);
    int base =
        records.stream()
            .filter(record -> record.isBase() && record.time == asOf)
            .mapToInt(record -> record.origin * 100 + record.slot)
            .max()
            .orElse(0);
    int increments =
        records.stream()
            .filter(record -> !record.isBase() && record.time > asOf)
            .distinct()
            .mapToInt(Record::amount)
            .sum();
    assertThat(Cumulative.total(measure))
        .isEqualTo(records.isEmpty() ? null : BigDecimal.valueOf(base + increments));
  }

  @Test
  void anAmountThatIsNullCarriesNothing() {
    Map<Long, BigDecimal> unknown = new HashMap<>();
    unknown.put(Version.realTime(5, 0), null);
    unknown.put(Version.snapshot(9, 0), null);
    Map<Long, BigDecimal> increment = Map.of(Version.realTime(4, 0), BigDecimal.TEN);
    assertThat(Cumulative.merge(unknown, increment)).isEqualTo(increment);
    assertThat(Cumulative.merge(increment, unknown)).isEqualTo(increment);
    assertThat(Cumulative.total(unknown)).isNull();
  }

  /**
   * A record of a measure; its amount follows from the rest, so that one version has one amount.
   *
   * @param origin 0 snapshot, 1 real-time, 2 correction
   */
  private record Record(int origin, int time, int slot) {

    boolean isBase() {
      return origin != 1;
    }

    int amount() {
      return origin * 100 + slot;
    }

    Map<Long, BigDecimal> measure() {
      long version =
          switch (origin) {
            case 0 -> Version.snapshot(time, slot);
            case 1 -> Version.realTime(time, slot);
            default -> Version.correction(time, slot);
          };
      return Map.of(version, BigDecimal.valueOf(amount()));
    }
  }

  @Provide
  Arbitrary<List<Record>> records() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 6),
            Arbitraries.integers().between(0, 3))
        .as(Record::new)
        .list()
        .ofMaxSize(15);
  }

  @Provide
  Arbitrary<Map<Long, BigDecimal>> measures() {
    return records()
        .map(
            records -> {
              Map<Long, BigDecimal> measure = new HashMap<>();
              records.forEach(record -> measure.putAll(record.measure()));
              return measure;
            });
  }
}
