package io.tidelake.merge;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code EVENT_VERSION(event_time, event_id, row_version, is_deleted)}: the {@link
 * Version#event} of what a row says of an event, for a column group that keeps the latest of
 * several events. NULL when one of the arguments is NULL.
 */
public final class EventVersion extends ScalarFunction {

  /**
   * @param eventTime when the event happened, precise to the microsecond, from 1970 to 2199
   * @param eventId which event it is
   * @param rowVersion the version of the row that says so
   * @param deleted whether the row says that there was no such event
   */
  public @DataTypeHint("BIGINT") Long eval(
      @DataTypeHint(value = "TIMESTAMP_LTZ(6)", bridgedTo = TimestampData.class)
          TimestampData eventTime,
      Long eventId,
      Long rowVersion,
      Boolean deleted) {
    return eventTime == null || eventId == null || rowVersion == null || deleted == null
        ? null
        : Version.event(VersionOfTime.micros(eventTime), eventId, rowVersion, deleted);
  }
}
