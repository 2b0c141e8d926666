/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.workload.SourceRow.CustomsDeclaration;
import io.tidelake.workload.SourceRow.FulfillmentOrder;
import io.tidelake.workload.SourceRow.LogisticsEvent;
import io.tidelake.workload.SourceRow.TradeOrder;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * One trade order with its parcels, as it moves along: paid or purged, accepted, re-assigned,
 * shipped, scanned, declared at the customs, delivered or cancelled. Each step plans the next.
 */
final class OrderFlow {

  /** Fulfillment orders are numbered within their trade order. */
  private static final int PARCELS_PER_ORDER = 10;

  private static final String[] SURNAMES = {
    "李", "王", "陈", "Müller", "García", "O'Brien", "Смирнов", "Nguyễn", "Kaya", "Øst"
  };

  private final Simulation simulation;
  private final RandomChoices random;
  private final long orderId;
  private final LocalDate orderDate;
  private final String line;
  private final String direction;
  private final long merchantId;
  private final String buyer;
  private final int regionId;
  private final String currency;
  private final BigDecimal goodsAmount;
  private final String remark;
  private final Instant createdAt;
  private final List<Parcel> parcels = new ArrayList<>();
  private Instant paidAt;
  private String paymentMethod;
  private BigDecimal paidAmount;
  private Instant updatedAt;

