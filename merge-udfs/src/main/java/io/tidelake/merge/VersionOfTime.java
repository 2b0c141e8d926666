package io.tidelake.merge;

import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * What the SQL functions share that make a {@link Version} of a time: NULL when the time is NULL,
 * which leaves the column group alone.
 */
public abstract class VersionOfTime extends ScalarFunction {

  /**
   * @param time event time or as-of, precise to the microsecond, from 1970 to 2199
   */
  public @DataTypeHint("BIGINT") Long eval(@DataTypeHint("TIMESTAMP_LTZ(6)") Instant time) {
    return eval(time, 0);
  }

  /**
   * @param time event time or as-of, precise to the microsecond, from 1970 to 2199
   * @param slot sequence of a real-time record, attempt of any other; NULL counts as 0
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint("TIMESTAMP_LTZ(6)") Instant time, Integer slot) {
    return time == null ? null : version(Version.toMicros(time), slot == null ? 0 : slot);
  }

  /** The version of a time in microseconds since 1970. */
  abstract long version(long micros, int slot);
}
