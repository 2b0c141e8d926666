/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code VERSION_ORIGIN(version)}: {@code snapshot}, {@code real-time} or {@code
 * correction}. NULL for NULL.
 */
public final class VersionOrigin extends ScalarFunction {

  /**
   * @param version any version column
   */
  public String eval(Long version) {
    return version == null ? null : Version.origin(version).toString();
  }
}
