/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import io.tidelake.merge.law.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What happens to parcels, with hand-written rows of every layer; the same in batch and stream. */
final class LayerScenarios {

  /** Dimension rows that all scenarios share. */
  static final String DIMENSIONS =
      """
      dim_merchant: merchant_id = 100, merchant_name = 'Tea & Co', category = 'food', updated_at = '2026-01-01 00:00:00'
      dim_region: region_id = 3, region_name = 'Coast', country_code = 'NL', updated_at = '2026-01-01 00:00:00'
      dim_warehouse: warehouse_id = 1, warehouse_name = 'North', updated_at = '2026-01-01 00:00:00'
      dim_warehouse: warehouse_id = 2, warehouse_name = 'South', updated_at = '2026-01-01 00:00:00'
      dim_carrier: carrier_id = 5, carrier_name = 'Swift', updated_at = '2026-01-01 00:00:00'
      """;

  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String DAY_COUNTS = "dws_fulfillment_day";
  private static final String TOTALS = "ads_overview";

  /** Of the offline snapshots, in microseconds since 1970: after all that happens. */
  private static final long AS_OF =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-07-01T00:00:00Z"));

  private LayerScenarios() {}

  static List<Scenario> all() {
    return List.of(
        arrivalOrders(),
        partialArrivals(),
        orderWithSeveralParcels(),
        lateOrderMovesTheGroup(),
        reassignedWarehouse(),
        cancellation(),
        deletionAndRecreation(),
        repeatedAndLateScans(),
        withdrawnScan(),
        correctedScans(),
        deletedSources(),
        parcelsOfLists(),
        undoneScan(),
        scansOfOneTime(),
        splitByBusinessLine(),
        carrierTimeliness(),
        minutes(),
        cleanedScans());
  }

  private static String order(int parcel) {
    return """
        ods_trade_order: order_id = %1$d, business_line = 'import', merchant_id = 100, buyer_name = 'Zoë 🚚', region_id = 3, \
        fulfillment_ids = '%1$d', currency = 'EUR', goods_amount = 80.50, payment_method = 'card', paid_amount = 80.50, \
        created_at = '{day} 08:00:00', paid_at = '{day} 08:01:00.000001', updated_at = '{day} 08:01:00'
        """
        .formatted(parcel);
  }

  private static String fulfillment(int parcel) {
    return """
        ods_fulfillment_order: fulfillment_id = %1$d, order_id = %1$d, business_line = 'import', direction = 'outbound', \
        warehouse_id = 1, carrier_id = 5, status = 'shipped', weight_grams = 250, parcel_amount = 79.00, freight_amount = 4.20, \
        created_at = '{day} 08:00:00', accepted_at = '{day} 08:30:00', updated_at = '{day} 08:30:00'
        """
        .formatted(parcel);
  }

  private static String scan(int parcel) {
    return """
        ods_logistics_event: event_id = %1$d, fulfillment_id = %1$d, event_type = 'outbound', event_time = '{day} 09:00:00', \
        station = ' Dock 4 ', updated_at = '{day} 09:00:05'
        """
        .formatted(parcel);
  }

  private static String declaration(int parcel) {
    return """
        ods_customs_declaration: declaration_id = %1$d, fulfillment_id = %1$d, customs_status = 'cleared', duty_amount = 3.10, \
        declared_at = '{day} 10:00:00', cleared_at = '{day} 11:00:00', updated_at = '{day} 11:00:00'
        """
        .formatted(parcel);
  }

