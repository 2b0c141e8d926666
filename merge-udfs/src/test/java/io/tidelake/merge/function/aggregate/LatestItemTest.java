/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class LatestItemTest {

  private final LatestItem latest = new LatestItem(new IntType(), VarCharType.STRING_TYPE);

  /** What a source says of an item: a version that no other record of it has. */
  private record Said(long id, long version, Integer rank) {

    StringData text() {
      return StringData.fromString(id + "@" + version);
    }
  }

  private RowData result(List<Said> records) throws Exception {
    LatestItem.State state = latest.createAccumulator();
    for (Said said : records) {
      latest.accumulate(state, said.id(), said.version(), said.rank(), said.text());
    }
    return latest.getValue(state);
  }

  /** Written from the requirement: the last record of each item, then the greatest rank and id. */
  private static RowData expected(List<Said> records) {
    Map<Long, Said> last = new HashMap<>();
    for (Said said : records) {
      last.merge(said.id(), said, (a, b) -> a.version() > b.version() ? a : b);
    }
    long version = last.values().stream().mapToLong(Said::version).max().orElseThrow();
    StringData item =
        last.values().stream()
            .filter(said -> said.rank() != null)
            .max(Comparator.comparing(Said::rank).thenComparing(Said::id))
            .map(Said::text)
            .orElse(null);
    return GenericRowData.of(version, item);
  }

  @Property(seed = "20260617", tries = 300)
  void showsTheLatestOfWhatIsThereNowInAnyOrderAndWithRepeats(
      @ForAll("histories") @Size(min = 1, max = 12) List<Said> records, @ForAll Random random)
      throws Exception {
    RowData expected = expected(records);
    List<Said> arrived = new ArrayList<>(records);
    arrived.addAll(records.subList(0, records.size() / 2));
    Collections.shuffle(arrived, random);
    assertThat(result(arrived)).isEqualTo(expected);

    LatestItem.State whole = latest.createAccumulator();
    LatestItem.State part = latest.createAccumulator();
    for (Said said : arrived) {
      latest.accumulate(
          random.nextBoolean() ? whole : part, said.id(), said.version(), said.rank(), said.text());
    }
    latest.merge(whole, List.of(part));
    assertThat(latest.getValue(whole)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Said>> histories() {
    return Combinators.combine(
            Arbitraries.longs().between(1998, 2001),
            Arbitraries.longs().between(-50, 50),
            Arbitraries.integers().between(1, 3).injectNull(0.3))
        .as(Said::new)
        .list()
        .uniqueElements(Said::version)
        .ofMinSize(1);
  }

  @Test
  void recordsWithoutIdOrVersionSayNothing() throws Exception {
    LatestItem.State state = latest.createAccumulator();
    latest.accumulate(state, null, 1L, 1, StringData.fromString("a"));
    latest.accumulate(state, 1L, null, 1, StringData.fromString("a"));
    assertThat(latest.getValue(state)).isNull();
  }

  @Test
  void takesBackWhatIsRetractedUnlessANewerRecordCame() throws Exception {
    LatestItem.State state = latest.createAccumulator();
    latest.accumulate(state, 1L, 5L, 1, StringData.fromString("one"));
    latest.accumulate(state, 2L, 6L, 2, StringData.fromString("two"));
    latest.retract(state, 2L, 6L, 2, StringData.fromString("two"));
    assertThat(latest.getValue(state))
        .isEqualTo(GenericRowData.of(5L, StringData.fromString("one")));
    latest.accumulate(state, 1L, 7L, 1, StringData.fromString("newer"));
    latest.retract(state, 1L, 5L, 1, StringData.fromString("one"));
    assertThat(latest.getValue(state))
        .isEqualTo(GenericRowData.of(7L, StringData.fromString("newer")));
  }
}
