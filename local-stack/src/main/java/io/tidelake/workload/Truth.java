/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.workload.SourceRow.Carrier;
import io.tidelake.workload.SourceRow.CustomsDeclaration;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.SourceRow.LogisticsEvent;
import io.tidelake.workload.SourceRow.Merchant;
import io.tidelake.workload.SourceRow.Region;
import io.tidelake.workload.SourceRow.TradeOrder;
import io.tidelake.workload.SourceRow.Warehouse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * What the operational database holds after some changes, and what the wide fact must therefore
 * say. Written without any code of the warehouse, so that both can be compared.
 */
public final class Truth {

  /** The last state of a row. */
  private record Held(SourceRow row, boolean deleted) {}

  /**
   * Of the scans of a milestone that are there, the latest counts; of one time, the last one made.
   */
  private static final Comparator<LogisticsEvent> LATER =
      Comparator.comparing(LogisticsEvent::eventTime).thenComparing(LogisticsEvent::eventId);

  /** What the wide fact knows of the trade order of a parcel. */
  private static final List<String> ORDER_COLUMNS =
      List.of(
          "order_id",
          "merchant_id",
          "merchant_name",
          "merchant_category",
          "buyer_name",
          "region_id",
          "region_name",
          "currency",
          "goods_amount",
          "payment_method",
          "paid_amount",
          "ordered_at",
          "paid_at");

  private final Map<Class<? extends SourceRow>, Map<List<Object>, Held>> tables = new HashMap<>();
  private long changes;

  /** The truth of a whole workload. */
  public static Truth of(WorkloadOptions options) {
    Truth truth = new Truth();
    new Workload(options).forEachRemaining(truth::apply);
    return truth;
  }

  /** Adds the changes of one transaction. */
  public void apply(List<RowChange> transaction) {
    transaction.forEach(this::apply);
  }

  /** How many changes were added. */
  public long changes() {
    return changes;
  }

  /**
   * The ODS and DIM tables that do not show as many rows as their source, each with how many it
   * shows of how many.
   */
  public List<String> missingRows(LakeCatalog catalog) {
    List<String> missing = new ArrayList<>();
    for (Class<? extends SourceRow> kind : SourceRow.TABLES) {
      String table = SourceTable.of(kind).mirror();
      long shown = ReadableRows.count(catalog.table(table));
      if (shown != rows(kind)) {
        missing.add(table + " " + shown + " of " + rows(kind));
      }
    }
    return missing;
  }

  /** How many rows a source table ever held, deleted ones included. */
  public int rows(Class<? extends SourceRow> kind) {
    return tables.getOrDefault(kind, Map.of()).size();
  }

