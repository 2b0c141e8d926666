/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.stack.StackAddresses;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.workload.SourceRow;
import io.tidelake.workload.SourceTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.types.DataField;

/**
 * The database as the oracle of the lake: what its own queries answer, and what the tables of the
 * lake hold, as sorted text in the same form.
 */
final class SourceMirror {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** What the wide fact must show of each parcel that is there, by the database's own joins. */
  private static final String WIDE =
      """
      SELECT
        f.order_date AS dt, f.fulfillment_id, f.status, f.freight_amount, %s, %s
      FROM fulfillment_order f
      """
          .formatted(
              List.of("outbound", "picked_up", "out_for_delivery", "signed").stream()
                  .map(
                      type ->
                          """
                          (SELECT e.event_time FROM logistics_event e
                           WHERE e.order_date = f.order_date AND e.fulfillment_id = f.fulfillment_id AND e.event_type = '%1$s'
                           ORDER BY e.event_time DESC, e.event_id DESC LIMIT 1) AS %1$s_at
                          """
                              .formatted(type))
                  .collect(Collectors.joining(", ")),
              List.of("customs_status", "duty_amount").stream()
                      .map(
                          column ->
                              """
                              (SELECT d.%1$s FROM customs_declaration d
                               WHERE d.order_date = f.order_date AND d.fulfillment_id = f.fulfillment_id
                               ORDER BY d.declared_at DESC, d.declaration_id DESC LIMIT 1) AS %1$s
                              """
                                  .formatted(column))
                      .collect(Collectors.joining(", "))
                  + ", "
                  + List.of("order_id", "buyer_name").stream()
                      .map(
                          column ->
                              """
                              (SELECT o.%1$s FROM trade_order o
                               WHERE o.order_date = f.order_date AND FIND_IN_SET(f.fulfillment_id, REPLACE(o.fulfillment_ids, ' ', '')) > 0
                               ORDER BY o.created_at DESC, o.order_id DESC LIMIT 1) AS %1$s
                              """
                                  .formatted(column))
                      .collect(Collectors.joining(", ")));

  private static final List<String> WIDE_COLUMNS =
      List.of(
          "dt",
          "fulfillment_id",
          "status",
          "freight_amount",
          "outbound_at",
          "picked_up_at",
          "out_for_delivery_at",
          "signed_at",
          "customs_status",
          "duty_amount",
          "order_id",
          "buyer_name");

  private final Connection database;
  private final LakeCatalog catalog;

  SourceMirror(Connection database, LakeCatalog catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  /** A connection to the database of a stack, as old applications make it: with zero dates. */
  static Connection connect(StackAddresses stack) throws SQLException {
    Connection connection = DriverManager.getConnection(stack.jdbcUrl());
    connection.setCatalog("logistics");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 3, lock_wait_timeout = 3");
    }
    return connection;
  }

  /** Waits until lake and database are equal. */
  void awaitEqual(String what) {
    await(what)
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(differences()).as(what).isEmpty());
  }

  /** Where lake and database differ: ODS, DIM and the wide fact; empty when nowhere. */
  List<String> differences() throws SQLException, IOException {
    List<String> differences = new ArrayList<>();
    for (Class<? extends SourceRow> kind : SourceRow.TABLES) {
      SourceTable table = SourceTable.of(kind);
      List<String> columns = table.columns();
      compare(
          table.mirror(),
          source(columns, table.name()),
          lake(
              table.mirror(),
              columns.stream().map(c -> c.equals("order_date") ? "dt" : c).toList()),
          differences);
    }
    compare(
        "dwd_fulfillment_wide",
        source(WIDE_COLUMNS, "(" + WIDE + ") AS wide"),
        lake("dwd_fulfillment_wide", WIDE_COLUMNS),
        differences);
    return differences;
  }

  private static void compare(
      String table, List<String> source, List<String> lake, List<String> differences) {
    List<String> onlySource = new ArrayList<>(source);
    lake.forEach(onlySource::remove);
    List<String> onlyLake = new ArrayList<>(lake);
    source.forEach(onlyLake::remove);
    onlySource.forEach(row -> differences.add("only the database has, for " + table + ": " + row));
    onlyLake.forEach(row -> differences.add("only " + table + " has: " + row));
  }

  /** As the database writes values as text. Zero dates are no dates: NULL in the lake. */
  private List<String> source(List<String> columns, String from) throws SQLException {
    String texts =
        columns.stream()
            .map(column -> "CAST(" + column + " AS CHAR) AS " + column)
            .collect(Collectors.joining(", "));
    List<String> rows = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery("SELECT " + texts + " FROM " + from)) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          String text = result.getString(i);
          values.add(text != null && text.startsWith("0000-00-00") ? null : text);
        }
        rows.add(values.toString());
      }
    }
    return rows;
  }

  /** The rows that are not deleted. */
  private List<String> lake(String name, List<String> columns) throws IOException {
    FileStoreTable table =
        catalog.table(name).copy(Map.of(CoreOptions.DELETION_VECTORS_MERGE_ON_READ.key(), "true"));
    List<DataField> fields = table.rowType().getFields();
    int deleted = table.rowType().getFieldIndex("is_deleted");
    List<InternalRow.FieldGetter> getters =
        columns.stream()
            .map(column -> table.rowType().getFieldIndex(column))
            .map(index -> InternalRow.createFieldGetter(fields.get(index).type(), index))
            .toList();
    ReadBuilder read = table.newReadBuilder();
    List<String> rows = new ArrayList<>();
    try (RecordReader<InternalRow> reader =
        read.newRead().createReader(read.newScan().plan().splits())) {
      reader.forEachRemaining(
          row -> {
            if (!row.isNullAt(deleted) && !row.getBoolean(deleted)) {
              rows.add(
                  getters.stream()
                      .map(getter -> text(getter.getFieldOrNull(row)))
                      .toList()
                      .toString());
            }
          });
    }
    return rows;
  }

  private static String text(Object value) {
    return value instanceof Timestamp time
        ? TIME.format(time.toInstant())
        : value == null ? "null" : value.toString();
  }
}
