/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What a real operational database does, from four connections at once, on few keys so that they
 * meet: inserts, updates with any or no {@code updated_at}, deletes, re-inserts, REPLACE, ON
 * DUPLICATE KEY UPDATE, changed keys, bulk statements, transactions of several statements that wait
 * for each other's locks and are rolled back, special values, and in between changed table
 * definitions that keep the columns of the lake. The same seed makes the same statements; how the
 * connections meet is the database's business.
 */
final class RandomHistory {

  private static final int CONNECTIONS = 4;
  private static final List<String> TIMES =
      List.of(
          "'2026-06-17 09:00:00'",
          "'2026-06-17 09:00:00.000001'",
          "'2026-06-18 23:59:59.999999'",
          "'0001-01-01 00:00:00'",
          "'1900-01-01 00:00:00'",
          "'1969-12-31 16:00:00'",
          "'2099-01-01 00:00:00'",
          "'9999-12-31 23:59:59.999999'",
          "NOW(6)",
          "NOW(6) - INTERVAL 1 HOUR");
  private static final List<String> TEXTS =
      List.of(
          "''", "' '", "'Ann'", "'🚚 Zoë 李四'", "'it''s \\\\ \"x\"'", "'a\\0b'", "REPEAT('x', 60)");
  private static final List<String> LISTS =
      List.of("'1'", "'1,2'", "'2, 3'", "'3,'", "' '", "'1;2'", "'4,5,6'", "''", "'2'", "'6'");
  private static final List<String> TYPES =
      List.of(
          "'outbound'", "'picked_up'", "'out_for_delivery'", "'signed'", "'in_transit'", "'odd'");

  /**
   * Changed definitions of a table {@code %1$s}, with names that are a connection's own. Without IF
   * EXISTS and IF NOT EXISTS, with which Debezium takes what the database leaves alone for a change
   * (docs/decisions.md).
   */
  private static final List<String> DEFINITIONS =
      List.of(
          "ALTER TABLE %1$s ADD COLUMN note_%2$d INT DEFAULT 7 FIRST",
          "ALTER TABLE %1$s ADD COLUMN note_%2$d VARCHAR(9) NOT NULL DEFAULT 'x'",
          "ALTER TABLE %1$s ADD COLUMN same_%2$d INT AFTER updated_at",
          "ALTER TABLE %1$s MODIFY COLUMN note_%2$d BIGINT UNSIGNED AFTER updated_at",
          "ALTER TABLE %1$s CHANGE COLUMN note_%2$d noted_%2$d TEXT",
          "ALTER TABLE %1$s RENAME COLUMN note_%2$d TO noted_%2$d",
          "ALTER TABLE %1$s DROP COLUMN noted_%2$d",
          "ALTER TABLE %1$s DROP COLUMN IF EXISTS note_%2$d",
          "ALTER TABLE %1$s MODIFY COLUMN updated_at DATETIME(6) NOT NULL FIRST",
          "ALTER TABLE %1$s ADD INDEX IF NOT EXISTS index_%2$d (updated_at), FORCE",
          "CREATE TABLE IF NOT EXISTS copy_%2$d AS SELECT * FROM %1$s",
          "DROP TABLE IF EXISTS copy_%2$d",
          "RENAME TABLE %1$s TO away_%2$d, away_%2$d TO %1$s");

  private static final List<String> TABLES =
      List.of(
          "carrier", "trade_order", "fulfillment_order", "logistics_event", "customs_declaration");

  /** Codes of MariaDB: a column is not there, is there already, cannot be dropped. */
  private static final Set<Integer> NOT_APPLICABLE = Set.of(1054, 1060, 1091);

  /**
   * Codes of MariaDB: a wait for a lock was too long, a deadlock, a table has changed meanwhile.
   */
  private static final Set<Integer> ROLLED_BACK = Set.of(1205, 1213, 1412);

  private final long seed;
  private final int transactions;
  private final boolean withDefinitions;

  /**
   * @param transactions how many each connection makes
   * @param withDefinitions whether definitions of tables change in between
   */
  RandomHistory(long seed, int transactions, boolean withDefinitions) {
    this.seed = seed;
    this.transactions = transactions;
    this.withDefinitions = withDefinitions;
  }