  private static Scenario arrivalOrders() {
    String columns =
        "fulfillment_id, order_id, merchant_id, merchant_name, merchant_category, buyer_name, region_id,"
            + " region_name, currency, goods_amount, payment_method, paid_amount, ordered_at, paid_at,"
            + " business_line, direction, warehouse_id, warehouse_name, carrier_id, carrier_name, status,"
            + " weight_grams, parcel_amount, freight_amount, accepted_at, cancelled_at, cancel_reason,"
            + " outbound_at, outbound_station, picked_up_at, customs_status, duty_amount, declared_at,"
            + " customs_cleared_at, signed_at, is_deleted";
    String row =
        "%1$d | %1$d | 100 | Tea & Co | food | Zoë 🚚 | 3 | Coast | EUR | 80.50 | card | 80.50"
            + " | {day}T08:00:00Z | {day}T08:01:00.000001Z | import | outbound | 1 | North | 5 | Swift | shipped"
            + " | 250 | 79.00 | 4.20 | {day}T08:30:00Z | NULL | NULL | {day}T09:00:00Z | Dock 4 | NULL | cleared"
            + " | 3.10 | {day}T10:00:00Z | {day}T11:00:00Z | NULL | false";
    return new Scenario("the wide row does not depend on the order of arrival")
        .given(
            order(1)
                + scan(2)
                + declaration(4)
                + order(3)
                + fulfillment(3)
                + scan(3)
                + declaration(3))
        .expect(
            WIDE,
            "fulfillment_id, order_id, status, outbound_at, customs_status, is_deleted",
            "1 | 1 | NULL | NULL | NULL | NULL",
            "2 | NULL | NULL | {day}T09:00:00Z | NULL | NULL",
            "3 | 3 | shipped | {day}T09:00:00Z | cleared | false",
            "4 | NULL | NULL | NULL | cleared | NULL")
        .given(fulfillment(1) + declaration(2) + order(4))
        .expect(
            WIDE,
            "fulfillment_id, order_id, status, outbound_at, customs_status, is_deleted",
            "1 | 1 | shipped | NULL | NULL | false",
            "2 | NULL | NULL | {day}T09:00:00Z | cleared | NULL",
            "3 | 3 | shipped | {day}T09:00:00Z | cleared | false",
            "4 | 4 | NULL | NULL | cleared | NULL")
        .given(scan(1) + fulfillment(2) + scan(4))
        .given(declaration(1) + order(2) + fulfillment(4))
        .expect(
            WIDE, columns, row.formatted(1), row.formatted(2), row.formatted(3), row.formatted(4))
        .expect(
            DAY_COUNTS,
            "warehouse_id, carrier_id, region_id, created_count, outbound_count, parcel_amount, freight_amount",
            "1 | 5 | 3 | 4 | 4 | 316.00 | 16.80")
        .expect(TOTALS, "business_line, created_count, parcel_amount", "import | 4 | 316.00");
  }

  private static Scenario partialArrivals() {
    String groups =
        "buyer_name, business_line, outbound_station, picked_up_at, customs_status, is_deleted";
    return new Scenario("a source leaves the groups of the others alone")
        .given(scan(1))
        .expect(WIDE, groups, "NULL | NULL | Dock 4 | NULL | NULL | NULL")
        .given(order(1))
        .expect(WIDE, groups, "Zoë 🚚 | NULL | Dock 4 | NULL | NULL | NULL")
        .given(
            """
            ods_fulfillment_order: fulfillment_id = 1, order_id = 1, business_line = 'domestic', direction = 'outbound', updated_at = '{day} 08:30:00'
            """)
        .expect(WIDE, groups, "Zoë 🚚 | domestic | Dock 4 | NULL | NULL | false");
  }

  private static Scenario orderWithSeveralParcels() {
    return new Scenario("an order reaches each of its parcels")
        .given(
            """
            ods_trade_order: order_id = 1, merchant_id = 100, fulfillment_ids = '11,12', goods_amount = 50.00, created_at = '{day} 08:00:00', updated_at = '{day} 08:00:00'
            ods_trade_order: order_id = 2, merchant_id = 999, fulfillment_ids = '21, 22 ,23', goods_amount = 60.00, created_at = '{day} 08:00:00', updated_at = '{day} 08:00:00'
            """)
        .expect(
            WIDE,
            "fulfillment_id, order_id, merchant_name, goods_amount, paid_at",
            "11 | 1 | Tea & Co | 50.00 | NULL",
            "12 | 1 | Tea & Co | 50.00 | NULL",
            "21 | 2 | NULL | 60.00 | NULL",
            "22 | 2 | NULL | 60.00 | NULL",
            "23 | 2 | NULL | 60.00 | NULL")
        .given(
            """
            ods_trade_order: order_id = 1, merchant_id = 100, fulfillment_ids = '11,12,13', goods_amount = 50.00, created_at = '{day} 08:00:00', paid_at = '{day} 08:05:00', updated_at = '{day} 08:05:00'
            """)
        .expect(
            WIDE,
            "fulfillment_id, order_id, merchant_name, goods_amount, paid_at",
            "11 | 1 | Tea & Co | 50.00 | {day}T08:05:00Z",
            "12 | 1 | Tea & Co | 50.00 | {day}T08:05:00Z",
            "13 | 1 | Tea & Co | 50.00 | {day}T08:05:00Z",
            "21 | 2 | NULL | 60.00 | NULL",
            "22 | 2 | NULL | 60.00 | NULL",
            "23 | 2 | NULL | 60.00 | NULL");
  }

