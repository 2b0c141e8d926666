/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

/**
 * SQL aggregate {@code LATEST(value, version)}: the value with the greatest {@code Version}, which
 * is NULL when that record's value is. Records without a version do not take part. It retracts:
 * when the record is taken back, as that of a cancelled or re-assigned order, the one before it
 * shows.
 */
public final class Latest extends LatestAggregate {

  @Override
  boolean takes(Object value) {
    return true;
  }
}
