/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.SourceConfig;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.CaptureTopics;
import io.tidelake.streaming.capture.CapturedColumn;
import io.tidelake.streaming.capture.CapturedColumns;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.database.DatabaseTable;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds tables whose columns change capture takes for others than they are: then values arrive in
 * the wrong columns, or as other values, without a word. It happens by statements that change
 * nothing at the source, as {@code ADD COLUMN IF NOT EXISTS} of a column that is there, which
 * Debezium takes for a change.
 */
final class MisreadColumns {

  /** The place of capture is written down every second, and moves at the latest with a beat. */
  private static final Duration COMES_WITHIN = Duration.ofSeconds(10);

  private static final long LOOK_EVERY_MILLIS = 500;

  /** A statement can be in the log shortly before the database shows what it has changed. */
  private static final long SHOWS_WITHIN_MILLIS = 3_000;

  /**
   * Types whose bytes are read in their own way, by all their names; of others none is taken for
   * these.
   */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("BOOL", "tinyint"),
          Map.entry("BOOLEAN", "tinyint"),
          Map.entry("TINYINT", "tinyint"),
          Map.entry("INT1", "tinyint"),
          Map.entry("SMALLINT", "smallint"),
          Map.entry("INT2", "smallint"),
          Map.entry("MEDIUMINT", "mediumint"),
          Map.entry("MIDDLEINT", "mediumint"),
          Map.entry("INT3", "mediumint"),
          Map.entry("INT", "int"),
          Map.entry("INTEGER", "int"),
          Map.entry("INT4", "int"),
          Map.entry("BIGINT", "bigint"),
          Map.entry("INT8", "bigint"),
          Map.entry("DATE", "date"),
          Map.entry("TIME", "time"),
          Map.entry("DATETIME", "datetime"),
          Map.entry("TIMESTAMP", "timestamp"),
          Map.entry("YEAR", "year"),
          Map.entry("ENUM", "enum"),
          Map.entry("SET", "set"));

  private final SourceConfig source;
  private final List<SourceFile> files;

  MisreadColumns(LakeConfig config, List<SourceFile> files) {
    this.source = config.source();
    this.files = files;
  }

  /**
   * Compares what capture has from the log up to now. Nothing is found while capture does not run
   * or is far behind: others tell that.
   *
   * @param tables of the database, as they are
   */
  List<SourceFinding> findings(SourceDatabase database, Map<String, DatabaseTable> tables)
      throws SQLException {
    if (source.connector() == null || source.connector().isEmpty() || files.isEmpty()) {
      return List.of();
    }
    CaptureConnector capture = new CaptureConnector(source.connector());
    try {
      if (!capture.isRunning() || compare(database, tables).isEmpty()) {
        return List.of();
      }
      // Capture may not have come to the statement that made the table what it is.
      if (!cameTo(database.logPlace(), capture)) {
        return List.of();
      }
      List<SourceFinding> findings = compare(database, tables);
      Thread.sleep(SHOWS_WITHIN_MILLIS);
      return unchanged(findings, tables, database.tables());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (IOException | LakeException e) {
      // Kafka or the connector is away, which is told by those who cannot do without.
      return List.of();
    }
  }

  private static boolean cameTo(Optional<LogPlace> place, CaptureConnector capture)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(COMES_WITHIN);
    while (place.isPresent() && Instant.now().isBefore(deadline)) {
      if (capture.hasComeTo(place.get())) {
        return true;
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
    return false;
  }

  /** Without tables that have been changed meanwhile. */
  private static List<SourceFinding> unchanged(
      List<SourceFinding> findings,
      Map<String, DatabaseTable> before,
      Map<String, DatabaseTable> now) {
    return findings.stream()
        .filter(finding -> before.get(finding.table()).equals(now.get(finding.table())))
        .toList();
  }

  private List<SourceFinding> compare(SourceDatabase database, Map<String, DatabaseTable> tables) {
    Map<String, List<CapturedColumn>> captured =
        CapturedColumns.read(CaptureTopics.of(source), database.name(), files.get(0).kafka());
    List<SourceFinding> findings = new ArrayList<>();
    for (String name : files.stream().map(SourceFile::table).distinct().toList()) {
      if (captured.containsKey(name) && tables.containsKey(name)) {
        difference(captured.get(name), List.copyOf(tables.get(name).columns().values()))
            .ifPresent(
                difference ->
                    findings.add(
                        new SourceFinding(
                            Severity.ERROR,
                            Code.COLUMNS_MISREAD,
                            name,
                            "change capture takes its columns for others than they are, and values arrive wrongly: "
                                + difference,
                            "`lake sources reread --all` has capture read the tables' columns, go on from now, and read all tables again.")));
      }
    }
    return findings;
  }

  /** The first difference by which values are read wrongly. */
  private static Optional<String> difference(
      List<CapturedColumn> captured, List<DatabaseColumn> columns) {
    Iterator<CapturedColumn> taken = captured.iterator();
    int number = 0;
    for (DatabaseColumn column : columns) {
      number++;
      if (!taken.hasNext()) {
        return Optional.of("it does not know %s".formatted(column.name()));
      }
      CapturedColumn other = taken.next();
      if (!other.name().equalsIgnoreCase(column.name())) {
        return Optional.of(
            "column %d is %s, capture takes it for %s"
                .formatted(number, column.name(), other.name()));
      }
      Optional<String> difference = difference(column, other);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return taken.hasNext()
        ? Optional.of("it takes a column %s to be there".formatted(taken.next().name()))
        : Optional.empty();
  }

  private static Optional<String> difference(DatabaseColumn column, CapturedColumn captured) {
    String type = TYPES.get(captured.type().split(" ")[0]);
    if (type != null && !type.equals(column.type())) {
      return difference(column, column.type(), type);
    }
    if (type != null && type.endsWith("int") && captured.isUnsigned() != column.isUnsigned()) {
      return difference(column, sign(column.isUnsigned()), sign(captured.isUnsigned()));
    }
    if (!captured.values().isEmpty()) {
      String declaration =
          "%s(%s)".formatted(type, String.join(",", captured.values())).toLowerCase(Locale.ROOT);
      if (!declaration.equals(column.declaration())) {
        return difference(column, column.declaration(), declaration);
      }
    }
    return captured.charset() == null
            || column.charset() == null
            || charset(captured.charset()).equals(charset(column.charset()))
        ? Optional.empty()
        : difference(column, column.charset(), captured.charset());
  }

  private static Optional<String> difference(DatabaseColumn column, String is, String taken) {
    return Optional.of("%s is %s, capture takes it for %s".formatted(column.name(), is, taken));
  }

  private static String sign(boolean isUnsigned) {
    return isUnsigned ? "unsigned" : "signed";
  }

  /** The server's own name of a character set. */
  private static String charset(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    return plain.equals("utf8") ? "utf8mb3" : plain;
  }
}
