package io.tidelake.backfill;

import io.tidelake.tables.Column;
import io.tidelake.tables.TableDefinition;
import java.util.ArrayList;
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
 * differ come out of it.
 *
 * @param rows what makes the table right: rows to write, and rows to delete
 * @param counts what was found, by day; days without rows left out
 */
record DayComparison(List<InternalRow> rows, Map<String, DayCounts> counts) {

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

  /** Columns of an answer before those of the row. */
  private static final int LEADING = 3;

  /**
   * Compares the chosen days.
   *
   * @param session a batch session that knows the view of the table
   */
  static DayComparison run(ClosedTable table, DayRange days, TableEnvironment session)
      throws Exception {
    RowRowConverter converter =
        RowRowConverter.create(
            session.from(table.name()).getResolvedSchema().toPhysicalRowDataType());
    converter.open(DayComparison.class.getClassLoader());
    List<InternalRow> rows = new ArrayList<>();
    Map<String, DayCounts> counts = new TreeMap<>();
    try (CloseableIterator<Row> answers = session.executeSql(sql(table, days)).collect()) {
      while (answers.hasNext()) {
        Row answer = answers.next();
        String outcome = (String) answer.getField(0);
        long count = (long) answer.getField(1);
        counts.merge((String) answer.getField(2), counts(outcome, count), DayCounts::plus);
        if (!outcome.equals("unchanged")) {
          rows.add(new FlinkRowWrapper(converter.toInternal(row(answer, outcome))));
        }
      }
    }
    return new DayComparison(rows, counts);
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
        each(
            columns.stream().filter(column -> keys.contains(column.name())).toList(),
            "yielded.%1$s = held.%1$s",
            " AND "),
        each(columns, "%1$s", ", "),
        each(columns, "CAST(NULL AS %2$s)", ", "),
        closed.view());
  }

  private static String each(List<Column> columns, String template, String delimiter) {
    return columns.stream()
        .map(column -> template.formatted(DerivedViews.quoted(column), DerivedViews.type(column)))
        .collect(Collectors.joining(delimiter));
  }
}
