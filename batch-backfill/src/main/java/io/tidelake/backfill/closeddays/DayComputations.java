/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.backfill.model.DayCounts;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The records of what closed days were computed from ({@code ops_day_computation}). */
final class DayComputations {

  /**
   * What days were computed from.
   *
   * @param inputs a checksum by input, and of whatever else the result depends on
   * @param snapshots by input the snapshot of which the checksum is
   */
  record Basis(Map<String, String> inputs, Map<String, Long> snapshots) {}

  private final OpsTable table;

  DayComputations(LakeCatalog catalog) {
    table = OpsTable.open(catalog, "ops_day_computation");
  }

  /** What each day of a table was computed from last; an empty day for all days together. */
  SortedMap<String, Basis> of(String target) {
    SortedMap<String, Basis> bases = new TreeMap<>();
    for (Map<String, Object> row : table.read(Map.of("target", target))) {
      bases.put((String) row.get("dt"), new Basis(mapOf(row, "inputs"), mapOf(row, "snapshots")));
    }
    return bases;
  }

  /**
   * Records computations of a table.
   *
   * @param bases by day, as in {@link #of}
   * @param counts what was found; a day that has none had no rows
   */
  void record(
      String target, Map<String, Basis> bases, Map<String, DayCounts> counts, Instant computedAt) {
    List<Map<String, Object>> rows = new ArrayList<>();
    bases.forEach(
        (day, basis) -> {
          DayCounts found = counts.getOrDefault(day, DayCounts.NONE);
          rows.add(
              Map.of(
                  "target", target,
                  "dt", day,
                  "inputs", basis.inputs(),
                  "snapshots", basis.snapshots(),
                  "inserted_count", found.inserted(),
                  "changed_count", found.changed(),
                  "deleted_count", found.deleted(),
                  "unchanged_count", found.unchanged(),
                  "computed_at", computedAt));
        });
    table.write(rows);
  }

  /** Sets what recorded days are computed from, and leaves the rest of their records. */
  void renew(String target, Map<String, Basis> bases) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : table.read(Map.of("target", target))) {
      Basis basis = bases.get((String) row.get("dt"));
      if (basis != null) {
        row.put("inputs", basis.inputs());
        row.put("snapshots", basis.snapshots());
        rows.add(row);
      }
    }
    table.write(rows);
  }

  @SuppressWarnings("unchecked")
  private static <V> Map<String, V> mapOf(Map<String, Object> row, String column) {
    return (Map<String, V>) row.get(column);
  }
}