  private OrderFlow(Simulation simulation, long orderId, Instant now) {
    this.simulation = simulation;
    this.random = simulation.random();
    this.orderId = orderId;
    this.orderDate = now.atOffset(ZoneOffset.UTC).toLocalDate();
    this.line = random.chance(0.6) ? "domestic" : random.chance(0.5) ? "import" : "export";
    this.direction = random.chance(0.12) ? "inbound" : "outbound";
    this.merchantId = 1L + random.skewed(simulation.options().merchants());
    this.buyer = random.pick(SURNAMES) + " " + (char) ('A' + random.below(26)) + ".";
    this.regionId = 1 + random.skewed(DimensionFlow.REGIONS);
    this.currency = line.equals("export") ? "USD" : "CNY";
    this.remark = random.chance(0.2) ? "请轻放 📦 \"handle, with care\"" : null;
    this.createdAt = now;
    int count = random.chance(0.7) ? 1 : random.chance(0.7) ? 2 : 3;
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 1; i <= count; i++) {
      Parcel parcel = new Parcel(orderId * PARCELS_PER_ORDER + i);
      parcels.add(parcel);
      total = total.add(parcel.amount);
    }
    this.goodsAmount = total;
  }

  /** The trade order of a fulfillment order. */
  static long orderOf(long fulfillmentId) {
    return fulfillmentId / PARCELS_PER_ORDER;
  }

  /**
   * Places an order: the changes that insert it. Whether it will be paid, or purged, is decided and
   * planned here.
   */
  static List<RowChange> place(Simulation simulation, long orderId, Instant now) {
    OrderFlow order = new OrderFlow(simulation, orderId, now);
    RandomChoices random = simulation.random();
    if (random.chance(0.04)) {
      boolean again = random.chance(0.3);
      simulation.at(
          now.plus(random.minutes(20, 40)),
          later -> {
            if (again) {
              simulation.at(later.plus(random.minutes(1, 30)), order::placeAgain);
            }
            return order.purge();
          });
    } else {
      simulation.at(now.plus(random.minutes(1, 30)), order::pay);
    }
    return order.insert(now);
  }

  private List<RowChange> insert(Instant now) {
    updatedAt = now;
    List<RowChange> changes = new ArrayList<>();
    changes.add(RowChange.insert(row()));
    for (Parcel parcel : parcels) {
      parcel.updatedAt = now;
      changes.add(RowChange.insert(parcel.row()));
    }
    return changes;
  }

  private List<RowChange> purge() {
    List<RowChange> changes = new ArrayList<>();
    parcels.forEach(parcel -> changes.add(RowChange.delete(parcel.row())));
    changes.add(RowChange.delete(row()));
    return changes;
  }

  private List<RowChange> placeAgain(Instant now) {
    simulation.at(now.plus(random.minutes(1, 30)), this::pay);
    return insert(now);
  }

  private List<RowChange> pay(Instant now) {
    paidAt = now;
    updatedAt = now;
    paymentMethod = random.pick("card", "wallet", "transfer");
    paidAmount = goodsAmount.add(random.cents(0, 3000));
    parcels.forEach(parcel -> simulation.at(now.plus(random.minutes(2, 120)), parcel::accept));
    return List.of(RowChange.update(row()));
  }

  private TradeOrder row() {
    List<String> ids = parcels.stream().map(parcel -> String.valueOf(parcel.id)).toList();
    return new TradeOrder(
        orderDate,
        orderId,
        line,
        merchantId,
        buyer,
        regionId,
        String.join(",", ids),
        currency,
        goodsAmount,
        paymentMethod,
        paidAmount,
        remark,
        createdAt,
        paidAt,
        updatedAt);
  }

  /** One parcel of the order, as it moves along. */
  private final class Parcel {

    private final long id;
    private final BigDecimal amount;
    private String status = "created";
    private Integer warehouseId;
    private Integer carrierId;
    private Integer weightGrams;
    private BigDecimal freight;
    private Instant acceptedAt;
    private Instant cancelledAt;
    private String cancelReason;
    private Instant updatedAt;

    Parcel(long id) {
      this.id = id;
      this.amount = random.cents(500, 200_000);
    }

    List<RowChange> accept(Instant now) {
      acceptedAt = now;
      status = "accepted";
      warehouseId = 1 + random.skewed(DimensionFlow.WAREHOUSES);
      carrierId = 1 + random.skewed(DimensionFlow.CARRIERS);
      weightGrams = 50 + random.below(20_000);
      freight = random.cents(300, 5_000);
      if (random.chance(0.08)) {
        simulation.at(
            now.plus(random.minutes(5, 60)),
            later -> {
              warehouseId = 1 + random.below(DimensionFlow.WAREHOUSES);
              return update(later);
            });
      }
      if (random.chance(0.08)) {
        simulation.at(
            now.plus(random.minutes(5, 200)),
            later -> {
              carrierId = 1 + random.below(DimensionFlow.CARRIERS);
              freight = random.cents(300, 5_000);
              return update(later);
            });
      }
      if (random.chance(0.05)) {
        simulation.at(
            now.plus(random.minutes(5, 90)), later -> cancel("cancelled by the buyer", later));
      } else {
        simulation.at(now.plus(random.hours(2, 20)), this::ship);
      }
      return update(now);
    }

    List<RowChange> ship(Instant now) {
      status = "shipped";
      scan("outbound", now);
      Instant pickedUp = now.plus(random.minutes(20, 240));
      scan("picked_up", pickedUp);
      Instant at = pickedUp;
      for (int hop = random.below(3); hop > 0; hop--) {
        at = at.plus(random.hours(2, 10));
        scan("in_transit", at);
      }
      if (!line.equals("domestic")) {
        at = declare(at.plus(random.hours(1, 4)));
      }
      if (random.chance(0.03)) {
        simulation.at(
            at.plus(random.minutes(1, 60)), later -> cancel("lost or refused on the way", later));
        return update(now);
      }
      Instant delivery = at.plus(random.hours(3, 12));
      scan("out_for_delivery", delivery);
      Instant signed = delivery.plus(random.minutes(15, 400));
      scan("signed", signed);
      simulation.at(
          signed.plus(random.minutes(1, 30)),
          later -> {
            status = "completed";
            return update(later);
          });
      return update(now);
    }

    private List<RowChange> cancel(String reason, Instant now) {
      status = "cancelled";
      cancelledAt = now;
      cancelReason = reason;
      return update(now);
    }

    private List<RowChange> update(Instant now) {
      updatedAt = now;
      return List.of(RowChange.update(row()));
    }

    /** A scan: reported late one time in ten, twice or withdrawn now and then. */
    private void scan(String type, Instant when) {
      String station = "Station " + (1 + random.below(80)) + (random.chance(0.1) ? "  " : "");
      String device = random.chance(0.9) ? "PDA-" + (100 + random.below(900)) : null;
      Instant time = when.truncatedTo(ChronoUnit.MICROS);
      report(type, time, station, device, random.chance(0.02));
      if (random.chance(0.05)) {
        report(type, time, station, device, false);
      }
      if (random.chance(0.03)) {
        report(type, time.plusSeconds(random.below(600)), station, device, false);
      }
    }

    private void report(
        String type, Instant time, String station, String device, boolean withdrawn) {
      long eventId = simulation.nextEventId();
      Instant arrival =
          time.plus(random.chance(0.9) ? random.seconds(1, 120) : random.minutes(5, 600));
      simulation.at(
          arrival,
          now -> {
            LogisticsEvent event =
                new LogisticsEvent(orderDate, eventId, id, type, time, station, device, now, now);
            if (withdrawn) {
              simulation.at(
                  now.plus(random.minutes(5, 120)), later -> List.of(RowChange.delete(event)));
            }
            return List.of(RowChange.insert(event));
          });
    }

    private Instant declare(Instant filed) {
      long declarationId = simulation.nextDeclarationId();
      boolean inspected = random.chance(0.2);
      Instant cleared = filed.plus(inspected ? random.hours(6, 30) : random.hours(1, 6));
      BigDecimal duty = random.cents(100, 20_000);
      simulation.at(
          filed,
          now -> {
            if (inspected) {
              simulation.at(
                  now.plus(random.minutes(10, 60)),
                  later ->
                      List.of(
                          RowChange.update(
                              declaration(declarationId, "inspecting", null, now, null, later))));
            }
            simulation.at(
                cleared,
                later ->
                    List.of(
                        RowChange.update(
                            declaration(declarationId, "cleared", duty, now, later, later))));
            return List.of(
                RowChange.insert(declaration(declarationId, "declared", null, now, null, now)));
          });
      return cleared;
    }

    private CustomsDeclaration declaration(
        long declarationId,
        String state,
        BigDecimal duty,
        Instant declaredAt,
        Instant clearedAt,
        Instant now) {
      return new CustomsDeclaration(
          orderDate, declarationId, id, state, duty, declaredAt, clearedAt, now);
    }

    FulfillmentOrder row() {
      return new FulfillmentOrder(
          orderDate,
          id,
          orderId,
          line,
          direction,
          warehouseId,
          carrierId,
          status,
          weightGrams,
          amount,
          freight,
          createdAt,
          acceptedAt,
          cancelledAt,
          cancelReason,
          updatedAt);
    }
  }
}
