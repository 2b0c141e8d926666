/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.tables.schema.SqlScript;
import java.util.List;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * SQL files that are a query: views, if it needs any, and one SELECT at their end. Snapshots that
 * are queries are written so, and so are mappings.
 */
public final class SelectScript {

  private SelectScript() {}

  /**
   * Makes the views of a file known to a session.
   *
   * @return the rows of its last statement
   * @throws RuntimeException when a statement does not fit the session, or there is none
   */
  public static Table rows(SqlScript script, StreamTableEnvironment session) {
    List<String> statements = script.statements();
    int last = statements.size() - 1;
    statements.subList(0, last).forEach(session::executeSql);
    return session.sqlQuery(statements.get(last));
  }
}
