/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.trino;

import io.tidelake.error.LakeException;
import io.tidelake.query.QueryErrors;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.QuerySession;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultValue;
import io.tidelake.query.result.ResultWriter;
import io.trino.jdbc.QueryStats;
import io.trino.jdbc.TrinoConnection;
import io.trino.jdbc.TrinoResultSet;
import io.trino.jdbc.TrinoStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A connection to Trino that runs one statement at a time. */
public final class TrinoSession implements QuerySession {

  private static final String WORDS =
      """
      SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema
      UNION ALL
      SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = current_schema
      """;

  private static final Set<Integer> NUMBERS =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.DOUBLE,
          Types.DECIMAL);

  // How long the driver asks a server again that does not answer; its own default is two minutes.
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(20);

  private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(5);
  private static final long CANCEL_EVERY_MILLIS = 50;

  private final TrinoAddress address;
  private final TrinoConnection connection;
  private volatile TrinoStatement running;
  private volatile Thread runner;
  private volatile boolean cancelled;

  private TrinoSession(TrinoAddress address, TrinoConnection connection) {
    this.address = address;
    this.connection = connection;
  }

  /**
   * Makes a session. The server hears of it with the first statement.
   *
   * @throws LakeException when the address cannot be one
   */
  public static TrinoSession open(TrinoAddress address) {
    try {
      TrinoConnection connection =
          new io.trino.jdbc.TrinoDriver()
              .connect(address.jdbcUrl(), address.properties())
              .unwrap(TrinoConnection.class);
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(GIVE_UP_AFTER.toMillis()));
      return new TrinoSession(address, connection);
    } catch (SQLException e) {
      throw TrinoErrors.explain(e, address);
    }
  }

  @Override
  public QueryResult run(
      String sql, QueryLimits limits, ResultWriter writer, Consumer<QueryProgress> progress) {
    long start = System.nanoTime();
    try (TrinoStatement statement = connection.createStatement().unwrap(TrinoStatement.class)) {
      // The server's own limit stands for 0.
      statement.setQueryTimeout(Math.toIntExact(limits.time().toSeconds()));
      String[] id = {""};
      statement.setProgressMonitor(
          stats -> {
            id[0] = stats.getQueryId();
            progress.accept(progress(stats));
          });
      cancelled = false;
      runner = Thread.currentThread();
      running = statement;
      if (!statement.execute(sql)) {
        return new QueryResult(
            id[0],
            Optional.ofNullable(statement.getUpdateType()),
            Math.max(0, statement.getLargeUpdateCount()),
            false,
            millisSince(start));
      }
      try (ResultSet rows = statement.getResultSet()) {
        List<ResultColumn> columns = columns(rows.getMetaData());
        writer.begin(columns);
        long count = 0;
        boolean cut = false;
        while (rows.next()) {
          if (limits.rows() > 0 && count == limits.rows()) {
            cut = true;
            // Trino need not go on.
            statement.cancel();
            break;
          }
          writer.row(values(rows, columns.size()));
          count++;
        }
        writer.end();
        return new QueryResult(
            rows.unwrap(TrinoResultSet.class).getQueryId(),
            Optional.empty(),
            count,
            cut,
            millisSince(start));
      }
    } catch (SQLException e) {
      throw cancelled
          ? QueryErrors.cancelled("The query was cancelled.", e)
          : TrinoErrors.explain(e, address);
    } finally {
      synchronized (this) {
        running = null;
        if (cancelled) {
          // By cancel(); it has done what it should.
          Thread.interrupted();
        }
      }
    }
  }

  /** Ends what runs, in Trino too. */
  @Override
  public void cancel() {
    long deadline = System.nanoTime() + CANCELLED_WITHIN.toNanos();
    TrinoStatement statement = running;
    cancelled = statement != null;
    // A statement that is only being sent cannot be cancelled yet.
    while (statement != null && running == statement && System.nanoTime() < deadline) {
      try {
        statement.cancel();
        Thread.sleep(CANCEL_EVERY_MILLIS);
      } catch (SQLException e) {
        // It has ended meanwhile, or Trino has; whoever waits for it is told.
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    synchronized (this) {
      // Afterwards the thread does something else.
      if (statement != null && running == statement) {
        // Seen: the driver has forgotten its query, and waits for rows that nobody will bring.
        runner.interrupt();
      }
    }
  }

  /**
   * The first column of a result, as text.
   *
   * @throws LakeException as {@link #run}
   */
  public List<String> names(String sql) {
    List<String> names = new ArrayList<>();
    run(
        sql,
        new QueryLimits(0, Duration.ofSeconds(30)),
        new ResultWriter() {
          @Override
          public void begin(List<ResultColumn> columns) {}

          @Override
          public void row(List<Object> values) {
            names.add(String.valueOf(values.get(0)));
          }

          @Override
          public void end() {}
        },
        progress -> {});
    return names;
  }

  @Override
  public void check() {
    names("SELECT 1");
  }

  /** Asked in a session of their own. */
  @Override
  public List<String> words() {
    try (TrinoSession other = open(address)) {
      return other.names(WORDS);
    }
  }

  @Override
  public String toString() {
    return address.toString();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing that was asked for depends on it.
    }
  }

  private static List<ResultColumn> columns(ResultSetMetaData metadata) throws SQLException {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(
          new ResultColumn(
              metadata.getColumnLabel(i),
              metadata.getColumnTypeName(i),
              NUMBERS.contains(metadata.getColumnType(i))));
    }
    return columns;
  }

  private static List<Object> values(ResultSet rows, int columns) throws SQLException {
    List<Object> values = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      values.add(ResultValue.read(rows, i));
    }
    return values;
  }

  private static QueryProgress progress(QueryStats stats) {
    return new QueryProgress(
        stats.getQueryId(),
        stats.getState(),
        stats.getProgressPercentage(),
        stats.getProcessedRows(),
        stats.getProcessedBytes(),
        stats.getElapsedTimeMillis());
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