  /**
   * The rows of the ODS or DIM table that mirrors a source table, without versions: deleted ones
   * have their last values.
   */
  List<Map<String, Object>> mirrored(Class<? extends SourceRow> kind) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Held held : held(kind)) {
      Map<String, Object> row = held.row().values();
      if (SourceTable.of(kind).isFact()) {
        row.put("dt", row.remove("order_date").toString());
      }
      row.put("is_deleted", held.deleted());
      rows.add(row);
    }
    return rows;
  }

  /**
   * The rows of {@code dwd_fulfillment_wide}, by fulfillment order: the value of each column that
   * is no version. Times are {@link Instant}, amounts {@link java.math.BigDecimal}.
   */
  public Map<Long, Map<String, Object>> fulfillments() {
    Map<Long, Map<String, Object>> wide = new LinkedHashMap<>();
    Map<Long, Map<String, LogisticsEvent>> milestones = milestones();
    for (Held held : held(FulfillmentOrder.class)) {
      FulfillmentOrder parcel = (FulfillmentOrder) held.row();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("dt", parcel.orderDate().toString());
      row.put("fulfillment_id", parcel.fulfillmentId());
      putOrder(row, parcel);
      putFulfillment(row, parcel);
      for (String type : List.of("outbound", "picked_up", "out_for_delivery", "signed")) {
        LogisticsEvent scan = milestones.getOrDefault(parcel.fulfillmentId(), Map.of()).get(type);
        row.put(type + "_at", scan == null ? null : scan.eventTime());
        row.put(type + "_station", scan == null ? null : scan.station().strip());
      }
      row.put("customs_status", null);
      row.put("duty_amount", null);
      row.put("declared_at", null);
      row.put("customs_cleared_at", null);
      row.put("is_deleted", held.deleted());
      wide.put(parcel.fulfillmentId(), row);
    }
    for (Held held : held(CustomsDeclaration.class)) {
      if (held.deleted()) {
        continue;
      }
      CustomsDeclaration customs = (CustomsDeclaration) held.row();
      Map<String, Object> row = wide.get(customs.fulfillmentId());
      row.put("customs_status", customs.customsStatus());
      row.put("duty_amount", customs.dutyAmount());
      row.put("declared_at", customs.declaredAt());
      row.put("customs_cleared_at", customs.clearedAt());
    }
    return wide;
  }

  /** The scan that counts for each milestone of each parcel. */
  private Map<Long, Map<String, LogisticsEvent>> milestones() {
    Map<Long, Map<String, LogisticsEvent>> milestones = new HashMap<>();
    for (Held held : held(LogisticsEvent.class)) {
      if (!held.deleted()) {
        LogisticsEvent scan = (LogisticsEvent) held.row();
        milestones
            .computeIfAbsent(scan.fulfillmentId(), id -> new HashMap<>())
            .merge(scan.eventType(), scan, BinaryOperator.maxBy(LATER));
      }
    }
    return milestones;
  }

  /** The rows of {@code dwd_logistics_event} by scan, without versions. */
  public Map<Long, Map<String, Object>> scans() {
    Map<Long, Map<String, Object>> scans = new LinkedHashMap<>();
    for (Held held : held(LogisticsEvent.class)) {
      LogisticsEvent scan = (LogisticsEvent) held.row();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("dt", scan.orderDate().toString());
      row.put("event_id", scan.eventId());
      row.put("fulfillment_id", scan.fulfillmentId());
      row.put("event_type", scan.eventType());
      row.put("event_time", scan.eventTime());
      row.put("station", scan.station().strip());
      row.put("device_no", scan.deviceNo());
      row.put("received_at", scan.receivedAt());
      row.put(
          "report_delay_seconds",
          (int) ((scan.receivedAt().toEpochMilli() - scan.eventTime().toEpochMilli()) / 1000));
      row.put("is_deleted", held.deleted());
      scans.put(scan.eventId(), row);
    }
    return scans;
  }

  private void apply(RowChange change) {
    changes++;
    SourceRow row = change.row();
    boolean deleted = change.operation() == RowChange.Operation.DELETE;
    tables
        .computeIfAbsent(row.getClass(), kind -> new LinkedHashMap<>())
        .put(row.key(), new Held(row, deleted));
  }

  private void putOrder(Map<String, Object> row, FulfillmentOrder parcel) {
    Held held = find(TradeOrder.class, parcel.orderDate(), parcel.orderId());
    if (held == null || held.deleted()) {
      ORDER_COLUMNS.forEach(column -> row.put(column, null));
      return;
    }
    TradeOrder order = (TradeOrder) held.row();
    Merchant merchant = row(Merchant.class, order.merchantId());
    Region region = row(Region.class, order.regionId());
    row.put("order_id", order.orderId());
    row.put("merchant_id", order.merchantId());
    row.put("merchant_name", merchant == null ? null : merchant.merchantName());
    row.put("merchant_category", merchant == null ? null : merchant.category());
    row.put("buyer_name", order.buyerName());
    row.put("region_id", order.regionId());
    row.put("region_name", region == null ? null : region.regionName());
    row.put("currency", order.currency());
    row.put("goods_amount", order.goodsAmount());
    row.put("payment_method", order.paymentMethod());
    row.put("paid_amount", order.paidAmount());
    row.put("ordered_at", order.createdAt());
    row.put("paid_at", order.paidAt());
  }

  private void putFulfillment(Map<String, Object> row, FulfillmentOrder parcel) {
    Warehouse warehouse = row(Warehouse.class, parcel.warehouseId());
    Carrier carrier = row(Carrier.class, parcel.carrierId());
    row.put("business_line", parcel.businessLine());
    row.put("direction", parcel.direction());
    row.put("warehouse_id", parcel.warehouseId());
    row.put("warehouse_name", warehouse == null ? null : warehouse.warehouseName());
    row.put("carrier_id", parcel.carrierId());
    row.put("carrier_name", carrier == null ? null : carrier.carrierName());
    row.put("status", parcel.status());
    row.put("weight_grams", parcel.weightGrams());
    row.put("parcel_amount", parcel.parcelAmount());
    row.put("freight_amount", parcel.freightAmount());
    row.put("accepted_at", parcel.acceptedAt());
    row.put("cancelled_at", parcel.cancelledAt());
    row.put("cancel_reason", parcel.cancelReason());
  }

  private Iterable<Held> held(Class<? extends SourceRow> kind) {
    return tables.getOrDefault(kind, Map.of()).values();
  }

  /** The last values of a row, also of a deleted one; NULL when there never was one. */
  private <T extends SourceRow> T row(Class<T> kind, Object key) {
    Held held = find(kind, key);
    return held == null ? null : kind.cast(held.row());
  }

  private Held find(Class<? extends SourceRow> kind, Object... key) {
    return tables.getOrDefault(kind, Map.of()).get(Arrays.asList(key));
  }
}
