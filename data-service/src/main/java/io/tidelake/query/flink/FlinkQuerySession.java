/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.flink;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.QuerySession;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultWriter;
import io.tidelake.tables.flink.FlinkSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** A session in which Flink answers in batch, inside this process. */
public final class FlinkQuerySession implements QuerySession {

  /** What tells about tables, and is no query. Everything else could write. */
  private static final Set<String> TELLING = Set.of("SHOW", "DESCRIBE", "DESC", "EXPLAIN");

  private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(5);

  private final LakeConfig config;
  private final TableEnvironment tables;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "query-clock");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean asked;
  private volatile TableResult running;
  private volatile ErrorCode ended;

  private FlinkQuerySession(LakeConfig config) {
    this.config = config;
    this.tables = FlinkSession.openBatch(config);
  }

  /**
   * Opens a session.
   *
   * @throws LakeException when the catalog cannot be opened
   */
  public static FlinkQuerySession open(LakeConfig config) {
    return new FlinkQuerySession(config);
  }

  @Override
  public QueryResult run(
      String sql, QueryLimits limits, ResultWriter writer, Consumer<QueryProgress> progress) {
    long start = System.nanoTime();
    ended = null;
    asked = true;
    Optional<ScheduledFuture<?>> tooLong =
        limits.time().isZero()
            ? Optional.empty()
            : Optional.of(
                clock.schedule(
                    () -> end(ErrorCode.QUERY_TOO_LONG),
                    limits.time().toMillis(),
                    TimeUnit.MILLISECONDS));
    try {
      running = begin(sql.strip());
      if (ended != null) {
        // While it was planned there was nothing yet that could be ended.
        end(ended);
      }
      return handOn(running, limits, writer, start);
    } catch (SqlParserException e) {
      throw new LakeException(
          ErrorCode.QUERY_SYNTAX,
          LakeException.rootMessage(e),
          "Correct the statement at that place. Flink answers here: its SQL is not Trino's everywhere.",
          e);
    } catch (ValidationException e) {
      String message = LakeException.rootMessage(e);
      throw new LakeException(
          message.contains("not found") ? ErrorCode.QUERY_NAME_UNKNOWN : ErrorCode.QUERY_SYNTAX,
          message,
          "`lake query \"SHOW TABLES\"` and `lake query \"DESCRIBE table\"` show the names there are."
              + " Flink answers here: its SQL is not Trino's everywhere.",
          e);
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e, limits);
    } finally {
      asked = false;
      running = null;
      tooLong.ifPresent(timer -> timer.cancel(false));
    }
  }

  private TableResult begin(String sql) {
    String first = sql.split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
    if (TELLING.contains(first)) {
      return tables.executeSql(sql);
    }
    try {
      return tables.sqlQuery(sql).execute();
    } catch (ValidationException e) {
      if (String.valueOf(e.getMessage()).startsWith("Unsupported SQL query!")) {
        throw new LakeException(
            ErrorCode.QUERY_NOT_ALLOWED,
            "'" + first + "' is no question: here only queries are answered.",
            "Ask with SELECT, SHOW, DESCRIBE or EXPLAIN. Pipelines and backfills write.",
            e);
      }
      throw e;
    }
  }

  private QueryResult handOn(
      TableResult result, QueryLimits limits, ResultWriter writer, long start) throws Exception {
    List<ResultColumn> columns =
        result.getResolvedSchema().getColumns().stream().map(FlinkQuerySession::column).toList();
    long count = 0;
    boolean cut = false;
    // Closing it ends the job that need not go on.
    try (CloseableIterator<Row> rows = result.collect()) {
      boolean begun = false;
      while (rows.hasNext()) {
        if (limits.rows() > 0 && count == limits.rows()) {
          cut = true;
          break;
        }
        if (!begun) {
          writer.begin(columns);
          begun = true;
        }
        writer.row(values(rows.next()));
        count++;
      }
      if (!begun) {
        writer.begin(columns);
      }
    }
    writer.end();
    return new QueryResult(
        "", Optional.empty(), count, cut, (System.nanoTime() - start) / 1_000_000);
  }

  private static ResultColumn column(Column column) {
    return new ResultColumn(
        column.getName(),
        column.getDataType().getLogicalType().asSummaryString().toLowerCase(Locale.ROOT),
        column.getDataType().getLogicalType().is(LogicalTypeFamily.NUMERIC));
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>(row.getArity());
    for (int i = 0; i < row.getArity(); i++) {
      values.add(value(row.getField(i)));
    }
    return values;
  }

  /** As {@link ResultWriter} takes it. */
  private static Object value(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Object[] items) {
      return Stream.of(items).map(FlinkQuerySession::value).toList();
    }
    if (value instanceof Map<?, ?> entries) {
      Map<String, Object> converted = new LinkedHashMap<>();
      entries.forEach((key, item) -> converted.put(String.valueOf(key), value(item)));
      return converted;
    }
    if (value instanceof Row row) {
      Map<String, Object> converted = new LinkedHashMap<>();
      List<String> names = new ArrayList<>(row.getFieldNames(true));
      for (int i = 0; i < row.getArity(); i++) {
        converted.put(names.get(i), value(row.getField(i)));
      }
      return converted;
    }
    return value;
  }

  private LakeException failed(Exception error, QueryLimits limits) {
    if (ended == ErrorCode.QUERY_CANCELLED) {
      return new LakeException(
          ended, "The query was cancelled.", "Run it again when you want it after all.", error);
    }
    if (ended == ErrorCode.QUERY_TOO_LONG) {
      return new LakeException(
          ended,
          "The query has taken longer than " + limits.time().toSeconds() + " s.",
          "Give it more time (--timeout), or let it read less: a condition on dt reads only those"
              + " days.",
          error);
    }
    return new LakeException(
        ErrorCode.QUERY_FAILED,
        LakeException.rootMessage(error),
        "--debug shows the whole error.",
        error);
  }

  @Override
  public void cancel() {
    end(ErrorCode.QUERY_CANCELLED);
  }

  private void end(ErrorCode why) {
    if (!asked) {
      return;
    }
    ended = why;
    TableResult result = running;
    if (result != null) {
      result
          .getJobClient()
          .ifPresent(
              job -> {
                try {
                  job.cancel().get(CANCELLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (Exception e) {
                  // It has ended meanwhile; whoever waits for it is told.
                }
              });
    }
  }

  @Override
  public List<String> words() {
    TableEnvironment own = FlinkSession.openBatch(config);
    return Stream.of(own.listTables())
        .flatMap(
            table ->
                Stream.concat(
                    Stream.of(table),
                    own.from(table).getResolvedSchema().getColumnNames().stream()))
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  @Override
  public String toString() {
    return "Flink in batch, in this process";
  }
}
