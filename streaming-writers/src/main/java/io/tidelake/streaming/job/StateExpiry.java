/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.pipeline.Pipeline;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.table.api.config.ExecutionConfigOptions;

/**
 * When state of a job ends that nobody will read any more: that of closed days, whose rows the
 * pipelines do not take ({@code IS_OPEN_DAY}).
 *
 * <p>State of an open day never expires. An entry is written when or after its day begins, since a
 * row comes when something has happened, and expires {@code open-days + 2} days after it was
 * written last. Its day closes {@code open-days + 1} days after it began; the day between is for
 * clocks and for time zones of sources that are ahead of the business. A job that starts without
 * state writes all entries anew, later than they were written first.
 *
 * <p>A row whose day lies further ahead than that is a mistake of its source. Its entry may be gone
 * while its day is open, and results of that day then miss it until the day closes and batch
 * computes it from ODS.
 */
final class StateExpiry {

  private static final int DAYS_AFTER_OPEN_DAYS = 2;

  private StateExpiry() {}

  /**
   * The option of Flink that has state expire; none for a job that does not leave closed days. What
   * the configuration says of this option counts more.
   */
  static Map<String, String> options(LakeConfig config, JobConfig job) {
    if (job.pipelines().stream()
        .noneMatch(pipeline -> Pipeline.read(config, pipeline).leavesClosedDays())) {
      return Map.of();
    }
    Duration expiry = Duration.ofDays((long) config.openDays() + DAYS_AFTER_OPEN_DAYS);
    return Map.of(ExecutionConfigOptions.IDLE_STATE_RETENTION.key(), expiry.toDays() + " d");
  }
}
