/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import io.tidelake.process.BackgroundTask;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A dashboard: asks Trino for all of a table once a second over JDBC, from its start to its end.
 */
public final class TrinoPoll implements AutoCloseable {

  private static final double NANOS = 1e9;

  private final List<Double> seconds = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final BackgroundTask<Void> polling;

  /**
   * How the queries went.
   *
   * @param queries how many were asked
   * @param failures messages of those that failed
   * @param p50 seconds of a query, at half of those that did not fail or better; 0 when all did
   * @param p95 the same for 95 of 100
   */
  public record Result(int queries, List<String> failures, double p50, double p95) {

    public Result {
      failures = List.copyOf(failures);
    }
  }

  private TrinoPoll(String jdbcUrl, String table) {
    this.polling =
        BackgroundTask.start(
            "poll",
            () -> {
              while (true) {
                long start = System.nanoTime();
                poll(jdbcUrl, table);
                long rest = TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - start);
                TimeUnit.NANOSECONDS.sleep(rest);
              }
            });
  }

  /** Begins to ask. */
  static TrinoPoll start(String jdbcUrl, String table) {
    return new TrinoPoll(jdbcUrl, table);
  }

  private void poll(String jdbcUrl, String table) {
    long start = System.nanoTime();
    try (Connection connection = DriverManager.getConnection(jdbcUrl, "lake", null);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      while (rows.next()) {
        rows.getString(1);
      }
      add((System.nanoTime() - start) / NANOS);
    } catch (SQLException e) {
      fail(e.getMessage());
    }
  }

  private synchronized void add(double taken) {
    seconds.add(taken);
  }

  private synchronized void fail(String message) {
    failures.add(message);
  }

  /** How the queries went since the last call. */
  synchronized Result take() {
    seconds.sort(null);
    Result result =
        new Result(
            seconds.size() + failures.size(),
            failures,
            seconds.isEmpty() ? 0 : seconds.get(seconds.size() / 2),
            seconds.isEmpty() ? 0 : seconds.get(seconds.size() * 95 / 100));
    seconds.clear();
    failures.clear();
    return result;
  }

  @Override
  public void close() {
    polling.cancel(true);
  }
}
