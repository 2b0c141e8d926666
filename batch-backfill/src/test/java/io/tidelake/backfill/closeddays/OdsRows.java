/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of ODS for tests, each newer than those before; written together, one commit a table. */
final class OdsRows {

  private final ClosedDaysLake lake;
  private long version = 1_000;
  private final Map<String, List<String>> rows = new LinkedHashMap<>();

  OdsRows(ClosedDaysLake lake) {
    this.lake = lake;
  }

  /** A trade order that lists parcels, as {@code 11,12}. */
  OdsRows order(String day, int order, String parcels) {
    return add(
        "ods_trade_order (dt, order_id, merchant_id, fulfillment_ids, currency, created_at, is_deleted, row_version)",
        "('%s', %d, 7, '%s', 'EUR', %s, FALSE, %d)"
            .formatted(day, order, parcels, time(day, "08:00"), ++version));
  }

  /** That a trade order does not list a parcel any more. */
  OdsRows withdrawn(String day, int order, int parcel) {
    return add(
        "ods_withdrawn_parcel (dt, fulfillment_id, order_id, row_version)",
        "('%s', %d, %d, %d)".formatted(day, parcel, order, ++version));
  }

  /** A domestic parcel of a warehouse, with an amount of 10. */
  OdsRows parcel(String day, int parcel, int warehouse) {
    return add(
        "ods_fulfillment_order (dt, fulfillment_id, business_line, direction, warehouse_id, parcel_amount, is_deleted, row_version)",
        "('%s', %d, 'domestic', 'outbound', %d, CAST(10 AS DECIMAL(12, 2)), FALSE, %d)"
            .formatted(day, parcel, warehouse, ++version));
  }

  /** A scan of a parcel on its day, at a time of the day. */
  OdsRows scan(String day, int parcel, String type, int event, String time) {
    return scan(day, parcel, type, event, time, false, ++version);
  }

  /** One that the source has deleted. */
  OdsRows deletedScan(String day, int parcel, String type, int event, String time) {
    return scan(day, parcel, type, event, time, true, ++version);
  }

  /** One that is older than all others. */
  OdsRows staleScan(String day, int parcel, String type, int event, String time) {
    return scan(day, parcel, type, event, time, false, 1);
  }

  private OdsRows scan(
      String day, int parcel, String type, int event, String time, boolean isDeleted, long of) {
    return add(
        "ods_logistics_event (dt, event_id, fulfillment_id, event_type, event_time, is_deleted, row_version)",
        "('%s', %d, %d, '%s', %s, %s, %d)"
            .formatted(day, event, parcel, type, time(day, time), isDeleted, of));
  }

  /** A customs declaration of a parcel. */
  OdsRows declaration(String day, int parcel, int declaration, String status, boolean isDeleted) {
    return add(
        "ods_customs_declaration (dt, declaration_id, fulfillment_id, customs_status, declared_at, is_deleted, row_version)",
        "('%s', %d, %d, '%s', %s, %s, %d)"
            .formatted(day, declaration, parcel, status, time(day, "09:00"), isDeleted, ++version));
  }

  private OdsRows add(String table, String row) {
    rows.computeIfAbsent(table, name -> new ArrayList<>()).add(row);
    return this;
  }

  private static String time(String day, String time) {
    return "CAST(TIMESTAMP '%s %s:00' AS TIMESTAMP_LTZ(6))".formatted(day, time);
  }

  void write() throws Exception {
    for (Map.Entry<String, List<String>> table : rows.entrySet()) {
      lake.sql("INSERT INTO " + table.getKey() + " VALUES " + String.join(", ", table.getValue()));
    }
    rows.clear();
  }
}
