package io.tidelake.merge;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code EVENT_VERSION(event_time, event_id, row_version, is_deleted)}: the {@link
 * Version#event} of what a row says of an event, for a column group that keeps the latest of
 * several events. NULL when the time is NULL; the other arguments have to be NOT NULL, since a row
 * that does not tell them would be passed over.
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
      long eventId,
      long rowVersion,
      boolean deleted) {
    return eventTime == null
        ? null
        : Version.event(VersionOfTime.micros(eventTime), eventId, rowVersion, deleted);
  }
}
