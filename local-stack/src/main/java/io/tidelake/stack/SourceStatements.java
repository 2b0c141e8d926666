/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.TextFile;
import io.tidelake.tables.model.SqlName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A project's statements for the database of the local stack. */
public final class SourceStatements {

  private SourceStatements() {}

  /**
   * Runs the statements of a file, one after the other.
   *
   * @param jdbcUrl the database server, which must allow several statements at once
   * @param database in which they run; made when it is missing
   * @throws LakeException when the file cannot be read, or the server refuses a statement; those
   *     before it have been run
   */
  public static void run(String jdbcUrl, String database, Path file) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE IF NOT EXISTS %s CHARACTER SET utf8mb4"
              .formatted(SqlName.quoted(database)));
      connection.setCatalog(database);
      statement.execute(TextFile.read(file));
      // Each result that is asked for tells whether its statement failed.
      while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
        continue;
      }
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.SQL_FILE_UNREADABLE,
          "Cannot read the SQL file " + file + ".",
          "`source: local-stack:` in lake.yaml names it.",
          e);
    } catch (SQLException e) {
      throw new LakeException(
          ErrorCode.SOURCE_STATEMENT_REFUSED,
          "The local stack's database refuses a statement of " + file + ": " + e.getMessage(),
          "Mend the statement; those before it have been run.",
          e);
    }
  }
}
