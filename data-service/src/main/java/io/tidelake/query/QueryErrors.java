/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;

/** What is said in the same words, whoever answers. */
public final class QueryErrors {

  private QueryErrors() {}

  /**
   * A query that somebody has cancelled.
   *
   * @param cause may be NULL
   */
  public static LakeException cancelled(String message, Throwable cause) {
    return new LakeException(
        ErrorCode.QUERY_CANCELLED, message, "Run it again when you want it after all.", cause);
  }

  /** A query that its limit of time has ended. */
  public static LakeException tooLong(String message, Throwable cause) {
    return new LakeException(
        ErrorCode.QUERY_TOO_LONG,
        message,
        "Give it more time (--timeout), or let it read less: a condition on dt reads only those"
            + " days.",
        cause);
  }

  /**
   * A query with a name that is not there.
   *
   * @param hint more of what to do; may be empty
   */
  public static LakeException nameUnknown(String message, String hint, Throwable cause) {
    return new LakeException(
        ErrorCode.QUERY_NAME_UNKNOWN,
        message,
        "`lake query \"SHOW TABLES\"` and `lake query \"DESCRIBE table\"` show the names there are."
            + hint,
        cause);
  }
}
