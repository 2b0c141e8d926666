/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import io.tidelake.tables.model.SqlName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the user of change capture may do: its own privileges, those of its active roles, and those
 * of everybody.
 */
final class Grants {

  private static final String NAME = "`(?:[^`]|``)*`";
  private static final Pattern LINE =
      Pattern.compile(
          "(GRANT|REVOKE) (.+?) ON (?:TABLE )?(\\*|%s)\\.(\\*|%s) (?:TO|FROM) .*"
              .formatted(NAME, NAME));
  // Columns in parentheses belong to the privilege before them.
  private static final Pattern PRIVILEGE = Pattern.compile("([^,(]+)(\\([^)]*\\))?(?:,|$)");
  private static final Pattern LIKE = Pattern.compile("\\\\(.)|%|_|[^\\\\%_]+");
  private static final String ALL = "ALL PRIVILEGES";

  /**
   * A line of SHOW GRANTS.
   *
   * @param isGrant false for what is taken out of a global grant
   * @param privileges on whole tables, in capital letters
   * @param database matches the names of its databases; NULL for all
   * @param table its table; NULL for all
   */
  record Grant(boolean isGrant, Set<String> privileges, Pattern database, String table) {

    boolean isGlobal() {
      return database == null && table == null;
    }

    boolean names(Set<String> wanted) {
      return privileges.contains(ALL) || privileges.stream().anyMatch(wanted::contains);
    }

    boolean covers(String databaseName, String tableName) {
      return (database == null || database.matcher(databaseName).matches())
          && (table == null || table.equals(tableName));
    }
  }

  private final List<Grant> grants;

  private Grants(List<Grant> grants) {
    this.grants = grants;
  }

  /** Those of the connected user. */
  static Grants of(SourceDatabase database) throws SQLException {
    String roles = "";
    if (!database.isMariaDb()) {
      // MariaDB expands active roles by itself.
      String active = database.query("SELECT CURRENT_ROLE()", row -> row.getString(1)).get(0);
      roles = active == null || active.equals("NONE") ? "" : " USING " + active;
    }
    String sql = roles.isEmpty() ? "SHOW GRANTS" : "SHOW GRANTS FOR CURRENT_USER()" + roles;
    return of(database.query(sql, row -> row.getString(1)));
  }

  /** Those of the lines of SHOW GRANTS. */
  static Grants of(List<String> lines) {
    return new Grants(lines.stream().flatMap(line -> parse(line).stream()).toList());
  }

  /** Whether one of some privileges is held on everything, which a database's grant is not. */
  boolean hasGlobal(String... anyOf) {
    Set<String> wanted = Set.of(anyOf);
    return grants.stream()
        .anyMatch(grant -> grant.isGrant() && grant.isGlobal() && grant.names(wanted));
  }

  /** Whether a privilege is held on a whole table. */
  boolean has(String privilege, String database, String table) {
    Set<String> wanted = Set.of(privilege);
    boolean isTakenOut =
        grants.stream()
            .anyMatch(
                grant -> !grant.isGrant() && grant.names(wanted) && grant.covers(database, table));
    return grants.stream()
        .filter(grant -> grant.isGrant() && grant.names(wanted) && grant.covers(database, table))
        .anyMatch(grant -> !isTakenOut || !grant.isGlobal());
  }

  /**
   * What lacks for change capture.
   *
   * @param tables the captured tables
   */
  List<SourceFinding> findings(SourceDatabase database, List<String> tables) {
    List<SourceFinding> findings = new ArrayList<>();
    String monitor = database.isMariaDb() ? "BINLOG MONITOR" : "REPLICATION CLIENT";
    if (!hasGlobal("REPLICATION SLAVE")) {
      findings.add(missing("REPLICATION SLAVE", "*.*", "the log cannot be read"));
    }
    if (!hasGlobal(monitor, "REPLICATION CLIENT", "SUPER")) {
      findings.add(missing(monitor, "*.*", "the place in the log cannot be asked for"));
    }
    if (!hasGlobal("RELOAD", "FLUSH_TABLES")) {
      findings.add(missing("RELOAD", "*.*", "the rows that are there cannot be read consistently"));
    }
    String all = SqlName.quoted(database.name()) + ".*";
    List<String> locked =
        tables.stream().filter(table -> !has("LOCK TABLES", database.name(), table)).toList();
    if (!locked.isEmpty()) {
      findings.add(
          new SourceFinding(
              Severity.WARNING,
              Code.GRANT_MISSING,
              "",
              "the capture user may not LOCK TABLES, which reading the rows that are there needs where the server refuses a global lock",
              grant("LOCK TABLES", all)));
    }
    List<String> unread =
        tables.stream().filter(table -> !has("SELECT", database.name(), table)).toList();
    if (unread.size() == tables.size() && !tables.isEmpty()) {
      findings.add(missing("SELECT", all, "no captured table can be read"));
    } else {
      for (String table : unread) {
        findings.add(
            new SourceFinding(
                Severity.ERROR,
                Code.GRANT_MISSING,
                table,
                "the capture user may not SELECT from it",
                grant("SELECT", SqlName.quoted(database.name()) + "." + SqlName.quoted(table))));
      }
    }
    return findings;
  }

  private static SourceFinding missing(String privilege, String on, String consequence) {
    return new SourceFinding(
        Severity.ERROR,
        Code.GRANT_MISSING,
        "",
        "the capture user lacks %s ON %s: %s".formatted(privilege, on, consequence),
        grant(privilege, on));
  }

  private static String grant(String privilege, String on) {
    return "GRANT %s ON %s TO the capture user".formatted(privilege, on);
  }

  /** Empty for a line that grants a role, or something on a procedure. */
  private static Optional<Grant> parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Set<String> privileges =
        PRIVILEGE
            .matcher(parts.group(2))
            .results()
            .filter(privilege -> privilege.group(2) == null)
            .map(privilege -> privilege.group(1).trim().toUpperCase(Locale.ROOT))
            .map(privilege -> privilege.equals("ALL") ? ALL : privilege)
            .collect(Collectors.toUnmodifiableSet());
    boolean isWholeDatabase = parts.group(4).equals("*");
    Pattern database =
        parts.group(3).equals("*") ? null : pattern(unquoted(parts.group(3)), isWholeDatabase);
    return Optional.of(
        new Grant(
            parts.group(1).equals("GRANT"),
            privileges,
            database,
            isWholeDatabase ? null : unquoted(parts.group(4))));
  }

  private static String unquoted(String name) {
    return name.substring(1, name.length() - 1).replace("``", "`");
  }

  /** A grant on a whole database names it as LIKE does. */
  private static Pattern pattern(String name, boolean isLike) {
    if (!isLike) {
      return Pattern.compile(Pattern.quote(name));
    }
    String regex =
        LIKE.matcher(name)
            .replaceAll(
                part ->
                    Matcher.quoteReplacement(
                        switch (part.group()) {
                          case "%" -> ".*";
                          case "_" -> ".";
                          default ->
                              Pattern.quote(part.group(1) == null ? part.group() : part.group(1));
                        }));
    return Pattern.compile(regex);
  }
}