  private static Scenario lateOrderMovesTheGroup() {
    return new Scenario("an order that comes late moves its parcel to the region")
        .given(fulfillment(1))
        .expect(DAY_COUNTS, "region_id, created_count, parcel_amount", "0 | 1 | 79.00")
        .expect(TOTALS, "business_line, created_count, parcel_amount", "import | 1 | 79.00")
        .given(order(1))
        .expect(DAY_COUNTS, "region_id, created_count, parcel_amount", "3 | 1 | 79.00")
        .expect(TOTALS, "business_line, created_count, parcel_amount", "import | 1 | 79.00");
  }

  private static String assigned(int parcel, int warehouse, String time) {
    return """
        ods_fulfillment_order: fulfillment_id = %d, order_id = 1, business_line = 'domestic', direction = 'outbound', \
        warehouse_id = %d, carrier_id = 5, parcel_amount = 10.00, freight_amount = 1.00, updated_at = '{day} %s'
        """
        .formatted(parcel, warehouse, time);
  }

  private static Scenario reassignedWarehouse() {
    String columns = "warehouse_id, created_count, valid_count, parcel_amount";
    String totals = "business_line, created_count, valid_count, parcel_amount";
    return new Scenario("a parcel leaves the counts of its former warehouse")
        .given(assigned(11, 1, "09:00:00") + assigned(12, 2, "09:00:00"))
        .expect(DAY_COUNTS, columns, "1 | 1 | 1 | 10.00", "2 | 1 | 1 | 10.00")
        .expect(TOTALS, totals, "domestic | 2 | 2 | 20.00")
        .given(assigned(11, 2, "09:30:00"))
        .expect(DAY_COUNTS, columns, "2 | 2 | 2 | 20.00")
        .expect(TOTALS, totals, "domestic | 2 | 2 | 20.00")
        .expect(WIDE, "fulfillment_id, warehouse_name", "11 | South", "12 | South")
        .given(assigned(11, 1, "10:00:00"))
        .expect(DAY_COUNTS, columns, "1 | 1 | 1 | 10.00", "2 | 1 | 1 | 10.00")
        .expect(TOTALS, totals, "domestic | 2 | 2 | 20.00")
        // an assignment that is older than the one known changes nothing
        .given(assigned(11, 2, "09:45:00") + assigned(12, 1, "09:45:00"))
        .expect(DAY_COUNTS, columns, "1 | 2 | 2 | 20.00")
        .expect(TOTALS, totals, "domestic | 2 | 2 | 20.00");
  }

  private static Scenario cancellation() {
    String columns =
        "created_count, valid_count, cancelled_count, outbound_count, parcel_amount, freight_amount";
    return new Scenario("a cancelled parcel stays created and leaves the other counts")
        .given(assigned(1, 1, "09:00:00") + assigned(2, 1, "09:00:00") + scan(1) + scan(2))
        .expect(DAY_COUNTS, columns, "2 | 2 | 0 | 2 | 20.00 | 2.00")
        .expect(TOTALS, columns, "2 | 2 | 0 | 2 | 20.00 | 2.00")
        .given(
            """
            ods_fulfillment_order: fulfillment_id = 1, order_id = 1, business_line = 'domestic', direction = 'outbound', warehouse_id = 1, carrier_id = 5, \
            status = 'cancelled', parcel_amount = 10.00, freight_amount = 1.00, cancelled_at = '{day} 09:30:00', cancel_reason = 'no stock', updated_at = '{day} 09:30:00'
            """)
        .expect(DAY_COUNTS, columns, "2 | 1 | 1 | 1 | 10.00 | 1.00")
        .expect(TOTALS, columns, "2 | 1 | 1 | 1 | 10.00 | 1.00")
        .expect(
            "dwd_domestic_fulfillment",
            "fulfillment_id, status, cancelled_at",
            "1 | cancelled | {day}T09:30:00Z",
            "2 | NULL | NULL");
  }

  private static String deleted(int parcel, String time) {
    return deleted(assigned(parcel, 1, time));
  }

