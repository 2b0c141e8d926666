package io.tidelake.streaming.reread;

import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What the source database itself is asked; nothing is written. */
final class SourceDatabase implements AutoCloseable {

  private static final int TIMEOUT_SECONDS = 30;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final Connection connection;
  private final String database;

  /**
   * @param config names the database
   * @param database the name of what is captured
   * @throws LakeException when it is not configured or does not answer
   */
  SourceDatabase(LakeConfig config, String database) {
    LakeConfig.Database address = config.source().database();
    if (address == null || address.url() == null) {
      throw new LakeException(
          "SOURCE_DATABASE_UNKNOWN",
          "The configuration does not say where the source database is.",
          "Set `source: database:` with url, user and password; the user of change capture will do.");
    }
    this.database = database;
    try {
      connection = DriverManager.getConnection(address.url(), address.user(), address.password());
    } catch (SQLException e) {
      throw failed("cannot be reached at " + address.url(), e);
    }
  }

  private static LakeException failed(String what, SQLException cause) {
    return new LakeException(
        "SOURCE_DATABASE_UNAVAILABLE",
        "The source database " + what + ": " + cause.getMessage(),
        "Check `source: database:` in the configuration, and that the server answers.",
        cause);
  }

  /**
   * Waits for the end of the second in which its clock is; its log knows nothing finer.
   *
   * @return the last microsecond of that second, in microseconds since 1970
   */
  long endOfSecond() throws InterruptedException {
    long end = nowMicros() / MICROS_PER_SECOND * MICROS_PER_SECOND + MICROS_PER_SECOND - 1;
    for (long now = nowMicros(); now <= end; now = nowMicros()) {
      Thread.sleep(Duration.ofMillis((end - now) / 1000 + 1).toMillis());
    }
    return end;
  }

  private long nowMicros() {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      try (ResultSet row = statement.executeQuery("SELECT UNIX_TIMESTAMP(NOW(6))")) {
        row.next();
        return row.getBigDecimal(1).movePointRight(6).longValue();
      }
    } catch (SQLException e) {
      throw failed("does not tell the time", e);
    }
  }

  /**
   * About how many rows a table has, as the server's statistics say; -1 when they do not.
   *
   * @throws LakeException when there is no such table
   */
  long aboutRows(String table) {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT table_rows FROM information_schema.tables"
                + " WHERE table_schema = ? AND table_name = ?")) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      statement.setString(1, database);
      statement.setString(2, table);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new LakeException(
              "SOURCE_TABLE_MISSING",
              "The source database " + database + " has no table " + table + ".",
              "Create it there, or take its file out of streaming-writers/sources.");
        }
        long rows = row.getLong(1);
        return row.wasNull() ? -1 : rows;
      }
    } catch (SQLException e) {
      throw failed("does not tell its tables", e);
    }
  }

  /**
   * Checks a condition, which change capture would stumble over.
   *
   * @throws LakeException when the source does not understand it
   */
  void check(String table, String where) {
    String sql =
        "EXPLAIN SELECT 1 FROM `%s`.`%s` WHERE (%s)"
            .formatted(database, table.replace("`", "``"), where);
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
      statement.executeQuery(sql).close();
    } catch (SQLException e) {
      throw new LakeException(
          "CONDITION_INVALID",
          "The source does not understand the condition `" + where + "`: " + e.getMessage(),
          "Write it as in a WHERE of the source, for example --where \"order_date = '2026-06-17'\".",
          e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing of it is needed any more.
    }
  }
}
