/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.law;

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
 *   <li>a <em>real-time</em> record is ordered by the log of its source ({@link #inLog}): by commit
 *       time, then by its sequence;
 *   <li>a <em>correction</em> beats every snapshot and every real-time record that was committed up
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
  public static final int MICROS_PER_MILLI = 1000;

  private static final long END_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, END_OF_TIME);

  /** Latest time that a version can carry, in microseconds since 1970. */
  public static final long MAX_MICROS = END_MICROS - 1;

  private Version() {}

  /**
   * The version of a real-time record.
   *
   * @param micros when the source committed it, in microseconds since 1970, before {@link
   *     #END_OF_TIME}
   * @param sequence order among records of one microsecond, 0 to {@link #MAX_SEQUENCE}
   * @throws IllegalArgumentException when one of them is out of range
   */
  public static long realTime(long micros, int sequence) {
    return at(micros, checkRange("sequence", sequence, MAX_SEQUENCE));
  }

  /**
   * The version of a change in a log, of which the changes before it are known: a logical clock,
   * never below the commit time of the change and always above the version before it. Commit times
   * of logs are coarse, and those of transactions that waited for locks are earlier than those
   * before them.
   *
   * @param committedMicros when the source committed the change, in microseconds since 1970, before
   *     {@link #END_OF_TIME}
   * @param previous the version of the change before it in the log
   * @throws IllegalArgumentException when the time, or the end of the clock, is out of range
   */
  public static long inLog(long committedMicros, long previous) {
    long committed = realTime(committedMicros, 0);
    if (committed > previous) {
      return committed;
    }
    return slot(previous) < MAX_SEQUENCE ? previous + 1 : realTime(micros(previous) + 1, 0);
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

  /** Where the value with this version came from. */
  public static Origin origin(long version) {
    if (version < 0) {
      return Origin.SNAPSHOT;
    }
    return (version & SLOT_MASK) < FIRST_CORRECTION_SLOT ? Origin.REAL_TIME : Origin.CORRECTION;
  }

  /** The commit time or as-of of a version, in microseconds since 1970. */
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
