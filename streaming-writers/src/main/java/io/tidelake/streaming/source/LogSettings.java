/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Whether the database's log holds what change capture needs, for long enough. */
final class LogSettings {

  private static final Duration LEAST_EXPIRY = Duration.ofDays(3);

  private final SourceDatabase database;
  private final Map<String, String> variables;
  private final List<SourceFinding> findings = new ArrayList<>();

  private LogSettings(SourceDatabase database) throws SQLException {
    this.database = database;
    this.variables = new TreeMap<>();
    database.query(
        """
        SHOW GLOBAL VARIABLES WHERE Variable_name LIKE '%binlog%' OR Variable_name LIKE '%expire_logs%'
          OR Variable_name IN ('log_bin', 'lower_case_table_names')
        """,
        row -> variables.put(row.getString(1), row.getString(2)));
  }

  /** What is wrong with the log now. */
  static List<SourceFinding> findings(SourceDatabase database) throws SQLException {
    LogSettings settings = new LogSettings(database);
    settings.checkContent();
    if (settings.findings.stream().noneMatch(finding -> finding.code() == Code.LOG_OFF)) {
      settings.checkFilters();
      settings.checkExpiry();
    }
    return settings.findings;
  }

  /** Who can leave the log out, by name. */
  static List<SourceFinding> avoiders(SourceDatabase database) throws SQLException {
    // A user who may not read other users' privileges sees only their own.
    List<String> users =
        database
            .query(
                """
                SELECT DISTINCT GRANTEE FROM information_schema.USER_PRIVILEGES
                WHERE PRIVILEGE_TYPE IN
                  ('SUPER', 'BINLOG ADMIN', 'BINLOG_ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'SESSION_VARIABLES_ADMIN')
                ORDER BY GRANTEE
                """,
                row -> row.getString(1))
            .stream()
            .filter(user -> !user.matches("'(root|mysql\\..*|mariadb\\.sys)'@.*"))
            .toList();
    return users.isEmpty()
        ? List.of()
        : List.of(
            new SourceFinding(
                Severity.NOTE,
                Code.LOG_AVOIDABLE,
                "",
                "sessions of %s can write without the log (SET sql_log_bin = 0), or statements or parts of rows into it (binlog_format, binlog_row_image); such changes are not captured"
                    .formatted(String.join(", ", users)),
                database.isMariaDb()
                    ? "Take it from users who need no such thing: REVOKE BINLOG ADMIN, SUPER ON *.* FROM …"
                    : "Take it from users who need no such thing: REVOKE SUPER, BINLOG_ADMIN, SYSTEM_VARIABLES_ADMIN, SESSION_VARIABLES_ADMIN ON *.* FROM …"));
  }

  private void checkContent() {
    if (!is("log_bin", "ON")) {
      add(
          Severity.ERROR,
          Code.LOG_OFF,
          "the database writes no log (log_bin is OFF): there are no changes to capture",
          "Start the server with log_bin, binlog_format=ROW, binlog_row_image=FULL and a server_id.");
      return;
    }
    require(
        Severity.ERROR,
        Code.LOG_FORMAT,
        "binlog_format",
        value -> value.equals("ROW"),
        "ROW",
        "changes that are logged as statements are not captured, without a word");
    require(
        Severity.ERROR,
        Code.LOG_ROW_IMAGE,
        "binlog_row_image",
        value -> value.equals("FULL"),
        "FULL",
        "the log has parts of rows, at the first of which change capture stops for good");
    require(
        Severity.NOTE,
        Code.LOG_ROW_METADATA,
        "binlog_row_metadata",
        value -> value.equals("FULL"),
        "FULL",
        "the log does not name columns; who reads it by hand misses them");
    require(
        Severity.ERROR,
        Code.LOG_PARTIAL_JSON,
        "binlog_row_value_options",
        value -> !value.contains("PARTIAL_JSON"),
        "''",
        "updates of JSON values are logged in part, and cannot be read");
    require(
        Severity.ERROR,
        Code.LOG_POSITIONS,
        "binlog_legacy_event_pos",
        value -> value.equals("ON") || value.equals("1"),
        "1",
        "positions inside a transaction are not unique, and change capture cannot go on in the middle of one");
  }

  private void checkFilters() throws SQLException {
    Optional<String[]> filter =
        database.logStatus(
            row ->
                new String[] {
                  String.valueOf(row.getString("Binlog_Do_DB")),
                  String.valueOf(row.getString("Binlog_Ignore_DB"))
                });
    if (filter.isEmpty()) {
      return;
    }
    String only = filter.get()[0];
    String without = filter.get()[1];
    if (only.isEmpty() ? names(without) : !names(only)) {
      add(
          Severity.ERROR,
          Code.LOG_FILTER,
          only.isEmpty()
              ? "the log leaves the database %s out (binlog_ignore_db = %s)"
                  .formatted(database.name(), without)
              : "the log has the databases %s only (binlog_do_db), not %s"
                  .formatted(only, database.name()),
          "Start the server without binlog_do_db and binlog_ignore_db, or with "
              + database.name()
              + " among the logged databases.");
    }
  }

  private boolean names(String databases) {
    boolean anyCase = !"0".equals(variables.getOrDefault("lower_case_table_names", "0"));
    return Arrays.stream(databases.split(","))
        .map(String::trim)
        .anyMatch(
            name ->
                anyCase ? name.equalsIgnoreCase(database.name()) : name.equals(database.name()));
  }

  private void checkExpiry() {
    String seconds = variables.get("binlog_expire_logs_seconds");
    String days = variables.get("expire_logs_days");
    boolean bySeconds = seconds != null;
    double kept =
        bySeconds
            ? Double.parseDouble(seconds)
            : Double.parseDouble(days == null ? "0" : days) * Duration.ofDays(1).toSeconds();
    if (kept > 0
        && kept < LEAST_EXPIRY.toSeconds()
        && !is("binlog_expire_logs_auto_purge", "OFF")) {
      add(
          Severity.WARNING,
          Code.LOG_EXPIRY,
          "the log is kept for %.1f hours; when change capture is away for longer, changes are lost and all tables must be read again"
              .formatted(kept / Duration.ofHours(1).toSeconds()),
          bySeconds
              ? "SET GLOBAL binlog_expire_logs_seconds = " + Duration.ofDays(7).toSeconds()
              : "SET GLOBAL expire_logs_days = 7");
    }
    String bytes = variables.getOrDefault("max_binlog_total_size", "0");
    if (!bytes.equals("0")) {
      add(
          Severity.NOTE,
          Code.LOG_EXPIRY,
          "the log is kept up to %s bytes (max_binlog_total_size); when change capture is away while more are written, changes are lost"
              .formatted(bytes),
          "");
    }
  }

  private void require(
      Severity severity,
      Code code,
      String variable,
      Predicate<String> isRight,
      String right,
      String consequence) {
    String value = variables.get(variable);
    if (value != null && !isRight.test(value.toUpperCase(Locale.ROOT))) {
      add(
          severity,
          code,
          "%s is %s: %s".formatted(variable, value, consequence),
          "SET GLOBAL %s = %s, and in the server's configuration; sessions that are open keep the old value until they connect again"
              .formatted(variable, right));
    }
  }

  private boolean is(String variable, String value) {
    return value.equalsIgnoreCase(variables.get(variable));
  }

  private void add(Severity severity, Code code, String message, String whatToDo) {
    findings.add(new SourceFinding(severity, code, "", message, whatToDo));
  }
}
