/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

/** Names in SQL. */
public final class SqlName {

  private SqlName() {}

  /**
   * A name in the quotes of Flink, MySQL and MariaDB, so that it may be a keyword or hold any
   * character.
   */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
