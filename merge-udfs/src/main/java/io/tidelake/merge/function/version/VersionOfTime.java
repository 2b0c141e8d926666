/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * What the SQL functions share that make a {@link Version} of a time: NULL when the time is NULL,
 * which leaves the column group alone. They take Flink's own {@link TimestampData}, because a
 * conversion to {@link java.time.Instant} would make an object for each row.
 */
public abstract class VersionOfTime extends ScalarFunction {

  private static final int NANOS_PER_MICRO = 1000;

  /**
   * @param time event time or as-of, precise to the microsecond, from 1970 to 2199
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint(value = "TIMESTAMP_LTZ(6)", bridgedTo = TimestampData.class)
          TimestampData time) {
    return eval(time, 0);
  }

  /**
   * @param time event time or as-of, precise to the microsecond, from 1970 to 2199
   * @param slot sequence of a real-time record, attempt of any other; NULL counts as 0
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint(value = "TIMESTAMP_LTZ(6)", bridgedTo = TimestampData.class) TimestampData time,
      Integer slot) {
    return time == null ? null : version(micros(time), slot == null ? 0 : slot);
  }

  /** A time in microseconds since 1970. */
  static long micros(TimestampData time) {
    return time.getMillisecond() * Version.MICROS_PER_MILLI
        + time.getNanoOfMillisecond() / NANOS_PER_MICRO;
  }

  /** The version of a time in microseconds since 1970. */
  abstract long version(long micros, int slot);
}
