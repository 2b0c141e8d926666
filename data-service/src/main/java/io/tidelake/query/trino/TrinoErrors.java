/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.trino;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryErrors;
import java.io.IOException;
import java.sql.SQLException;

/** Says what an error of Trino's driver means for the one who asked. */
final class TrinoErrors {

  // Trino's StandardErrorCode; the numbers are part of its protocol.
  private static final int SYNTAX_ERROR = 1;
  private static final int USER_CANCELED = 3;
  private static final int PERMISSION_DENIED = 4;
  private static final int SCHEMA_NOT_FOUND = 45;
  private static final int TABLE_NOT_FOUND = 46;
  private static final int COLUMN_NOT_FOUND = 47;
  private static final int SERVER_STARTING_UP = 0x0001_000c;
  private static final int RESOURCES = 0x0002_0000;
  private static final int QUERY_QUEUE_FULL = RESOURCES + 2;
  private static final int EXCEEDED_TIME_LIMIT = RESOURCES + 3;
  private static final int EXTERNAL = 0x0100_0000;

  private TrinoErrors() {}

  static LakeException explain(SQLException error, TrinoAddress address) {
    String message = error.getMessage();
    int code = error.getErrorCode();
    if (code == 0) {
      return unreached(error, address);
    }
    return switch (code) {
      case SYNTAX_ERROR ->
          failed(ErrorCode.QUERY_SYNTAX, message, "Correct the statement at that place.", error);
      case USER_CANCELED -> QueryErrors.cancelled(message, error);
      case PERMISSION_DENIED ->
          failed(
              ErrorCode.QUERY_NOT_ALLOWED,
              message + " (user " + address.user() + ")",
              "Ask as another user (--user), or have the rules changed: conf/trino/access-control.json"
                  + " for the local stack.",
              error);
      case SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, COLUMN_NOT_FOUND ->
          QueryErrors.nameUnknown(
              message, " A table is there when the publisher has published it.", error);
      case SERVER_STARTING_UP ->
          failed(ErrorCode.TRINO_STARTING, message, "Run it again in a few seconds.", error);
      case QUERY_QUEUE_FULL ->
          failed(
              ErrorCode.QUERY_QUEUE_FULL,
              message,
              "Wait until your other queries have ended; conf/trino/resource-groups.json has the"
                  + " limits of the local stack.",
              error);
      case EXCEEDED_TIME_LIMIT -> QueryErrors.tooLong(message, error);
      default ->
          code >= RESOURCES && code < EXTERNAL
              ? failed(
                  ErrorCode.QUERY_TOO_LARGE,
                  message,
                  "Let it read less, for example by a condition on dt; conf/trino/config.properties has"
                      + " the limits of the local stack.",
                  error)
              : failed(
                  ErrorCode.QUERY_FAILED,
                  message,
                  "Look at " + address.server() + "/ui for more.",
                  error);
    };
  }

  /** Errors that come from no query: the connection, or who the user is. */
  private static LakeException unreached(SQLException error, TrinoAddress address) {
    if (String.valueOf(error.getMessage()).contains("uthentication")) {
      return failed(
          ErrorCode.TRINO_CREDENTIALS_REFUSED,
          "Trino at "
              + address.server()
              + " refused the user "
              + address.user()
              + (address.password().isPresent() ? " with this password" : " without a password")
              + ": "
              + error.getMessage(),
          "Check --user, and the password in the environment variable LAKE_TRINO_PASSWORD.",
          error);
    }
    if (causedBy(error, IOException.class)) {
      return failed(
          ErrorCode.TRINO_UNREACHABLE,
          "Trino at "
              + address.server()
              + " does not answer: "
              + LakeException.rootMessage(error)
              + ".",
          "`lake status` shows where the local stack's Trino is; `lake up` or `lake trino` starts it."
              + " Another one is named with --server.",
          error);
    }
    return failed(
        ErrorCode.QUERY_FAILED,
        String.valueOf(error.getMessage()),
        "When Trino was started again meanwhile, run the query again.",
        error);
  }

  private static boolean causedBy(Throwable error, Class<? extends Throwable> kind) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static LakeException failed(
      ErrorCode code, String message, String remedy, Throwable cause) {
    return new LakeException(code, message, remedy, cause);
  }
}
