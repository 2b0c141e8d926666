/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.workload.RowChange.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a workload to the operational database through JDBC, each transaction exactly once: how
 * far it came is part of every transaction. Several connections write at once, as the servers of an
 * order system do; all transactions of an order go through the same one, in order.
 */
public final class WorkloadWriter {

  private static final Logger LOG = LoggerFactory.getLogger(WorkloadWriter.class);
  private static final int CONNECTIONS = 4;
  private static final Duration RETRY_FOR = Duration.ofMinutes(2);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(2);

  private final String jdbcUrl;
  private final ZoneId zone;
  private final Pace pace;
  private final CommitListener listener;

  /** Is told of every commit, right after it. */
  @FunctionalInterface
  public interface CommitListener {

    /**
     * @param changes the changes of the transaction
     * @param committedAt the real time right after the commit
     */
    void committed(List<RowChange> changes, Instant committedAt);
  }

  /**
   * @param jdbcUrl the database, with user and password; {@code allowMultiQueries=true} is needed
   * @param zone in which the order system writes its times, which name none
   * @param changesPerSecond how many row changes a second are written at most
   * @param listener is told of every commit
   */
  public WorkloadWriter(
      String jdbcUrl, ZoneId zone, double changesPerSecond, CommitListener listener) {
    this.jdbcUrl = jdbcUrl;
    this.zone = zone;
    this.pace = new Pace(changesPerSecond);
    this.listener = listener;
  }

