package io.tidelake.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.merge.Version.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;

class VersionTest {

  private static final long LAST_MICROS = 7258118399999999L;

  @Property
  void encodingIsReversible(
      @ForAll @LongRange(max = LAST_MICROS) long micros, @ForAll @IntRange(max = 255) int slot) {
    assertDecodes(Version.snapshot(micros, slot), Origin.SNAPSHOT, micros, slot);
    assertDecodes(Version.realTime(micros, slot), Origin.REAL_TIME, micros, slot);
    assertDecodes(Version.correction(micros, slot), Origin.CORRECTION, micros, slot);
  }

  @Property
  void realTimeBeatsEverySnapshot(
      @ForAll @LongRange(max = LAST_MICROS) long eventTime,
      @ForAll @IntRange(max = 767) int sequence,
      @ForAll @LongRange(max = LAST_MICROS) long asOf,
      @ForAll @IntRange(max = 255) int attempt) {
    assertThat(Version.realTime(eventTime, sequence))
        .isGreaterThan(Version.snapshot(asOf, attempt));
  }

  @Property
  void correctionBeatsRealTimeUpToItsAsOfOnly(
      @ForAll @LongRange(max = LAST_MICROS) long eventTime,
      @ForAll @IntRange(max = 767) int sequence,
      @ForAll @LongRange(max = LAST_MICROS) long asOf,
      @ForAll @IntRange(max = 255) int attempt) {
    long correction = Version.correction(asOf, attempt);
    assertThat(correction > Version.realTime(eventTime, sequence)).isEqualTo(eventTime <= asOf);
    assertThat(correction).isGreaterThan(Version.snapshot(eventTime, attempt));
  }

  @Property
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

  @Property
  void mergeIsCommutativeAssociativeAndIdempotent(
      @ForAll("stamps") Stamp a, @ForAll("stamps") Stamp b, @ForAll("stamps") Stamp c) {
    assertThat(Stamp.merge(a, b)).isEqualTo(Stamp.merge(b, a));
    assertThat(Stamp.merge(Stamp.merge(a, b), c)).isEqualTo(Stamp.merge(a, Stamp.merge(b, c)));
    assertThat(Stamp.merge(a, a)).isEqualTo(a);
    assertThat(Stamp.merge(Stamp.merge(a, b), b)).isEqualTo(Stamp.merge(a, b));
  }

  @Property
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

  /** What a row says of an event. */
  private record Told(long micros, long id, Stamp row, boolean deleted) {

    long version() {
      return Version.event(micros, id, row.version(), deleted);
    }
  }

  @Property
  void eventsAreOrderedByTheirTimeThenById(@ForAll("told") Told one, @ForAll("told") Told other) {
    Comparator<Told> laterEvent =
        Comparator.comparingLong((Told told) -> told.micros() / 1000).thenComparingLong(Told::id);
    Assume.that(laterEvent.compare(one, other) != 0);
    assertThat(Long.compare(one.version(), other.version()))
        .isEqualTo(laterEvent.compare(one, other));
  }

  @Property
  void rowsOfOneEventAreOrderedByOriginAndAttemptThenByDeletion(
      @ForAll("told") Told event, @ForAll("told") Told again) {
    Told other = new Told(event.micros(), event.id(), again.row(), again.deleted());
    Comparator<Told> stronger =
        Comparator.comparing((Told told) -> told.row().origin())
            // Real time has no attempts; those that cannot be told apart share a rank.
            .thenComparingInt(
                told ->
                    told.row().origin() == Origin.REAL_TIME
                        ? 0
                        : Math.min(
                            told.row().slot(), told.row().origin() == Origin.SNAPSHOT ? 127 : 254))
            .thenComparing(Told::deleted);
    assertThat(Long.compare(event.version(), other.version()))
        .isEqualTo(Integer.signum(stronger.compare(event, other)));
  }

  @Property
  void anEventIsRealTimeThatLosesToCorrectionsFromItsTimeOn(
      @ForAll("told") Told event, @ForAll @IntRange(max = 255) int attempt) {
    assertThat(Version.origin(event.version())).isEqualTo(Origin.REAL_TIME);
    assertThat(event.version()).isLessThan(Version.correction(event.micros(), attempt));
    long millis = event.micros() / 1000;
    if (millis > 0) {
      assertThat(event.version()).isGreaterThan(Version.correction((millis - 1) * 1000, attempt));
    }
  }

  /**
   * Events of few times, some of them in one millisecond, with ids of which the last three digits
   * differ.
   */
  @Provide
  Arbitrary<Told> told() {
    return Combinators.combine(
            Arbitraries.of(2_000L, 2_001L, 2_999L, 3_000L, 1_781_773_953_123_456L, LAST_MICROS),
            Arbitraries.longs().between(7_000, 7_999),
            stamps(),
            Arbitraries.of(false, true))
        .as(Told::new);
  }

  @Test
  void rowsOfOneEventAreOrderedUpToTheLastAttemptThatHasARank() {
    List<Long> rows =
        List.of(
            Version.snapshot(9, 0),
            Version.snapshot(5, 1),
            Version.snapshot(8, 126),
            Version.snapshot(7, 127),
            Version.realTime(3, 700),
            Version.correction(9, 0),
            Version.correction(1, 253),
            Version.correction(1, 254));
    assertThat(
            rows.stream()
                .flatMap(
                    row ->
                        Stream.of(
                            Version.event(5_000, 1, row, false),
                            Version.event(5_000, 1, row, true))))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(Version.event(5_000, 1, Version.snapshot(1, 255), false))
        .isEqualTo(Version.event(5_000, 1, Version.snapshot(1, 127), false));
    assertThat(Version.event(5_000, 1, Version.correction(1, 255), false))
        .isEqualTo(Version.event(5_000, 1, Version.correction(1, 254), false));
  }

  @Test
  void theFirstEventsAndAnyIdHaveVersions() {
    assertThat(Version.micros(Version.event(0, 7, Version.snapshot(0, 0), false))).isZero();
    assertThat(Version.micros(Version.event(2_500, -1, Version.snapshot(0, 0), false)))
        .isEqualTo(2_000);
    assertThat(Version.slot(Version.event(0, 0, Version.correction(0, 255), true)))
        .isEqualTo(Version.MAX_SEQUENCE);
    assertThatThrownBy(() -> Version.event(LAST_MICROS + 1, 0, 0, false))
        .hasMessageContaining("7258118400000000");
  }

  @Test
  void functionsPassNullOn() {
    TimestampData time = TimestampData.fromEpochMillis(5);
    assertThat(new EventVersion().eval(null, 1, 1, false)).isNull();
    assertThat(new EventVersion().eval(time, 1, 1, true))
        .isEqualTo(Version.event(5_000, 1, 1, true));
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
