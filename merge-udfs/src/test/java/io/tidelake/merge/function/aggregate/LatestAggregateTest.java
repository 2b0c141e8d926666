/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.merge.function.aggregate.LatestAggregate.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The aggregates against the plain definition, whatever the order and the division of records. */
class LatestAggregateTest {

  /** A record, of which some copies were taken back. */
  private record Entry(Integer value, Long version, int added, int retracted) {}

  @Property(seed = "20260617")
  void resultDependsOnTheSetOfRecordsOnly(
      @ForAll("entries") List<Entry> entries, @ForAll long order) throws Exception {
    for (LatestAggregate function : List.of(new Latest(), new LatestNonNull())) {
      Random random = new Random(order);
      List<Step> steps = new ArrayList<>();
      for (Entry entry : entries) {
        for (int i = 0; i < entry.added; i++) {
          steps.add(state -> function.accumulate(state, entry.value, entry.version));
        }
        for (int i = 0; i < entry.retracted; i++) {
          steps.add(state -> function.retract(state, entry.value, entry.version));
        }
      }
      Collections.shuffle(steps, random);
      List<State> parts = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        parts.add(function.createAccumulator());
      }
      for (Step step : steps) {
        step.applyTo(parts.get(random.nextInt(parts.size())));
      }
      State whole = parts.remove(0);
      function.merge(whole, parts);

      assertThat(function.getValue(whole)).isEqualTo(expected(function, entries));
    }
  }

  private interface Step {
    void applyTo(State state) throws Exception;
  }

  private static Integer expected(LatestAggregate function, List<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.version != null && entry.added > entry.retracted)
        .filter(entry -> entry.value != null || function instanceof Latest)
        .max(
            Comparator.comparing(Entry::version)
                .thenComparing(Entry::value, Comparator.nullsFirst(Comparator.naturalOrder())))
        .map(Entry::value)
        .orElse(null);
  }

  @Provide
  Arbitrary<List<Entry>> entries() {
    Arbitrary<Integer> values = Arbitraries.integers().between(0, 3).injectNull(0.2);
    Arbitrary<Long> versions = Arbitraries.longs().between(-3, 3).injectNull(0.1);
    return Combinators.combine(
            values,
            versions,
            Arbitraries.integers().between(0, 2),
            Arbitraries.doubles().between(0, 1))
        .as(
            (value, version, added, kept) ->
                new Entry(value, version, added, (int) Math.round(added * kept)))
        .list()
        .uniqueElements(
            entry -> List.of(String.valueOf(entry.value), String.valueOf(entry.version)))
        .ofMaxSize(12);
  }
}
