/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

/**
 * Something about the source database that change capture, or the lake, must live with or cannot.
 *
 * @param severity how bad it is
 * @param code what kind it is
 * @param table the table of the database; empty when it is about the whole database
 * @param message what was found, with the values
 * @param whatToDo what to write or type; empty when nothing needs to be done. Several lines where
 *     files are to be changed
 */
public record SourceFinding(
    Severity severity, Code code, String table, String message, String whatToDo) {

  /** How bad a finding is. */
  public enum Severity {
    /** Changes are lost, or read wrongly, or not at all. */
    ERROR,
    /** Some changes are lost or read wrongly, now or some day. */
    WARNING,
    /** Nothing is lost; somebody may want to know. */
    NOTE
  }

  /** What kind a finding is of. */
  public enum Code {
    /** The database writes no log. */
    LOG_OFF(true),
    /** The log has statements instead of rows. */
    LOG_FORMAT(true),
    /** The log has parts of rows. */
    LOG_ROW_IMAGE(true),
    /** The log does not name columns. */
    LOG_ROW_METADATA(true),
    /** The log has parts of JSON values. */
    LOG_PARTIAL_JSON(true),
    /** Positions in the log are not unique inside a transaction. */
    LOG_POSITIONS(true),
    /** The log leaves the captured database out. */
    LOG_FILTER(true),
    /** The log is kept for too short. */
    LOG_EXPIRY(true),
    /** Users can write rows that are not logged. */
    LOG_AVOIDABLE(false),
    /** The capture user lacks a privilege. */
    GRANT_MISSING(true),
    /** A table without a primary key. */
    KEY_MISSING(true),
    /** The key of the source file is not that of the database. */
    KEY_DIFFERS(true),
    /** A type whose mere existence in the database ends change capture. */
    TYPE_STOPS_CAPTURE(true),
    /** A table that no source file names. */
    TABLE_NOT_CAPTURED(false),
    /** Tables that an online schema change works with. */
    SHADOW_TABLES(false),
    /** A source file whose table does not exist. */
    TABLE_MISSING(false),
    /** A table whose topic is not called as the table. */
    TABLE_NAME(false),
    /** A column that the source file lacks. */
    COLUMN_NEW(false),
    /** A column of the source file that the database lacks. */
    COLUMN_MISSING(false),
    /** One column lost and one of the same type gained. */
    COLUMN_RENAMED(false),
    /** A type of the source file that reads no value, or reads values wrongly. */
    TYPE_UNREADABLE(false),
    /** A type of the source file that cannot hold every value. */
    TYPE_NARROW(false),
    /** How values of an unusual type arrive. */
    TYPE_ARRIVES(false),
    /** A table whose columns change capture takes for others than they are. */
    COLUMNS_MISREAD(false),
    /** Foreign keys whose actions are not logged. */
    CASCADE(false),
    /** An engine that changes rows without logging them. */
    ENGINE(false),
    /** Partitions can be dropped without logging their rows. */
    PARTITIONED(false),
    /** Local times of the source are read in another zone. */
    TIME_ZONE(false);

    private final boolean ofCapture;

    Code(boolean ofCapture) {
      this.ofCapture = ofCapture;
    }
  }

  /** Whether change capture must not start with it. */
  public boolean refusesCapture() {
    return severity == Severity.ERROR && code.ofCapture;
  }

  /** The finding in one line, without what to do. */
  public String line() {
    return "%s %s%s: %s".formatted(severity, code, table.isEmpty() ? "" : " " + table, message);
  }
}
