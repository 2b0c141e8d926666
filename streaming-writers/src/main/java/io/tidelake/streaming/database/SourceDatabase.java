/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.database;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.tables.model.SqlName;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The source database, asked as the user of change capture. */
public final class SourceDatabase implements AutoCloseable {

  private static final String CONNECT_TIMEOUT_MILLIS = "5000";
  private static final String ANSWER_TIMEOUT_MILLIS = "30000";
  private static final long CLOCK_POLL_MILLIS = 50;

  /** Both servers' codes of a missing privilege; what lacks, the check of its grants says. */
  private static final List<Integer> DENIED = List.of(1142, 1227);

  /** What reads a row of an answer. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final String name;
  private final boolean isMariaDb;

  private SourceDatabase(Connection connection) throws SQLException {
    this.connection = connection;
    this.name = connection.getCatalog();
    // As the server would say it to anybody: names in backticks, times as its own zone has them.
    execute("SET SESSION sql_mode = '', time_zone = @@GLOBAL.time_zone");
    this.isMariaDb =
        query("SELECT VERSION()", row -> row.getString(1))
            .get(0)
            .toLowerCase(Locale.ROOT)
            .contains("mariadb");
  }

  /**
   * Connects.
   *
   * @throws LakeException when no database is configured, or it does not answer
   */
  public static SourceDatabase connect(LakeConfig config) {
    SourceConfig.Database configured = config.source().database();
    if (configured == null || configured.url() == null) {
      throw new LakeException(
          ErrorCode.SOURCE_DATABASE_UNKNOWN,
          "The configuration does not say where the source database is.",
          "Set source: database: {url: jdbc:mariadb://host:3306/logistics, user: …, password: …} in"
              + " lake.yaml (MySQL too), with the user of change capture; or start the local"
              + " stack: lake up.");
    }
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("socketTimeout", ANSWER_TIMEOUT_MILLIS);
    if (configured.user() != null) {
      properties.setProperty("user", configured.user());
    }
    if (configured.password() != null) {
      properties.setProperty("password", configured.password());
    }
    SourceDatabase database;
    try {
      database = new SourceDatabase(DriverManager.getConnection(configured.url(), properties));
    } catch (SQLException e) {
      throw unreachable(e);
    }
    if (database.name == null || database.name.isEmpty()) {
      database.close();
      throw new LakeException(
          ErrorCode.SOURCE_DATABASE_UNKNOWN,
          "The address of the source database names no database.",
          "Let source: database: url: end with its name, as jdbc:mariadb://host:3306/logistics.");
    }
    return database;
  }

  /** The error of a database that does not answer. */
  public static LakeException unreachable(SQLException cause) {
    return new LakeException(
        ErrorCode.SOURCE_DATABASE_UNREACHABLE,
        "The source database does not answer: " + LakeException.rootMessage(cause),
        "Check source: database: of the configuration: an address as"
            + " jdbc:mariadb://host:3306/logistics (for MySQL too), user and password.",
        cause);
  }

  /** The name of the captured database. */
  public String name() {
    return name;
  }

  /** Whether it is MariaDB; else it is MySQL. */
  public boolean isMariaDb() {
    return isMariaDb;
  }