  private static Scenario deletionAndRecreation() {
    String counts = "warehouse_id, created_count, parcel_amount";
    String totals = "business_line, created_count, parcel_amount";
    String split = "dwd_domestic_fulfillment";
    return new Scenario("a deleted parcel counts nowhere, and again when it is back")
        .given(assigned(1, 1, "09:00:00") + assigned(2, 2, "09:00:00"))
        .expect(split, "fulfillment_id", "1", "2")
        .expect(DAY_COUNTS, counts, "1 | 1 | 10.00", "2 | 1 | 10.00")
        .expect(TOTALS, totals, "domestic | 2 | 20.00")
        .given(deleted(1, "09:30:00"))
        .expect(split, "fulfillment_id", "2")
        .expect(DAY_COUNTS, counts, "2 | 1 | 10.00")
        .expect(TOTALS, totals, "domestic | 1 | 10.00")
        .expect(WIDE, "fulfillment_id, warehouse_id, is_deleted", "1 | 1 | true", "2 | 2 | false")
        .given(assigned(1, 1, "10:00:00"))
        .expect(split, "fulfillment_id", "1", "2")
        .expect(DAY_COUNTS, counts, "1 | 1 | 10.00", "2 | 1 | 10.00")
        .expect(TOTALS, totals, "domestic | 2 | 20.00")
        .given(deleted(1, "10:30:00") + deleted(2, "10:30:00"))
        .expect(split, "fulfillment_id")
        .expect(DAY_COUNTS, counts)
        .expect(TOTALS, totals);
  }

  private static String outboundScan(int event, String time, String station) {
    return """
        ods_logistics_event: event_id = %d, fulfillment_id = 1, event_type = 'outbound', event_time = '{day} %s', station = '%s', updated_at = '{day} %s'
        """
        .formatted(event, time, station, time);
  }