  /** Runs it to its end. */
  void run(Callable<Connection> connect) throws Exception {
    ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        int connection = i;
        running.add(connections.submit(() -> run(connect, connection)));
      }
      for (Future<?> one : running) {
        one.get(2, TimeUnit.MINUTES);
      }
    } finally {
      connections.shutdownNow();
    }
  }

  private Void run(Callable<Connection> connect, int number) throws Exception {
    long own = seed * CONNECTIONS + number;
    Random random = new Random(own);
    // Drawn by themselves, so that they move no other statement of a seed.
    Random definitions = new Random(~own);
    try (Connection connection = connect.call();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < transactions; i++) {
        transaction(connection, statement, random);
        if (withDefinitions && definitions.nextInt(12) == 0) {
          execute(
              statement,
              List.of(one(definitions, DEFINITIONS).formatted(one(definitions, TABLES), number)));
        }
      }
    }
    return null;
  }

  private static void transaction(Connection connection, Statement statement, Random random)
      throws SQLException {
    // Drawn before anything can fail, so that the statements depend on the seed alone.
    List<String> statements = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      statements.add(statement(random));
    }
    boolean rollsBack = random.nextInt(10) == 0;
    if (execute(statement, statements) && !rollsBack) {
      connection.commit();
    } else {
      connection.rollback();
    }
  }

  /** Whether none was rolled back by the database. */
  private static boolean execute(Statement statement, List<String> statements) throws SQLException {
    for (String sql : statements) {
      try {
        statement.execute(sql);
      } catch (SQLIntegrityConstraintViolationException e) {
        // The key is taken: as in an application, the transaction goes on.
      } catch (SQLException e) {
        if (ROLLED_BACK.contains(e.getErrorCode())) {
          return false;
        }
        if (!NOT_APPLICABLE.contains(e.getErrorCode())) {
          throw new SQLException(
              e.getMessage() + " in: " + sql, e.getSQLState(), e.getErrorCode(), e);
        }
      }
    }
    return true;
  }

  private static String statement(Random random) {
    return switch (random.nextInt(5)) {
      case 0 ->
          change(
              random,
              "carrier",
              "carrier_id",
              id(random),
              "carrier_name, service_level, updated_at",
              text(random),
              text(random),
              time(random));
      case 1 ->
          change(
              random,
              "trade_order",
              "order_date, order_id",
              day(random) + ", " + id(random),
              "business_line, merchant_id, buyer_name, region_id, fulfillment_ids, currency, goods_amount, remark, created_at, updated_at",
              "'domestic'",
              id(random),
              text(random),
              id(random),
              one(random, LISTS),
              "'EUR'",
              amount(random),
              random.nextBoolean() ? "NULL" : text(random),
              time(random),
              time(random));
      case 2 ->
          change(
              random,
              "fulfillment_order",
              "order_date, fulfillment_id",
              day(random) + ", " + id(random),
              "order_id, business_line, direction, warehouse_id, status, weight_grams, parcel_amount, freight_amount, created_at, cancelled_at, updated_at",
              id(random),
              "'import'",
              "'outbound'",
              random.nextBoolean() ? "NULL" : id(random),
              "'created'",
              random.nextBoolean() ? "NULL" : "2147483647",
              amount(random),
              random.nextBoolean() ? "NULL" : amount(random),
              time(random),
              random.nextBoolean() ? "NULL" : time(random),
              time(random));
      case 3 ->
          change(
              random,
              "logistics_event",
              "order_date, event_id",
              day(random) + ", " + id(random),
              "fulfillment_id, event_type, event_time, station, received_at, updated_at",
              id(random),
              one(random, TYPES),
              time(random),
              random.nextBoolean() ? "NULL" : text(random),
              time(random),
              time(random));
      default ->
          change(
              random,
              "customs_declaration",
              "order_date, declaration_id",
              day(random) + ", " + id(random),
              "fulfillment_id, customs_status, duty_amount, declared_at, cleared_at, updated_at",
              id(random),
              "'declared'",
              random.nextBoolean() ? "NULL" : amount(random),
              time(random),
              random.nextBoolean() ? "NULL" : time(random),
              time(random));
    };
  }

  private static String change(
      Random random,
      String table,
      String keyColumns,
      String key,
      String columns,
      String... values) {
    String[] names = columns.split(", ");
    List<String> all = List.of(values);
    String row =
        "INTO %s (%s, %s) VALUES (%s, %s)"
            .formatted(table, keyColumns, columns, key, String.join(", ", all));
    int column = random.nextInt(names.length);
    String set = names[column] + " = " + all.get(column);
    String where = " WHERE (%s) = (%s)".formatted(keyColumns, key);
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> "INSERT " + row;
      case 3 -> "REPLACE " + row;
      case 4 -> "INSERT " + row + " ON DUPLICATE KEY UPDATE " + set;
      case 5, 6, 7 -> "UPDATE " + table + " SET " + set + where;
      case 8 -> "UPDATE " + table + " SET " + set + ", updated_at = " + time(random) + where;
      case 9 -> "DELETE FROM " + table + where;
      case 10 -> {
        String id = keyColumns.substring(keyColumns.lastIndexOf(' ') + 1);
        yield "UPDATE " + table + " SET " + id + " = " + id(random) + where;
      }
      default -> "UPDATE " + table + " SET " + set;
    };
  }

  private static String one(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static String time(Random random) {
    return one(random, TIMES);
  }

  private static String text(Random random) {
    return one(random, TEXTS);
  }

  private static String id(Random random) {
    return String.valueOf(1 + random.nextInt(6));
  }

  private static String day(Random random) {
    return random.nextBoolean() ? "'2026-06-17'" : "'2026-06-18'";
  }

  private static String amount(Random random) {
    return one(random, List.of("0", "0.01", "-1.50", "99999999.99"));
  }
}
