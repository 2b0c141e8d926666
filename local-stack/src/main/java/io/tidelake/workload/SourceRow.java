/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * A row of the operational database. The record's name is its table, the components are its columns
 * in snake case; {@code schema.sql} says what they mean.
 */
public sealed interface SourceRow {

  /** A trade order. */
  record TradeOrder(
      LocalDate orderDate,
      long orderId,
      String businessLine,
      long merchantId,
      String buyerName,
      int regionId,
      String fulfillmentIds,
      String currency,
      BigDecimal goodsAmount,
      String paymentMethod,
      BigDecimal paidAmount,
      String remark,
      Instant createdAt,
      Instant paidAt,
      Instant updatedAt)
      implements SourceRow {}

  /** A fulfillment order, which is a parcel. */
  record FulfillmentOrder(
      LocalDate orderDate,
      long fulfillmentId,
      long orderId,
      String businessLine,
      String direction,
      Integer warehouseId,
      Integer carrierId,
      String status,
      Integer weightGrams,
      BigDecimal parcelAmount,
      BigDecimal freightAmount,
      Instant createdAt,
      Instant acceptedAt,
      Instant cancelledAt,
      String cancelReason,
      Instant updatedAt)
      implements SourceRow {}

  /** A scan of a parcel. */
  record LogisticsEvent(
      LocalDate orderDate,
      long eventId,
      long fulfillmentId,
      String eventType,
      Instant eventTime,
      String station,
      String deviceNo,
      Instant receivedAt,
      Instant updatedAt)
      implements SourceRow {}

  /** A customs declaration of a parcel. */
  record CustomsDeclaration(
      LocalDate orderDate,
      long declarationId,
      long fulfillmentId,
      String customsStatus,
      BigDecimal dutyAmount,
      Instant declaredAt,
      Instant clearedAt,
      Instant updatedAt)
      implements SourceRow {}

  /** A merchant. */
  record Merchant(
      long merchantId, String merchantName, String category, int regionId, Instant updatedAt)
      implements SourceRow {}

  /** A warehouse. */
  record Warehouse(
      int warehouseId, String warehouseName, String warehouseType, int regionId, Instant updatedAt)
      implements SourceRow {}

  /** A carrier. */
  record Carrier(int carrierId, String carrierName, String serviceLevel, Instant updatedAt)
      implements SourceRow {}

  /** A region. */
  record Region(int regionId, String regionName, String countryCode, Instant updatedAt)
      implements SourceRow {}

  /** A rule for timeouts. */
  record TimeoutRule(
      int ruleId,
      String businessLine,
      String fromMilestone,
      String toMilestone,
      int limitMinutes,
      Instant updatedAt)
      implements SourceRow {}

  /** All tables of the operational database. */
  List<Class<? extends SourceRow>> TABLES =
      List.of(
          TradeOrder.class,
          FulfillmentOrder.class,
          LogisticsEvent.class,
          CustomsDeclaration.class,
          Merchant.class,
          Warehouse.class,
          Carrier.class,
          Region.class,
          TimeoutRule.class);

  /** The values of the row by column. */
  default Map<String, Object> values() {
    return SourceTable.of(getClass()).values(this);
  }

  /** The values of the key columns. */
  default List<Object> key() {
    Map<String, Object> values = values();
    return SourceTable.of(getClass()).keyColumns().stream().map(values::get).toList();
  }
}
