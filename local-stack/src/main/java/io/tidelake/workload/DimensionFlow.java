/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.workload.SourceRow.Carrier;
import io.tidelake.workload.SourceRow.Merchant;
import io.tidelake.workload.SourceRow.Region;
import io.tidelake.workload.SourceRow.TimeoutRule;
import io.tidelake.workload.SourceRow.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Merchants, warehouses, carriers, regions and rules: all but some merchants are there from the
 * start, and some get other names later.
 */
final class DimensionFlow {

  /** Regions are numbered from 1 to this. */
  static final int REGIONS = 30;

  /** Warehouses are numbered from 1 to this. */
  static final int WAREHOUSES = 24;

  /** Carriers are numbered from 1 to this. */
  static final int CARRIERS = 12;

  private static final List<String> LINES = List.of("domestic", "import", "export");
  private static final List<String> MILESTONES =
      List.of("created", "paid", "accepted", "outbound", "picked_up", "out_for_delivery", "signed");
  private static final String[] CATEGORIES = {
    "apparel", "electronics", "toys", "food", "beauty", "home"
  };

  private final Simulation simulation;
  private final RandomChoices random;

  DimensionFlow(Simulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
  }

  /** Plans all that happens to dimensions, from the present of the simulation on. */
  void plan() {
    Instant start = simulation.now();
    simulation.at(
        start,
        now -> {
          List<RowChange> rows = new ArrayList<>();
          for (int id = 1; id <= REGIONS; id++) {
            rows.add(
                RowChange.insert(
                    new Region(id, "Region " + id, id <= 20 ? "CN" : id <= 25 ? "US" : "DE", now)));
          }
          for (int id = 1; id <= CARRIERS; id++) {
            rows.add(RowChange.insert(carrier(id, 0, now)));
          }
          for (int id = 1; id <= WAREHOUSES; id++) {
            rows.add(RowChange.insert(warehouse(id, 0, now)));
          }
          int rule = 1;
          for (String line : LINES) {
            for (int i = 1; i < MILESTONES.size(); i++) {
              rows.add(
                  RowChange.insert(
                      new TimeoutRule(
                          rule++, line, MILESTONES.get(i - 1), MILESTONES.get(i), 720 * i, now)));
            }
          }
          return rows;
        });
    for (int id = 1; id <= simulation.options().merchants(); id++) {
      planMerchant(id, start);
    }
    Duration span = simulation.span();
    for (int revision = 1; revision <= 5; revision++) {
      int number = revision;
      int warehouseId = 1 + random.below(WAREHOUSES);
      int carrierId = 1 + random.below(CARRIERS);
      simulation.at(
          start.plus(random.fraction(span)),
          now -> List.of(RowChange.update(warehouse(warehouseId, number, now))));
      simulation.at(
          start.plus(random.fraction(span)),
          now -> List.of(RowChange.update(carrier(carrierId, number, now))));
    }
  }

  /** One merchant in ten appears hours after its first orders; one in five is renamed later. */
  private void planMerchant(int id, Instant start) {
    String category = random.pick(CATEGORIES);
    int region = 1 + random.below(REGIONS);
    Instant appears = random.chance(0.1) ? start.plus(random.hours(6, 30)) : start;
    simulation.at(
        appears,
        now ->
            List.of(RowChange.insert(new Merchant(id, "Merchant " + id, category, region, now))));
    if (random.chance(0.2)) {
      String newName = "Merchant " + id + " 旗舰店";
      simulation.at(
          appears.plus(random.hours(1, 40)),
          now -> List.of(RowChange.update(new Merchant(id, newName, category, region, now))));
    }
  }

  private static Warehouse warehouse(int id, int revision, Instant now) {
    String type = id % 3 == 0 ? "bonded" : id % 3 == 1 ? "domestic" : "overseas";
    return new Warehouse(id, name("Warehouse", id, revision), type, 1 + id % REGIONS, now);
  }

  private static Carrier carrier(int id, int revision, Instant now) {
    String level = id % 3 == 0 ? "express" : id % 3 == 1 ? "standard" : "economy";
    return new Carrier(id, name("Carrier", id, revision), level, now);
  }

  private static String name(String what, int id, int revision) {
    return what + " " + id + (revision == 0 ? "" : " (" + revision + ")");
  }
}
