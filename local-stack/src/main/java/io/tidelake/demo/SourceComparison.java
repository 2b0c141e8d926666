/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;

/**
 * Compares the tables that change capture fills with the source database, row by row, by the
 * columns that both have under one name.
 */
final class SourceComparison {

  private static final int SAMPLES = 3;

  /** Values whose text is the same on both sides; others arrive in a form of their own. */
  private static final Set<JDBCType> TEXTS =
      Set.of(JDBCType.CHAR, JDBCType.VARCHAR, JDBCType.LONGVARCHAR, JDBCType.DATE);

  private static final Set<JDBCType> NUMBERS =
      Set.of(
          JDBCType.TINYINT,
          JDBCType.SMALLINT,
          JDBCType.INTEGER,
          JDBCType.BIGINT,
          JDBCType.DECIMAL,
          JDBCType.DOUBLE);

  private static final Set<JDBCType> BYTES =
      Set.of(JDBCType.BINARY, JDBCType.VARBINARY, JDBCType.LONGVARBINARY);

  private final LakeConfig config;
  private final List<Copy> copies;
  private final String jdbcUrl;

  SourceComparison(LakeConfig config, LakeCatalog catalog, String jdbcUrl) {
    this.config = config;
    this.copies = copies(config, catalog);
    this.jdbcUrl = jdbcUrl;
  }

  /** A table of the lake that holds the rows of a source table. */
  private record Copy(SourceFile source, TableDefinition table) {}

  /** Each table that holds the rows of a source table, with what that holds now. */
  List<Comparison> run() {
    TableEnvironment session = FlinkSession.openBatch(config);
    List<Comparison> comparisons = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      connection.setCatalog(config.source().localStack().database());
      for (Copy copy : copies) {
        comparisons.add(compare(copy, statement, session));
      }
    } catch (SQLException e) {
      throw new LakeException(
          ErrorCode.DATABASE_UNAVAILABLE,
          "The database of the local stack does not answer: " + e.getMessage(),
          "Look at its log in the folder logs of the work directory.",
          e);
    }
    return comparisons;
  }

  private static List<Copy> copies(LakeConfig config, LakeCatalog catalog) {
    List<Copy> copies = new ArrayList<>();
    List<Pipeline> pipelines = Pipeline.readAll(config);
    for (SourceFile source : SourceFiles.read(config)) {
      pipelines.stream()
          .flatMap(pipeline -> pipeline.derivationsReading(Set.of(source.name())).stream())
          .map(Derivation::target)
          .distinct()
          .filter(target -> !OpsTable.isOne(target))
          .map(catalog::definition)
          .filter(table -> Set.copyOf(source.keyColumns()).equals(Set.copyOf(table.primaryKey())))
          .forEach(table -> copies.add(new Copy(source, table)));
    }
    return copies;
  }

  private Comparison compare(Copy copy, Statement statement, TableEnvironment session)
      throws SQLException {
    Map<String, List<String>> expected = new TreeMap<>();
    List<String> columns;
    try (ResultSet rows =
        statement.executeQuery("SELECT * FROM " + SqlName.quoted(copy.source().table()))) {
      columns = comparable(rows, copy.table());
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
          row.add(text(source(rows, column)));
        }
        expected.put(key(copy.table(), columns, row), row);
      }
    }
    Map<String, List<String>> found = new TreeMap<>();
    boolean keepsDeleted = copy.table().column(TableDefinition.IS_DELETED).isPresent();
    String query =
        "SELECT %s FROM %s%s"
            .formatted(
                columns.stream().map(SqlName::quoted).collect(Collectors.joining(", ")),
                copy.table().name(),
                keepsDeleted ? " WHERE NOT is_deleted" : "");
    for (Row row : SelfCheck.rows(session, query)) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        values.add(text(row.getField(i)));
      }
      found.put(key(copy.table(), columns, values), values);
    }
    List<String> different =
        Stream.concat(expected.keySet().stream(), found.keySet().stream())
            .distinct()
            .filter(key -> !Objects.equals(expected.get(key), found.get(key)))
            .toList();
    return new Comparison(
        copy.table().name(),
        "the source table " + copy.source().table(),
        expected.size(),
        different.size(),
        different.stream()
            .limit(SAMPLES)
            .map(key -> "%s: %s, should be %s".formatted(key, found.get(key), expected.get(key)))
            .toList());
  }

  private static String key(TableDefinition table, List<String> columns, List<String> row) {
    return table.primaryKey().stream()
        .map(column -> row.get(columns.indexOf(column)))
        .collect(Collectors.joining(", "));
  }

  private static List<String> comparable(ResultSet rows, TableDefinition table)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      String name = rows.getMetaData().getColumnName(i);
      JDBCType type = JDBCType.valueOf(rows.getMetaData().getColumnType(i));
      // Shapes are bytes at the source and JSON in the lake.
      boolean isComparable =
          TEXTS.contains(type)
              || NUMBERS.contains(type)
              || BYTES.contains(type) && !isText(table, name)
              || type == JDBCType.TIMESTAMP;
      if (isComparable && table.column(name).isPresent() && !isOfLake(table, name)) {
        columns.add(name);
      }
    }
    return columns;
  }

  /** Whether the lake has the name for a column of its own, whatever the source calls so. */
  private static boolean isOfLake(TableDefinition table, String column) {
    return column.equals(TableDefinition.IS_DELETED) || table.sequenceFields().contains(column);
  }

  private static boolean isText(TableDefinition table, String column) {
    return table.column(column).filter(found -> found.type().startsWith("STRING")).isPresent();
  }

  private Object source(ResultSet rows, String column) throws SQLException {
    int index = rows.findColumn(column);
    JDBCType type = JDBCType.valueOf(rows.getMetaData().getColumnType(index));
    if (type == JDBCType.TIMESTAMP) {
      LocalDateTime time = rows.getObject(index, LocalDateTime.class);
      ZoneId zone = config.source().timeZone();
      return time == null ? null : time.atZone(zone).toInstant();
    }
    if (NUMBERS.contains(type)) {
      return rows.getBigDecimal(index);
    }
    return BYTES.contains(type) ? rows.getBytes(index) : rows.getString(index);
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value instanceof Number number
        ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }
}
