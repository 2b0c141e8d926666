/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.flink;

import io.tidelake.tables.model.OpenDays;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code IS_OPEN_DAY(dt)}: whether a pipeline has to maintain a day, a text {@code
 * yyyy-MM-dd}. A stream maintains {@linkplain OpenDays open days}, by the clock at the moment of
 * the record. A batch query maintains all days: it is how closed days are recomputed with the same
 * text. NULL for NULL in both, so that a WHERE drops the same rows.
 */
public final class IsOpenDay extends ScalarFunction {

  private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

  /** NULL in batch. */
  private final OpenDays openDays;

  private transient long minute;
  private transient String firstOpenDay;

  private IsOpenDay(OpenDays openDays) {
    this.openDays = openDays;
  }

  static IsOpenDay ofStream(OpenDays openDays) {
    return new IsOpenDay(openDays);
  }

  static IsOpenDay ofBatch() {
    return new IsOpenDay(null);
  }

  /**
   * @param dt the day of the row that is written, {@code yyyy-MM-dd}
   */
  public Boolean eval(String dt) {
    if (dt == null) {
      return null;
    }
    return openDays == null || dt.compareTo(firstOpenDay(System.currentTimeMillis())) >= 0;
  }

  /** Asked for each record, and looked up once a minute: in every zone days begin with a minute. */
  private String firstOpenDay(long millis) {
    long now = Math.floorDiv(millis, MINUTE_MILLIS);
    if (firstOpenDay == null || now != minute) {
      firstOpenDay = openDays.firstAt(Instant.ofEpochMilli(millis));
      minute = now;
    }
    return firstOpenDay;
  }

  /** A stream outlives the day on which it was planned: the planner must not evaluate it. */
  @Override
  public boolean isDeterministic() {
    return openDays == null;
  }
}
