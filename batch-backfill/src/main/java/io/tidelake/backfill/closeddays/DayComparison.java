/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.DayRange;
import io.tidelake.streaming.pipeline.DerivedViews;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.data.conversion.RowRowConverter;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.flink.FlinkRowWrapper;

/**
 * What a table holds, against what its query yields. One batch job compares, and only the rows that
 * make the table right come out of it.
 */
final class DayComparison {

  /** Takes a row that makes the table right: one to write, or one to delete. */
  @FunctionalInterface
  interface Rows {
    void accept(InternalRow row) throws Exception;
  }

  private static final String QUERY =
      """
      WITH compared AS (
        SELECT
          CASE
            WHEN held.dt IS NULL THEN 'inserted'
            WHEN yielded.dt IS NULL THEN 'deleted'
            WHEN %3$s THEN 'changed'
            ELSE 'unchanged'
          END AS outcome,
          %4$s
        FROM (SELECT * FROM %8$s WHERE %2$s) AS yielded
        FULL OUTER JOIN (SELECT * FROM %1$s WHERE %2$s) AS held ON %5$s
      )
      SELECT outcome, CAST(1 AS BIGINT) AS row_count, dt AS counted_dt, %6$s
      FROM compared
      WHERE outcome <> 'unchanged'
      UNION ALL
      SELECT outcome, COUNT(*), dt, %7$s
      FROM compared
      WHERE outcome = 'unchanged'
      GROUP BY outcome, dt
      """;

  /**
   * For a table with versions. Several rows of a key may be yielded, each with the column groups
   * that a source knows; a row is of use when it wins in one of them. A key counts once.
   */
  private static final String VERSIONED =
      """
      WITH compared AS (
        SELECT
          CASE WHEN held.dt IS NULL THEN 'inserted' WHEN %3$s THEN 'changed' ELSE 'unchanged' END AS outcome,
          yielded.*
        FROM (SELECT * FROM %7$s WHERE %2$s) AS yielded
        LEFT JOIN (SELECT * FROM %1$s WHERE %2$s) AS held ON %4$s
      )
      SELECT outcome, CAST(0 AS BIGINT) AS row_count, dt AS counted_dt, %5$s
      FROM compared
      WHERE outcome <> 'unchanged'
      UNION ALL
      -- In the order of the alphabet what makes the row another one comes first.
      SELECT outcome, COUNT(*), dt, %6$s
      FROM (SELECT MIN(outcome) AS outcome, %8$s FROM compared GROUP BY %8$s)
      GROUP BY outcome, dt
      """;

  /** Columns of an answer before those of the row. */
  private static final int LEADING = 3;

  private DayComparison() {}

  /**
   * Compares the chosen days.
   *
   * @param session a batch session that knows the view of the table
   * @param rows gets what makes the table right
   * @return what was found, by day; days without rows left out
   */
  static Map<String, DayCounts> run(
      ClosedTable table, DayRange days, TableEnvironment session, Rows rows) throws Exception {
    RowRowConverter converter =
        RowRowConverter.create(
            session.from(table.name()).getResolvedSchema().toPhysicalRowDataType());
    converter.open(DayComparison.class.getClassLoader());
    Map<String, DayCounts> counts = new TreeMap<>();
    String sql = table.isVersioned() ? versionedSql(table, days) : sql(table, days);
    try (CloseableIterator<Row> answers = session.executeSql(sql).collect()) {
      while (answers.hasNext()) {
        Row answer = answers.next();
        String outcome = (String) answer.getField(0);
        long count = (long) answer.getField(1);
        counts.merge((String) answer.getField(2), counts(outcome, count), DayCounts::plus);
        // What is only counted has no day.
        if (answer.getField(TableDefinition.DAY) != null) {
          rows.accept(new FlinkRowWrapper(converter.toInternal(row(answer, outcome))));
        }
      }
    }
    return counts;
  }

  private static Row row(Row answer, String outcome) {
    Row row =
        new Row(
            outcome.equals("deleted") ? RowKind.DELETE : RowKind.INSERT,
            answer.getArity() - LEADING);
    IntStream.range(0, row.getArity()).forEach(i -> row.setField(i, answer.getField(i + LEADING)));
    return row;
  }

  private static DayCounts counts(String outcome, long count) {
    return switch (outcome) {
      case "inserted" -> new DayCounts(count, 0, 0, 0);
      case "changed" -> new DayCounts(0, count, 0, 0);
      case "deleted" -> new DayCounts(0, 0, count, 0);
      case "unchanged" -> new DayCounts(0, 0, 0, count);
      default -> throw new IllegalArgumentException("Not an outcome: " + outcome);
    };
  }

  private static String sql(ClosedTable closed, DayRange days) {
    TableDefinition table = closed.definition();
    List<Column> columns = table.columns();
    List<String> keys = table.primaryKey();
    List<Column> values = columns.stream().filter(column -> !keys.contains(column.name())).toList();
    return QUERY.formatted(
        table.name(),
        days.toSql(),
        values.isEmpty()
            ? "FALSE"
            : each(values, "yielded.%1$s IS DISTINCT FROM held.%1$s", " OR "),
        each(
            columns,
            "CASE WHEN yielded.dt IS NULL THEN held.%1$s ELSE yielded.%1$s END AS %1$s",
            ", "),
        each(columns(table, keys), "yielded.%1$s = held.%1$s", " AND "),
        each(columns, "%1$s", ", "),
        each(columns, "CAST(NULL AS %2$s)", ", "),
        closed.view());
  }

  private static String versionedSql(ClosedTable closed, DayRange days) {
    TableDefinition table = closed.definition();
    List<Column> columns = table.columns();
    List<Column> keys = columns(table, table.primaryKey());
    return VERSIONED.formatted(
        table.name(),
        days.toSql(),
        table.columnGroups().entrySet().stream()
            .map(
                group ->
                    wins(columns(table, List.of(group.getKey())), columns(table, group.getValue())))
            .collect(Collectors.joining(" OR ")),
        each(keys, "yielded.%1$s = held.%1$s", " AND "),
        each(columns, "%1$s", ", "),
        each(columns, "CAST(NULL AS %2$s)", ", "),
        closed.view(),
        each(keys, "%1$s", ", "));
  }

  /** The merge law: of equal versions the later record wins, which is the yielded one. */
  private static String wins(List<Column> version, List<Column> values) {
    return each(
            version,
            "(yielded.%1$s IS NOT NULL AND (held.%1$s IS NULL OR yielded.%1$s > held.%1$s"
                + " OR yielded.%1$s = held.%1$s AND (",
            "")
        + each(values, "yielded.%1$s IS DISTINCT FROM held.%1$s", " OR ")
        + ")))";
  }

  private static List<Column> columns(TableDefinition table, List<String> names) {
    return table.columns().stream().filter(column -> names.contains(column.name())).toList();
  }

  private static String each(List<Column> columns, String template, String delimiter) {
    return columns.stream()
        .map(column -> template.formatted(SqlName.quoted(column.name()), DerivedViews.type(column)))
        .collect(Collectors.joining(delimiter));
  }
}
