/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import org.apache.flink.table.functions.ScalarFunction;

/**
 * Counts rejected rows and fails the job when there are too many; else always TRUE. A condition,
 * not a value: the planner may compute a value once for each of its uses.
 */
public final class RejectLimit extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private final int limit;
  private int count;

  /**
   * @param limit rejects that each parallel task lets pass; 0 for none
   */
  public RejectLimit(int limit) {
    this.limit = limit;
  }

  /** How the error of too many rejects begins; the reason of the last one follows. */
  static String tooMany(int limit) {
    return "More than " + limit + " rejected rows, the last: ";
  }

  /**
   * Counts a row.
   *
   * @param reason why it is rejected; NULL when it is not
   */
  public boolean eval(String reason) {
    if (reason != null && ++count > limit) {
      throw new IllegalStateException(tooMany(limit) + reason);
    }
    return true;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
