package io.tidelake.merge;

import java.time.Instant;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code REALTIME_VERSION(event_time[, sequence])}: the {@link Version} of a real-time
 * record. NULL when the event time is NULL, which leaves the column group alone.
 */
public final class RealtimeVersion extends ScalarFunction {

  /**
   * @param eventTime when the event happened, precise to the microsecond
   */
  public @DataTypeHint("BIGINT") Long eval(@DataTypeHint("TIMESTAMP_LTZ(6)") Instant eventTime) {
    return eval(eventTime, 0);
  }

  /**
   * @param eventTime when the event happened, precise to the microsecond
   * @param sequence order among events of one microsecond; NULL counts as 0
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint("TIMESTAMP_LTZ(6)") Instant eventTime, Integer sequence) {
    return eventTime == null
        ? null
        : Version.realTime(Version.toMicros(eventTime), sequence == null ? 0 : sequence);
  }
}
