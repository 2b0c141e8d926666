/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

/**
 * SQL aggregate {@code LATEST_NON_NULL(value, version)}: the value with the greatest {@link
 * Version} among those that are not NULL. Records without a version do not take part. It retracts
 * as {@link Latest} does.
 */
public final class LatestNonNull extends LatestAggregate {

  @Override
  boolean takes(Object value) {
    return value != null;
  }
}
