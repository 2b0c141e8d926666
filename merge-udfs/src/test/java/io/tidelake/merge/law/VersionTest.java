/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.merge.function.version.DescribeVersion;
import io.tidelake.merge.function.version.RealtimeVersion;
import io.tidelake.merge.law.Version.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class VersionTest {

  private static final long LAST_MICROS = 7258118399999999L;

  @Property(seed = "20260617")
  void encodingIsReversible(
      @ForAll @LongRange(max = LAST_MICROS) long micros, @ForAll @IntRange(max = 255) int slot) {
    assertDecodes(Version.snapshot(micros, slot), Origin.SNAPSHOT, micros, slot);
    assertDecodes(Version.realTime(micros, slot), Origin.REAL_TIME, micros, slot);
    assertDecodes(Version.correction(micros, slot), Origin.CORRECTION, micros, slot);
  }

  @Property(seed = "20260617")
  void realTimeBeatsEverySnapshot(
      @ForAll @LongRange(max = LAST_MICROS) long eventTime,
      @ForAll @IntRange(max = 767) int sequence,
      @ForAll @LongRange(max = LAST_MICROS) long asOf,
      @ForAll @IntRange(max = 255) int attempt) {
    assertThat(Version.realTime(eventTime, sequence))
        .isGreaterThan(Version.snapshot(asOf, attempt));
  }

  @Property(seed = "20260617")
  void correctionBeatsRealTimeUpToItsAsOfOnly(
      @ForAll @LongRange(max = LAST_MICROS) long eventTime,
      @ForAll @IntRange(max = 767) int sequence,
      @ForAll @LongRange(max = LAST_MICROS) long asOf,
      @ForAll @IntRange(max = 255) int attempt) {
    long correction = Version.correction(asOf, attempt);
    assertThat(correction > Version.realTime(eventTime, sequence)).isEqualTo(eventTime <= asOf);
    assertThat(correction).isGreaterThan(Version.snapshot(eventTime, attempt));
  }

  @Property(seed = "20260617")
  void timeThenSlotOrderEachOrigin(
      @ForAll @LongRange(max = LAST_MICROS) long firstMicros,
      @ForAll @IntRange(max = 255) int firstSlot,
      @ForAll @LongRange(max = LAST_MICROS) long secondMicros,
      @ForAll @IntRange(max = 255) int secondSlot) {
    int expected =
        firstMicros == secondMicros
            ? Integer.compare(firstSlot, secondSlot)
            : Long.compare(firstMicros, secondMicros);
    assertThat(
            Long.compare(
                Version.snapshot(firstMicros, firstSlot),
                Version.snapshot(secondMicros, secondSlot)))
        .isEqualTo(expected);
    assertThat(
            Long.compare(
                Version.realTime(firstMicros, firstSlot),
                Version.realTime(secondMicros, secondSlot)))
        .isEqualTo(expected);
    assertThat(
            Long.compare(
                Version.correction(firstMicros, firstSlot),
                Version.correction(secondMicros, secondSlot)))
        .isEqualTo(expected);
  }

  /** A value of one of the three origins; the law keeps one of two. */
  private record Stamp(Origin origin, long micros, int slot) {

    long version() {
      return switch (origin) {
        case SNAPSHOT -> Version.snapshot(micros, slot);
        case REAL_TIME -> Version.realTime(micros, slot);
        case CORRECTION -> Version.correction(micros, slot);
      };
    }

    static Stamp merge(Stamp one, Stamp other) {
      return one.version() >= other.version() ? one : other;
    }
  }

  @Property(seed = "20260617")
  void mergeIsCommutativeAssociativeAndIdempotent(
      @ForAll("stamps") Stamp a, @ForAll("stamps") Stamp b, @ForAll("stamps") Stamp c) {
    assertThat(Stamp.merge(a, b)).isEqualTo(Stamp.merge(b, a));
    assertThat(Stamp.merge(Stamp.merge(a, b), c)).isEqualTo(Stamp.merge(a, Stamp.merge(b, c)));
    assertThat(Stamp.merge(a, a)).isEqualTo(a);
    assertThat(Stamp.merge(Stamp.merge(a, b), b)).isEqualTo(Stamp.merge(a, b));
  }

  @Property(seed = "20260617")
  void orderIsTotal(@ForAll("stamps") Stamp a, @ForAll("stamps") Stamp b) {
    assertThat(a.version() == b.version()).isEqualTo(a.equals(b));
  }

  /** Few times and slots, so that the origins meet, and the ends of the ranges. */
  @Provide
  Arbitrary<Stamp> stamps() {
    return Combinators.combine(
            Arbitraries.of(Origin.class),
            Arbitraries.of(0L, 1L, 2L, 1_781_773_953_123_456L, LAST_MICROS - 1, LAST_MICROS),
            Arbitraries.of(0, 1, 255))
        .as(Stamp::new);
  }

  @Test
  void readsLikeText() {
    long micros =
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-06-18T09:12:33.123456Z"));
    assertThat(Version.describe(Version.realTime(micros, 0)))
        .isEqualTo("real-time 2026-06-18T09:12:33.123456Z");
    assertThat(Version.describe(Version.correction(micros, 3)))
        .isEqualTo("correction 2026-06-18T09:12:33.123456Z #3");
    assertThat(Version.describe(Version.snapshot(0, 0))).isEqualTo("snapshot 1970-01-01T00:00:00Z");
  }

  @Test
  void refusesWhatItCannotEncode() {
    assertThatThrownBy(() -> Version.realTime(LAST_MICROS + 1, 0))
        .hasMessageContaining("1970 to 2199")
        .hasMessageContaining("7258118400000000");
    assertThatThrownBy(() -> Version.realTime(-1, 0)).hasMessageContaining("-1 microseconds");
    assertThatThrownBy(() -> Version.realTime(0, 768)).hasMessageContaining("0 to 767");
    assertThatThrownBy(() -> Version.correction(0, 256)).hasMessageContaining("0 to 255");
    assertThatThrownBy(() -> Version.snapshot(0, -1)).hasMessageContaining("got -1");
  }

  /** Commit times as a log has them: whole seconds, some before those that came earlier. */
  @Property(seed = "20260617")
  void changesOfALogAreOrderedAsItHasThemAndNeverBelowTheirCommitTime(
      @ForAll @Size(min = 2, max = 2000)
          List<@LongRange(min = 1_781_773_953L, max = 1_781_773_956L) Long> seconds) {
    long previous = Version.realTime(seconds.get(0) * 1_000_000, 0);
    for (long second : seconds.subList(1, seconds.size())) {
      long version = Version.inLog(second * 1_000_000, previous);
      assertThat(version)
          .isGreaterThan(previous)
          .isGreaterThanOrEqualTo(Version.realTime(second * 1_000_000, 0));
      assertThat(Version.origin(version)).isEqualTo(Origin.REAL_TIME);
      previous = version;
    }
  }

  @Test
  void aLogGoesOnInTheNextMicrosecondWhenOneIsFull() {
    long last = Version.realTime(7, Version.MAX_SEQUENCE);
    assertThat(Version.inLog(3, last)).isEqualTo(Version.realTime(8, 0));
    assertThat(Version.inLog(7, Version.realTime(7, 0))).isEqualTo(Version.realTime(7, 1));
    assertThat(Version.inLog(9, last)).isEqualTo(Version.realTime(9, 0));
  }

  @Test
  void functionsPassNullOn() {
    assertThat(new RealtimeVersion().eval(null, 1)).isNull();
    assertThat(new RealtimeVersion().eval(TimestampData.fromEpochMillis(0), null))
        .isEqualTo(Version.realTime(0, 0));
    assertThat(new DescribeVersion().eval(null)).isNull();
  }

  private static void assertDecodes(long version, Origin origin, long micros, int slot) {
    assertThat(Version.origin(version)).isEqualTo(origin);
    assertThat(Version.micros(version)).isEqualTo(micros);
    assertThat(Version.slot(version)).isEqualTo(slot);
  }
}
