/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import io.tidelake.merge.law.Version;
import org.apache.flink.table.functions.ScalarFunction;

/**
 * SQL function {@code DESCRIBE_VERSION(version)}: a {@link Version} as a person reads it. NULL for
 * NULL.
 */
public final class DescribeVersion extends ScalarFunction {

  /**
   * @param version any version column
   */
  public String eval(Long version) {
    return version == null ? null : Version.describe(version);
  }
}
