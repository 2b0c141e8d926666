/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.tables.model.TableDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Watches what the layers show, from Paimon's metadata and the small aggregated tables. */
public final class LakeMonitor {

  private static final List<String> LAYERS = List.of("ods", "dwd", "dws", "ads");

  private final LakeCatalog catalog;
  private final CommitCurve curve;
  private final List<String> tables;
  private final String firstDay;
  private final Map<String, Long> lastRows = new HashMap<>();
  private final Map<String, List<Double>> ages = new LinkedHashMap<>();
  private Instant lastSample = Instant.now();

  /**
   * @param curve what the order system has committed
   * @param tables the tables of the lake
   * @param firstDay the first day of the orders; rows of earlier ones are not theirs
   */
  public LakeMonitor(
      LakeCatalog catalog, CommitCurve curve, List<TableDefinition> tables, LocalDate firstDay) {
    this.firstDay = firstDay.toString();
    this.catalog = catalog;
    this.curve = curve;
    this.tables = tables.stream().map(TableDefinition::name).toList();
  }

  /** What each layer shows now. */
  public List<LayerStatus> sample() {
    Instant now = Instant.now();
    double seconds = Math.max(0.001, Duration.between(lastSample, now).toMillis() / 1000.0);
    List<LayerStatus> layers = new ArrayList<>();
    for (String layer : LAYERS) {
      long rows =
          tables.stream()
              .filter(table -> table.startsWith(layer))
              .map(catalog::table)
              .mapToLong(ReadableRows::count)
              .sum();
      long before = lastRows.getOrDefault(layer, 0L);
      lastRows.put(layer, rows);
      Optional<Duration> age = age(layer);
      // A layer that shows everything is left out: at the end of a workload all are, for long.
      age.filter(value -> !value.isZero())
          .ifPresent(
              value ->
                  ages.computeIfAbsent(layer, name -> new ArrayList<>())
                      .add(value.toMillis() / 1000.0));
      layers.add(new LayerStatus(layer, rows, (rows - before) / seconds, age));
    }
    lastSample = now;
    return layers;
  }

  /** How old each layer was over all samples at which it lacked something; then forgets them. */
  public List<Freshness> takeFreshness() {
    List<Freshness> freshness =
        ages.entrySet().stream()
            .map(entry -> Freshness.of(entry.getKey(), entry.getValue()))
            .toList();
    ages.clear();
    return freshness;
  }

  private Optional<Duration> age(String layer) {
    return switch (layer) {
      case "ods" ->
          curve.ageOfEver(ReadableRows.count(catalog.table("ods_fulfillment_order"), firstDay));
      case "dwd" ->
          curve.ageOfEver(ReadableRows.count(catalog.table("dwd_fulfillment_wide"), firstDay));
      case "dws" ->
          curve.ageOfAlive(
              ReadableRows.sum(catalog.table("dws_fulfillment_day"), "created_count", firstDay));
      default ->
          curve.ageOfAlive(
              ReadableRows.sum(catalog.table("ads_overview"), "created_count", firstDay));
    };
  }
}