  /** Its tables and views by name. */
  public Map<String, DatabaseTable> tables() throws SQLException {
    Map<String, Map<String, DatabaseColumn>> columns = new LinkedHashMap<>();
    query(
        """
        SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH,
          COALESCE(NUMERIC_PRECISION, DATETIME_PRECISION), NUMERIC_SCALE, CHARACTER_SET_NAME,
          COLUMN_KEY, COLUMN_COMMENT
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION
        """,
        row ->
            columns
                .computeIfAbsent(row.getString(1), table -> new LinkedHashMap<>())
                .put(
                    row.getString(2),
                    new DatabaseColumn(
                        row.getString(2),
                        row.getString(3).toLowerCase(Locale.ROOT),
                        row.getString(4).toLowerCase(Locale.ROOT),
                        row.getLong(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getString(8),
                        "PRI".equals(row.getString(9)),
                        row.getString(10))),
        name);
    Map<String, DatabaseTable> tables = new LinkedHashMap<>();
    query(
        """
        SELECT TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, ''), COALESCE(CREATE_OPTIONS, '')
        FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = ? AND TABLE_TYPE <> 'SEQUENCE' ORDER BY TABLE_NAME
        """,
        row ->
            tables.put(
                row.getString(1),
                new DatabaseTable(
                    row.getString(1),
                    row.getString(2).contains("VIEW"),
                    row.getString(3),
                    row.getString(4).contains("partitioned"),
                    columns.getOrDefault(row.getString(1), Map.of()))),
        name);
    return tables;
  }

  /** The statement that makes a table. */
  public String definition(String table) throws SQLException {
    return query(
            "SHOW CREATE TABLE %s.%s".formatted(SqlName.quoted(name), SqlName.quoted(table)),
            row -> row.getString(2))
        .get(0);
  }

  /**
   * Waits for the end of the second in which its clock is; its log knows nothing finer.
   *
   * @return the last microsecond of that second, in microseconds since 1970
   * @throws LakeException when it does not answer
   */
  public long awaitEndOfSecond() throws InterruptedException {
    long second = epochSecond();
    while (epochSecond() == second) {
      Thread.sleep(CLOCK_POLL_MILLIS);
    }
    return TimeUnit.SECONDS.toMicros(second + 1) - 1;
  }

  private long epochSecond() {
    try {
      return query("SELECT UNIX_TIMESTAMP()", row -> row.getLong(1)).get(0);
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  /**
   * The row that says where its log is, and what it has.
   *
   * @return empty when the user may not ask for it, or the log is off
   */
  public <T> Optional<T> logStatus(RowReader<T> reader) throws SQLException {
    SQLException notKnown = null;
    // MySQL 8.4 knows it by the second name only.
    for (String question : List.of("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS")) {
      try {
        return query(question, reader).stream().findFirst();
      } catch (SQLException e) {
        if (DENIED.contains(e.getErrorCode())) {
          return Optional.empty();
        }
        notKnown = e;
      }
    }
    throw notKnown;
  }

  /** Where its log ends now; empty when the user may not ask for it. */
  public Optional<LogPlace> logPlace() {
    try {
      return logStatus(row -> new LogPlace(row.getString("File"), row.getLong("Position")));
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  /**
   * About how many rows a table has, as the server's statistics say; empty when they do not.
   *
   * @throws LakeException when there is no such table, or the database does not answer
   */
  public OptionalLong aboutRows(String table) {
    try {
      return query(
              "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
              row -> {
                long rows = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(rows);
              },
              name,
              table)
          .stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new LakeException(
                      ErrorCode.SOURCE_TABLE_MISSING,
                      "The source database " + name + " has no table " + table + ".",
                      "Create it there, or take its file out of the sources of the project."));
    } catch (SQLException e) {
      throw unreachable(e);
    }
  }

  /**
   * Checks a condition, over which change capture would stumble.
   *
   * @throws LakeException when the database does not understand it
   */
  public void requireCondition(String table, String where) {
    try {
      query(
          "EXPLAIN SELECT 1 FROM %s.%s WHERE (%s)"
              .formatted(SqlName.quoted(name), SqlName.quoted(table), where),
          row -> true);
    } catch (SQLException e) {
      throw new LakeException(
          ErrorCode.CONDITION_INVALID,
          "The source does not understand the condition `" + where + "`: " + e.getMessage(),
          "Write it as in a WHERE of the source, for example --where \"order_date = '2026-06-17'\".",
          e);
    }
  }

  /** All rows of an answer. */
  public <T> List<T> query(String sql, RowReader<T> reader, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet answer = statement.executeQuery()) {
        while (answer.next()) {
          rows.add(reader.read(answer));
        }
      }
      return rows;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written.
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
