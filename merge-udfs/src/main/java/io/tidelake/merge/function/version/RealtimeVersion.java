/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;

/**
 * SQL function {@code REALTIME_VERSION(event_time[, sequence])}: the {@link Version} of a real-time
 * record; the sequence, 0 to {@link Version#MAX_SEQUENCE}, orders records of one microsecond.
 */
public final class RealtimeVersion extends VersionOfTime {

  @Override
  long version(long eventTimeMicros, int sequence) {
    return Version.realTime(eventTimeMicros, sequence);
  }
}
