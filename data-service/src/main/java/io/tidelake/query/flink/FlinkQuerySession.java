/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.flink;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryErrors;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.QuerySession;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultWriter;
import io.tidelake.tables.flink.FlinkSession;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private static final String DIALECT = "Flink answers here: its SQL is not Trino's everywhere.";

  private final LakeConfig config;
  private final TableEnvironment tables;
  private volatile Question asked;

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

  /** A statement whose answer is awaited. */
  private static final class Question {

    private final CompletableFuture<QueryResult> answer = new CompletableFuture<>();
    private volatile TableResult result;

    /** From now on there is a job that can be ended. */
    void begun(TableResult begun) {
      result = begun;
      if (answer.isDone()) {
        endJob();
      }
    }

    /** Ends it, unless it is answered. */
    void end(LakeException why) {
      if (answer.completeExceptionally(why)) {
        endJob();
      }
    }

    private void endJob() {
      if (result != null && result.getJobClient().isPresent()) {
        // Nobody waits for it; a job that has ended already need not be ended.
        CompletableFuture<Void> unused = result.getJobClient().get().cancel();
      }
    }
  }

  @Override
  public QueryResult run(
      String sql, QueryLimits limits, ResultWriter writer, Consumer<QueryProgress> progress) {
    long start = System.nanoTime();
    Question question = new Question();
    asked = question;
    try {
      // Here: the planner knows the thread that opened the session only.
      question.begun(begin(sql.strip()));
      readBesides(question, limits, writer, start);
      return limits.time().isZero()
          ? question.answer.get()
          : question.answer.get(
              limits.time().toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LakeException tooLong =
          QueryErrors.tooLong(
              "The query has taken longer than " + limits.time().toSeconds() + " s.", e);
      question.end(tooLong);
      throw tooLong;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LakeException cancelled = cancelled();
      question.end(cancelled);
      throw cancelled;
    } catch (ExecutionException e) {
      throw explain(e.getCause());
    } catch (RuntimeException e) {
      throw explain(e);
    } finally {
      asked = null;
    }
  }

  /** A job can take minutes to end, and whoever has cancelled it need not wait. */
  private static void readBesides(
      Question question, QueryLimits limits, ResultWriter writer, long start) {
    Thread thread =
        new Thread(
            () -> {
              try {
                question.answer.complete(handOn(question, limits, writer, start));
              } catch (Throwable e) {
                question.answer.completeExceptionally(e);
              }
            },
            "query");
    thread.setDaemon(true);
    thread.start();
  }

  private static LakeException explain(Throwable error) {
    String message = LakeException.rootMessage(error);
    if (error instanceof LakeException known) {
      return known;
    }
    if (error instanceof ValidationException && message.contains("not found")) {
      return QueryErrors.nameUnknown(message, " " + DIALECT, error);
    }
    if (error instanceof SqlParserException || error instanceof ValidationException) {
      return new LakeException(
          ErrorCode.QUERY_SYNTAX,
          message,
          "Correct the statement at that place. " + DIALECT,
          error);
    }
    return new LakeException(
        ErrorCode.QUERY_FAILED, message, "--debug shows the whole error.", error);
  }

  private static LakeException cancelled() {
    return QueryErrors.cancelled("The query was cancelled.", null);
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

  private static QueryResult handOn(
      Question question, QueryLimits limits, ResultWriter writer, long start) throws Exception {
    TableResult result = question.result;
    List<ResultColumn> columns =
        result.getResolvedSchema().getColumns().stream().map(FlinkQuerySession::column).toList();
    long count = 0;
    boolean cut = false;
    // Closing it ends the job that need not go on.
    try (CloseableIterator<Row> rows = result.collect()) {
      boolean begun = false;
      while (rows.hasNext() && !question.answer.isDone()) {
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

  @Override
  public void cancel() {
    Question question = asked;
    if (question != null) {
      question.end(cancelled());
    }
  }

  /** Whoever could open it can ask. */
  @Override
  public void check() {}

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
    cancel();
  }

  @Override
  public String toString() {
    return "Flink in batch, in this process";
  }
}
