package io.tidelake.merge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The merge law: one number that orders every value a column group can have. The group keeps the
 * value with the greatest version, so its content does not depend on the order of arrival.
 *
 * <p>The order:
 *
 * <ul>
 *   <li>a <em>snapshot</em> is below every real-time record; a later as-of beats an earlier one;
 *   <li>a <em>real-time</em> record is ordered by its event time, then by its sequence;
 *   <li>a <em>correction</em> beats every snapshot and every real-time record with an event time up
 *       to its as-of, and loses to later ones;
 *   <li>among snapshots, and among corrections, of one as-of the greater attempt wins.
 * </ul>
 *
 * <p>The encoding: microseconds since 1970 (53 bits) shifted by 10 bits, which hold the slot inside
 * the microsecond. Slots 0 to 767 are the sequences of real-time records, 768 to 1023 the attempts
 * 0 to 255 of corrections. Snapshots use the same scale moved to the negative half of the BIGINT,
 * with their attempt as the slot. So comparing versions is comparing numbers, which every engine
 * does natively.
 */
public final class Version {

  /** Where a value came from. */
  public enum Origin {
    SNAPSHOT("snapshot"),
    REAL_TIME("real-time"),
    CORRECTION("correction");

    private final String label;

    Origin(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** Latest time that a version can carry (exclusive): 2200-01-01T00:00:00Z. */
  public static final Instant END_OF_TIME = Instant.parse("2200-01-01T00:00:00Z");

  /** Greatest sequence of a real-time record. */
  public static final int MAX_SEQUENCE = 767;

  /** Greatest attempt of a snapshot or a correction. */
  public static final int MAX_ATTEMPT = 255;

  private static final int SLOT_BITS = 10;
  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int FIRST_CORRECTION_SLOT = MAX_SEQUENCE + 1;
  static final int MICROS_PER_MILLI = 1000;
  private static final int REAL_TIME_RANK = 128;

  /** Twice as much, and one, is still a sequence. */
  private static final int MAX_RANK = (MAX_SEQUENCE - 1) / 2;

  private static final long END_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, END_OF_TIME);

  private Version() {}

  /**
   * The version of a real-time record.
   *
   * @param eventTimeMicros event time in microseconds since 1970, before {@link #END_OF_TIME}
   * @param sequence order among records of one microsecond, 0 to {@link #MAX_SEQUENCE}
   * @throws IllegalArgumentException when one of them is out of range
   */
  public static long realTime(long eventTimeMicros, int sequence) {
    return at(eventTimeMicros, checkRange("sequence", sequence, MAX_SEQUENCE));
  }

  /**
   * The version of a value from an offline snapshot.
   *
   * @param asOfMicros the instant the snapshot describes, in microseconds since 1970
   * @param attempt which run over this as-of wrote the value, 0 to {@link #MAX_ATTEMPT}
   * @throws IllegalArgumentException when one of them is out of range
   */
  public static long snapshot(long asOfMicros, int attempt) {
    return Long.MIN_VALUE + at(asOfMicros, checkRange("attempt", attempt, MAX_ATTEMPT));
  }

  /**
   * The version of a correction of everything up to an instant.
   *
   * @param asOfMicros the instant up to which the correction holds, in microseconds since 1970
   * @param attempt which run over this as-of wrote the value, 0 to {@link #MAX_ATTEMPT}
   * @throws IllegalArgumentException when one of them is out of range
   */
  public static long correction(long asOfMicros, int attempt) {
    return at(asOfMicros, FIRST_CORRECTION_SLOT + checkRange("attempt", attempt, MAX_ATTEMPT));
  }

  /**
   * The version of what a row says of an event, for a group that several events set and that keeps
   * the latest: a real-time version that orders events by their time to the millisecond, and those
   * of one millisecond by their id. What several rows say of one event, as when a backfill, its
   * undo and real time tell of it, is ordered by their origins and attempts, whatever their times;
   * of rows that rank the same, the one that says that there was no such event wins.
   *
   * <p>The id stands in the microseconds, modulo 1000. So events of one millisecond whose ids are a
   * multiple of 1000 apart are not told from each other: the rank of their rows decides. Of the
   * attempts, snapshots beyond 127 and corrections beyond 254 share a rank.
   *
   * @param eventTimeMicros event time in microseconds since 1970, before {@link #END_OF_TIME}
   * @param eventId any number
   * @param rowVersion the version of the row
   * @param deleted whether the row says that there was no such event
   * @throws IllegalArgumentException when the time is out of range
   */
  public static long event(long eventTimeMicros, long eventId, long rowVersion, boolean deleted) {
    long millis = checkTime(eventTimeMicros) / MICROS_PER_MILLI;
    // Never later than the event, so that a correction of everything up to its time beats it.
    long micros = (millis - 1) * MICROS_PER_MILLI + 1 + Math.floorMod(eventId, MICROS_PER_MILLI);
    return realTime(Math.max(0, micros), 2 * rank(rowVersion) + (deleted ? 1 : 0));
  }

  private static int rank(long version) {
    return switch (origin(version)) {
      case SNAPSHOT -> Math.min(slot(version), REAL_TIME_RANK - 1);
      case REAL_TIME -> REAL_TIME_RANK;
      case CORRECTION -> Math.min(REAL_TIME_RANK + 1 + slot(version), MAX_RANK);
    };
  }

  /** Where the value with this version came from. */
  public static Origin origin(long version) {
    if (version < 0) {
      return Origin.SNAPSHOT;
    }
    return (version & SLOT_MASK) < FIRST_CORRECTION_SLOT ? Origin.REAL_TIME : Origin.CORRECTION;
  }

  /** The event time or as-of of a version, in microseconds since 1970. */
  public static long micros(long version) {
    return (version & Long.MAX_VALUE) >>> SLOT_BITS;
  }

  /** The sequence of a real-time version, the attempt of any other. */
  public static int slot(long version) {
    int slot = (int) (version & SLOT_MASK);
    return origin(version) == Origin.CORRECTION ? slot - FIRST_CORRECTION_SLOT : slot;
  }

  /**
   * A version as a person reads it: {@code real-time 2026-06-18T09:12:33.123456Z}, followed by
   * {@code #n} when the sequence or attempt is not 0.
   */
  public static String describe(long version) {
    int slot = slot(version);
    return origin(version)
        + " "
        + Instant.EPOCH.plus(micros(version), ChronoUnit.MICROS)
        + (slot == 0 ? "" : " #" + slot);
  }

  private static long at(long micros, int slot) {
    return checkTime(micros) << SLOT_BITS | slot;
  }

  private static long checkTime(long micros) {
    if (micros < 0 || micros >= END_MICROS) {
      throw new IllegalArgumentException(
          "A version needs a time from 1970 to 2199, but got "
              + micros
              + " microseconds since 1970. Check the unit of the time and the clock of its source.");
    }
    return micros;
  }

  private static int checkRange(String what, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(
          "The " + what + " of a version goes from 0 to " + max + ", but got " + value + ".");
    }
    return value;
  }
}
