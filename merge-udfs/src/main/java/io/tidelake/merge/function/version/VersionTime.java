/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code VERSION_TIME(version)}: the event time or as-of of a {@link Version}, precise
 * to the microsecond. NULL for NULL.
 */
public final class VersionTime extends ScalarFunction {

  /**
   * @param version any version column
   */
  public @DataTypeHint("TIMESTAMP_LTZ(6)") Instant eval(Long version) {
    return version == null ? null : Instant.EPOCH.plus(Version.micros(version), ChronoUnit.MICROS);
  }
}