  /** Creates the operational database where it is missing. */
  public static void createSchema(String jdbcUrl) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        InputStream schema = WorkloadWriter.class.getResourceAsStream("schema.sql")) {
      for (String sql :
          SqlScript.split(new String(schema.readAllBytes(), StandardCharsets.UTF_8))) {
        statement.execute(sql);
      }
      // An earlier version made the table without it. MySQL knows no ADD COLUMN IF NOT EXISTS.
      try (ResultSet column =
          connection.getMetaData().getColumns("workload", null, "progress", "simulated_at")) {
        if (!column.next()) {
          statement.execute(
              "ALTER TABLE workload.progress ADD COLUMN simulated_at TIMESTAMP(6) NULL");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read schema.sql", e);
    }
  }

  /**
   * Writes what is left of a workload, and tells the listener of what an earlier run committed.
   *
   * @throws LakeException when the database holds another workload, or stays away for more than two
   *     minutes
   * @throws InterruptedException when the thread is interrupted; the current transaction is whole
   */
  public void write(WorkloadOptions options) throws InterruptedException {
    refuseAnother(options);
    ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      CompletionService<Void> done = new ExecutorCompletionService<>(connections);
      for (int i = 0; i < CONNECTIONS; i++) {
        int connection = i;
        done.submit(
            () -> {
              write(options, connection);
              return null;
            });
      }
      for (int i = 0; i < CONNECTIONS; i++) {
        done.take().get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      connections.shutdownNow();
      connections.awaitTermination(RETRY_EVERY.toSeconds() * 2, TimeUnit.SECONDS);
    }
  }

  /** The first workload of a database is the only one that it takes. */
  private void refuseAnother(WorkloadOptions options) {
    String held;
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        PreparedStatement first =
            connection.prepareStatement("INSERT IGNORE INTO workload.options VALUES (1, ?)");
        Statement query = connection.createStatement()) {
      first.setString(1, options.toString());
      first.executeUpdate();
      try (ResultSet rows = query.executeQuery("SELECT description FROM workload.options")) {
        rows.next();
        held = rows.getString(1);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
    if (!held.equals(options.toString())) {
      throw new LakeException(
          ErrorCode.WORKLOAD_DIFFERS,
          "The database holds " + held + ", which is not " + options + ".",
          "Go on with the same --seed and --orders, or use a new work directory.");
    }
  }

  private static LakeException unavailable(SQLException cause) {
    return new LakeException(
        ErrorCode.DATABASE_UNAVAILABLE,
        "The operational database does not answer: " + cause.getMessage(),
        "Look at the database's log, start it, and run the same command again.",
        cause);
  }

  /** Makes the whole workload again and writes the part of one connection. */
  private void write(WorkloadOptions options, int part) throws InterruptedException {
    Iterator<List<RowChange>> workload =
        Stream.generate(new Workload(options)::nextOrNull)
            .takeWhile(Objects::nonNull)
            .filter(transaction -> part(transaction) == part)
            .iterator();
    long committed = 0;
    List<RowChange> pending = null;
    Instant failingSince = null;
    while (pending != null || workload.hasNext()) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
        connection.setAutoCommit(false);
        long progress = progress(connection, part);
        try (Transactions transactions = new Transactions(connection, part, zone)) {
          while (pending != null || workload.hasNext()) {
            if (Thread.interrupted()) {
              throw new InterruptedException("The workload was stopped");
            }
            pending = pending == null ? workload.next() : pending;
            if (committed >= progress) {
              pace.await(pending.size());
              transactions.commit(pending, committed + 1);
              failingSince = null;
            }
            listener.committed(pending, Instant.now());
            committed++;
            pending = null;
          }
        }
      } catch (SQLException e) {
        failingSince = failingSince == null ? Instant.now() : failingSince;
        if (Duration.between(failingSince, Instant.now()).compareTo(RETRY_FOR) > 0) {
          throw unavailable(e);
        }
        LOG.warn("The database failed, trying again: {}", e.getMessage());
        Thread.sleep(RETRY_EVERY.toMillis());
      }
    }
  }

  private static int part(List<RowChange> transaction) {
    SourceRow row = transaction.get(0).row();
    long order = 0;
    if (row instanceof SourceRow.TradeOrder trade) {
      order = trade.orderId();
    } else if (row instanceof SourceRow.FulfillmentOrder parcel) {
      order = parcel.orderId();
    } else if (row instanceof SourceRow.LogisticsEvent scan) {
      order = OrderFlow.orderOf(scan.fulfillmentId());
    } else if (row instanceof SourceRow.CustomsDeclaration customs) {
      order = OrderFlow.orderOf(customs.fulfillmentId());
    }
    return (int) (order % CONNECTIONS);
  }

  private static long progress(Connection connection, int part) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT transactions FROM workload.progress WHERE id = " + part)) {
      rows.next();
      long transactions = rows.getLong(1);
      connection.rollback();
      return transactions;
    }
  }

  /**
   * Holds all connections to one rate; what they missed in the last second they may catch up. It
   * ends its wait when it is interrupted, which Guava's does not.
   */
  private static final class Pace {

    private final double perSecond;
    private double nextNanos = System.nanoTime();

    Pace(double perSecond) {
      this.perSecond = perSecond;
    }

    void await(int changes) {
      double now = System.nanoTime();
      double turn = turn(changes, now);
      if (turn > now) {
        LockSupport.parkNanos((long) (turn - now));
      }
    }

    private synchronized double turn(int changes, double now) {
      nextNanos = Math.max(nextNanos, now - 1e9) + changes * 1e9 / perSecond;
      return nextNanos;
    }
  }

  /**
   * Sends a transaction as one text, with its commit: one round trip, where a statement at a time
   * would take four. The driver fills in the parameters.
   */
  private static final class Transactions implements AutoCloseable {

    private final Connection connection;
    private final int part;
    private final ZoneId zone;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    Transactions(Connection connection, int part, ZoneId zone) {
      this.connection = connection;
      this.part = part;
      this.zone = zone;
    }

    void commit(List<RowChange> changes, long number) throws SQLException {
      StringBuilder sql = new StringBuilder();
      List<Object> parameters = new ArrayList<>();
      for (RowChange change : changes) {
        sql.append(statement(change, parameters)).append("; ");
      }
      sql.append(
          "UPDATE workload.progress SET transactions = ?, simulated_at = FROM_UNIXTIME(?) WHERE id = ?; COMMIT");
      parameters.add(number);
      parameters.add(
          seconds((Instant) changes.get(changes.size() - 1).row().values().get("updated_at")));
      parameters.add(part);
      PreparedStatement statement = prepare(sql.toString());
      for (int i = 0; i < parameters.size(); i++) {
        Object value = parameters.get(i);
        statement.setObject(
            i + 1,
            value instanceof Instant instant ? LocalDateTime.ofInstant(instant, zone) : value);
      }
      statement.execute();
      for (RowChange change : changes) {
        if (statement.getUpdateCount() != 1) {
          throw new IllegalStateException(
              "The database is not the workload's own: "
                  + statement.getUpdateCount()
                  + " rows changed by "
                  + change);
        }
        statement.getMoreResults();
      }
    }

    private static BigDecimal seconds(Instant time) {
      return BigDecimal.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, time), 6);
    }

    private String statement(RowChange change, List<Object> parameters) {
      SourceRow row = change.row();
      SourceTable table = SourceTable.of(row.getClass());
      if (change.operation() == Operation.INSERT) {
        parameters.addAll(row.values().values());
      } else {
        if (change.operation() == Operation.UPDATE) {
          Map<String, Object> values = row.values();
          table.otherColumns().forEach(column -> parameters.add(values.get(column)));
        }
        parameters.addAll(row.key());
      }
      return texts.computeIfAbsent(
          change.operation() + table.name(), key -> text(change.operation(), table));
    }

    private static String text(Operation operation, SourceTable table) {
      String name = "logistics." + table.name();
      String where = " WHERE " + assignments(table.keyColumns(), " AND ");
      return switch (operation) {
        case INSERT ->
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                    name,
                    String.join(", ", table.columns()),
                    String.join(", ", Collections.nCopies(table.columns().size(), "?")));
        case UPDATE -> "UPDATE " + name + " SET " + assignments(table.otherColumns(), ", ") + where;
        case DELETE -> "DELETE FROM " + name + where;
      };
    }

    private static String assignments(List<String> columns, String separator) {
      return columns.stream().map(column -> column + " = ?").collect(Collectors.joining(separator));
    }

    private PreparedStatement prepare(String sql) throws SQLException {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
      }
      return statement;
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
    }
  }
}