  private static Scenario repeatedAndLateScans() {
    return new Scenario("the latest scan of a milestone counts, whenever it arrives")
        .given(
            assigned(1, 1, "08:00:00")
                + outboundScan(1, "09:00:00", "first")
                + outboundScan(2, "09:30:00", "second"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:30:00Z | second")
        .expect(DAY_COUNTS, "outbound_count", "1")
        .given(outboundScan(3, "09:10:00", "late") + outboundScan(2, "09:30:00", "second"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:30:00Z | second")
        .expect(DAY_COUNTS, "outbound_count", "1")
        .expect("dwd_logistics_event", "event_id, station", "1 | first", "2 | second", "3 | late")
        .given(outboundScan(4, "09:30:00.000001", "third"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:30:00.000001Z | third");
  }

  private static Scenario withdrawnScan() {
    return new Scenario("when a scan is withdrawn, the one before it counts again")
        .given(assigned(1, 1, "08:00:00") + outboundScan(1, "09:00:00", "dock"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:00:00Z | dock")
        .expect(DAY_COUNTS, "outbound_count", "1")
        .expect("ads_trend_minute", "stat_minute, outbound_count", "09:00 | 1")
        .given(deleted(outboundScan(1, "09:00:00", "dock")))
        .expect(WIDE, "outbound_at, outbound_station", "NULL | NULL")
        .expect(DAY_COUNTS, "outbound_count", "0")
        .expect("ads_trend_minute", "stat_minute, outbound_count")
        .expect("dwd_logistics_event", "event_id, station, is_deleted", "1 | dock | true")
        .given(outboundScan(2, "09:20:00", "gate") + outboundScan(3, "09:40:00", "ramp"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:40:00Z | ramp")
        .given(deleted(outboundScan(3, "09:50:00", "ramp")))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:20:00Z | gate")
        .expect(DAY_COUNTS, "outbound_count", "1")
        .expect("ads_trend_minute", "stat_minute, outbound_count", "09:20 | 1");
  }

  /** As change capture writes it: a scan that moves is deleted where it was. */
  private static Scenario correctedScans() {
    String both = "fulfillment_id, outbound_at, picked_up_at";
    String first = scan(1, 1, "outbound", "09:00:00");
    return new Scenario("a scan that is corrected leaves no trace of what it was")
        .given(
            first
                + scan(2, 1, "outbound", "09:30:00")
                + scan(3, 2, "picked_up", "09:10:00")
                + at(scan(4, 3, "outbound", "09:00:00"), "2099-01-01 00:00:00")
                + at(scan(5, 4, "outbound", "09:00:00"), "1900-01-01 00:00:00"))
        .expect(
            WIDE,
            both,
            "1 | {day}T09:30:00Z | NULL",
            "2 | NULL | {day}T09:10:00Z",
            "3 | 2099-01-01T00:00:00Z | NULL",
            "4 | 1900-01-01T00:00:00Z | NULL")
        // to an earlier time, to another type, to another parcel; and the clock that was in 2099
        .given(
            changed(at(scan(2, 1, "outbound", "09:30:00"), "{day} 08:30:00"), "10:00:00")
                + deleted(changed(scan(3, 2, "picked_up", "09:10:00"), "10:00:00"))
                + changed(scan(3, 2, "outbound", "09:10:00"), "10:00:01")
                + changed(scan(4, 3, "outbound", "09:00:00"), "10:00:00"))
        .expect(
            WIDE,
            both,
            "1 | {day}T09:00:00Z | NULL",
            "2 | {day}T09:10:00Z | NULL",
            "3 | {day}T09:00:00Z | NULL",
            "4 | 1900-01-01T00:00:00Z | NULL")
        .given(
            deleted(changed(first, "11:00:00"))
                + changed(scan(1, 2, "outbound", "09:00:00"), "11:00:01"))
        .expect(
            WIDE,
            both,
            "1 | {day}T08:30:00Z | NULL",
            "2 | {day}T09:10:00Z | NULL",
            "3 | {day}T09:00:00Z | NULL",
            "4 | 1900-01-01T00:00:00Z | NULL");
  }

  private static Scenario deletedSources() {
    String groups =
        "fulfillment_id, order_id, buyer_name, merchant_name, customs_status, duty_amount";
    return new Scenario(
            "what is deleted at the source goes from the wide fact, one before it stays")
        .given(
            order(1)
                + declaration(1)
                + changed(declaration(1), "12:00:00")
                    .replace("declaration_id = 1", "declaration_id = 2")
                    .replace("3.10", "4.20"))
        .expect(WIDE, groups, "1 | 1 | Zoë 🚚 | Tea & Co | cleared | 4.20")
        .given(
            deleted(
                changed(declaration(1), "13:00:00")
                    .replace("declaration_id = 1", "declaration_id = 2")))
        .expect(WIDE, groups, "1 | 1 | Zoë 🚚 | Tea & Co | cleared | 3.10")
        .given(
            deleted(changed(declaration(1), "13:30:00")) + deleted(changed(order(1), "13:30:00")))
        .expect(WIDE, groups, "1 | NULL | NULL | NULL | NULL | NULL");
  }

  private static String listing(int order, String parcels, String time) {
    return """
        ods_trade_order: order_id = %d, merchant_id = 100, fulfillment_ids = '%s', updated_at = '{day} %s'
        """
        .formatted(order, parcels, time);
  }

  /** As change capture writes it: what an update takes out of a list is told beside it. */
  private static String withdrawn(int order, int parcel, String time) {
    return """
        ods_withdrawn_parcel: order_id = %d, fulfillment_id = %d, updated_at = '{day} %s'
        """
        .formatted(order, parcel, time);
  }

  private static Scenario parcelsOfLists() {
    String orders = "fulfillment_id, order_id, merchant_name";
    return new Scenario("a parcel follows the lists of its orders, and what is no number is said")
        .given(
            listing(1, "11, 12", "08:00:00")
                + listing(2, "21,", "08:00:00")
                + listing(3, " ", "08:00:00")
                + listing(4, "41;42", "08:00:00")
                + listing(5, "", "08:00:00"))
        .expect(WIDE, orders, "11 | 1 | Tea & Co", "12 | 1 | Tea & Co", "21 | 2 | Tea & Co")
        // one order takes the parcel of another, which lets it go later
        .given(
            listing(2, "21,12", "09:00:00")
                + listing(1, "11", "09:00:01")
                + withdrawn(1, 12, "09:00:01"))
        .expect(WIDE, orders, "11 | 1 | Tea & Co", "12 | 2 | Tea & Co", "21 | 2 | Tea & Co")
        .given(
            listing(1, "12", "10:00:00")
                + withdrawn(1, 11, "10:00:00")
                + listing(2, "21", "10:00:01")
                + withdrawn(2, 12, "10:00:01"))
        .expect(WIDE, orders, "11 | NULL | NULL", "12 | 1 | Tea & Co", "21 | 2 | Tea & Co");
  }

  private static String at(String scan, String time) {
    return scan.replaceFirst("event_time = '[^']*'", "event_time = '" + time + "'");
  }

  /** A row as it is after another change. */
  private static String changed(String row, String time) {
    return row.replaceFirst("updated_at = '[^']*'", "updated_at = '{day} " + time + "'");
  }

  private static Scenario undoneScan() {
    String filled = outboundScan(1, "09:00:00", "dock");
    String undone = deleted(filled);
    return new Scenario("a scan that was backfilled, undone and backfilled again counts")
        .given(assigned(1, 1, "08:00:00") + version(filled, Version.snapshot(AS_OF, 0)))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:00:00Z | dock")
        .given(version(undone, Version.snapshot(AS_OF, 1)))
        .expect(WIDE, "outbound_at, outbound_station", "NULL | NULL")
        .expect(DAY_COUNTS, "outbound_count", "0")
        .given(version(filled, Version.snapshot(AS_OF, 2)))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:00:00Z | dock")
        .expect(DAY_COUNTS, "outbound_count", "1")
        .given(outboundScan(1, "09:00:00", "gate"))
        .expect(WIDE, "outbound_at, outbound_station", "{day}T09:00:00Z | gate");
  }

  /** Whether real time withdrew a scan, or a snapshot knows it as withdrawn, is all the same. */
  private static Scenario scansOfOneTime() {
    return new Scenario("of scans of one time that are there the one with the greatest id counts")
        .given(
            dockScan(12, 1)
                + dockScan(22, 2)
                + dockScan(31, 3)
                + dockScan(41, 4)
                + dockScan(1999, 5)
                + dockScan(2000, 5))
        .given(
            dockScan(11, 1)
                + version(deleted(dockScan(21, 2)), Version.snapshot(AS_OF, 0))
                + dockScan(32, 3)
                + version(deleted(dockScan(42, 4)), Version.snapshot(AS_OF, 0)))
        .given(deleted(dockScan(11, 1)) + deleted(dockScan(32, 3)))
        .expect(
            WIDE,
            "fulfillment_id, outbound_at, outbound_station",
            "1 | {day}T09:00:00Z | dock 12",
            "2 | {day}T09:00:00Z | dock 22",
            "3 | {day}T09:00:00Z | dock 31",
            "4 | {day}T09:00:00Z | dock 41",
            "5 | {day}T09:00:00Z | dock 2000");
  }

  private static String dockScan(int event, int parcel) {
    return scan(event, parcel, "outbound", "09:00:00")
        .replace("updated_at", "station = 'dock %d', updated_at".formatted(event));
  }

  private static String deleted(String row) {
    return row.replace("updated_at", "is_deleted = TRUE, updated_at");
  }

  private static String version(String row, long version) {
    return row.strip() + ", row_version = " + version + "\n";
  }

  private static Scenario splitByBusinessLine() {
    return new Scenario("a parcel is in the table of its business line only")
        .given(
            assigned(1, 1, "09:00:00")
                + assigned(2, 1, "09:00:00").replace("domestic", "import")
                + assigned(3, 1, "09:00:00").replace("domestic", "export")
                + declaration(2)
                + order(4))
        .expect("dwd_domestic_fulfillment", "fulfillment_id, parcel_amount", "1 | 10.00")
        .expect(
            "dwd_import_fulfillment",
            "fulfillment_id, customs_status, duty_amount, customs_cleared_at",
            "2 | cleared | 3.10 | {day}T11:00:00Z")
        .expect("dwd_export_fulfillment", "fulfillment_id, customs_status", "3 | NULL")
        .expect(TOTALS, "business_line, created_count", "domestic | 1", "import | 1", "export | 1")
        .given(assigned(1, 1, "09:30:00").replace("domestic", "export"))
        .expect("dwd_domestic_fulfillment", "fulfillment_id")
        .expect("dwd_import_fulfillment", "fulfillment_id", "2")
        .expect("dwd_export_fulfillment", "fulfillment_id", "1", "3")
        .expect(TOTALS, "business_line, created_count", "import | 1", "export | 2");
  }

  private static String scan(int event, int parcel, String type, String time) {
    return """
        ods_logistics_event: event_id = %d, fulfillment_id = %d, event_type = '%s', event_time = '{day} %s', updated_at = '{day} %s'
        """
        .formatted(event, parcel, type, time, time);
  }

  private static Scenario carrierTimeliness() {
    String columns =
        "stat_hour, business_line, carrier_id, picked_up_count, out_for_delivery_count, signed_count, transit_minutes";
    return new Scenario("carriers are timed from the hour of the pick-up")
        .given(
            assigned(1, 1, "08:00:00")
                + assigned(2, 1, "08:00:00")
                + assigned(3, 1, "08:00:00").replace("carrier_id = 5, ", "")
                + scan(1, 1, "picked_up", "09:10:00")
                + scan(2, 1, "out_for_delivery", "11:00:00")
                + scan(3, 1, "signed", "11:40:30")
                + scan(4, 2, "picked_up", "09:59:59")
                + scan(5, 2, "out_for_delivery", "12:00:00")
                + scan(6, 3, "picked_up", "10:00:00")
                + scan(7, 4, "picked_up", "10:00:00"))
        .expect(
            "dws_carrier_hour",
            columns,
            "9 | domestic | 5 | 2 | 2 | 1 | 150",
            "10 | domestic | 0 | 1 | 0 | 0 | 0")
        .given(
            scan(8, 2, "signed", "12:29:59")
                + assigned(3, 1, "10:30:00")
                    .replace("updated_at", "cancelled_at = '{day} 10:30:00', updated_at"))
        .expect("dws_carrier_hour", columns, "9 | domestic | 5 | 2 | 2 | 2 | 300");
  }

  private static Scenario minutes() {
    String columns =
        "stat_minute, business_line, created_count, paid_count, outbound_count, signed_count, cancelled_count";
    return new Scenario("each milestone counts in its own minute")
        .given(order(1) + order(2) + assigned(1, 1, "08:30:00") + assigned(2, 1, "08:30:00"))
        .expect(
            "ads_trend_minute",
            columns,
            "08:00 | domestic | 2 | 0 | 0 | 0 | 0",
            "08:01 | domestic | 0 | 2 | 0 | 0 | 0")
        .given(
            scan(1)
                + scan(3, 1, "signed", "09:00:59.999999")
                + assigned(2, 1, "09:01:00")
                    .replace("updated_at", "cancelled_at = '{day} 09:01:00', updated_at"))
        .expect(
            "ads_trend_minute",
            columns,
            "08:00 | domestic | 2 | 0 | 0 | 0 | 0",
            "08:01 | domestic | 0 | 2 | 0 | 0 | 0",
            "09:00 | domestic | 0 | 0 | 1 | 1 | 0",
            "09:01 | domestic | 0 | 0 | 0 | 0 | 1");
  }

  private static Scenario cleanedScans() {
    return new Scenario("scans are cleaned")
        .given(
            """
            ods_logistics_event: event_id = 1, fulfillment_id = 1, event_type = 'in_transit', event_time = '{day} 09:00:00', station = '  Hub  ', received_at = '{day} 09:01:30', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 2, fulfillment_id = 1, event_type = 'teleported', event_time = '{day} 09:00:00', station = 'Hub', received_at = '{day} 09:01:30', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 3, fulfillment_id = 1, event_type = 'signed', event_time = '{day} 09:00:00.900', station = '   ', received_at = '{day} 09:00:02.100', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 4, fulfillment_id = 1, event_type = 'signed', event_time = '{day} 09:00:10', station = '', received_at = '{day} 09:00:05', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 5, fulfillment_id = 1, event_type = 'signed', station = 'no time', received_at = '{day} 09:00:05', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 6, fulfillment_id = 2, event_type = 'in_transit', event_time = '1900-01-01 00:00:00', station = 'old clock', received_at = '{day} 09:00:05', updated_at = '{day} 09:01:30'
            ods_logistics_event: event_id = 7, fulfillment_id = 1, event_type = 'signed', event_time = '{day} 09:00:10', updated_at = '{day} 09:01:30'
            """)
        .expect(
            "dwd_logistics_event",
            "event_id, event_type, event_time, station, report_delay_seconds, is_deleted",
            "1 | in_transit | {day}T09:00:00Z | Hub | 90 | false",
            "3 | signed | {day}T09:00:00.900Z | NULL | 1 | false",
            "4 | signed | {day}T09:00:10Z | NULL | -5 | false",
            "5 | signed | NULL | no time | NULL | true",
            "6 | in_transit | 1900-01-01T00:00:00Z | old clock | NULL | false",
            "7 | signed | {day}T09:00:10Z | NULL | NULL | false")
        .expect(WIDE, "fulfillment_id, signed_at, signed_station", "1 | {day}T09:00:10Z | NULL");
  }
}
