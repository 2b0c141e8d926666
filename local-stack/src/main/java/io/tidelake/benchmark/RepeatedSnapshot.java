/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import io.tidelake.tables.model.TableDefinition;
import io.tidelake.workload.ExportFile;
import io.tidelake.workload.Truth;
import io.tidelake.workload.WorkloadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A snapshot of any size: rows of a simulated order system, repeated under other keys. */
final class RepeatedSnapshot {

  private static final WorkloadOptions PATTERN = WorkloadOptions.of(7, 3_000);
  private static final long KEYS_PER_COPY = 1_000_000;
  private static final int FILES_PER_DAY = 4;

  private RepeatedSnapshot() {}

  /**
   * Writes Parquet files in folders of days.
   *
   * @param table {@code dwd_fulfillment_wide} or {@code dwd_logistics_event}
   * @param days how many days, from the first one; each gets as many rows
   */
  static void write(TableDefinition table, Path folder, LocalDate firstDay, int days, int rows)
      throws IOException {
    Truth truth = Truth.of(PATTERN);
    String key = table.primaryKey().get(1);
    Collection<Map<String, Object>> pattern =
        key.equals("event_id") ? truth.scans().values() : truth.fulfillments().values();
    List<ExportFile> files = new ArrayList<>();
    try {
      for (int i = 0; i < days * FILES_PER_DAY; i++) {
        String day = "dt=" + firstDay.plusDays(i % days);
        files.add(ExportFile.create(table, folder.resolve(day).resolve("part-" + i + ".parquet")));
      }
      int written = 0;
      for (long copy = 1; written < rows; copy++) {
        for (Map<String, Object> row : pattern) {
          if (written == rows) {
            break;
          }
          Map<String, Object> copied = new HashMap<>(row);
          copied.put(key, (Long) row.get(key) + copy * KEYS_PER_COPY);
          files.get(written++ % files.size()).write(copied);
        }
      }
    } finally {
      for (ExportFile file : files) {
        file.close();
      }
    }
  }
}
