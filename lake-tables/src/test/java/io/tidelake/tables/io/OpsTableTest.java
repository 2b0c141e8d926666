/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsTableTest {

  @Test
  void givesBackWhatWasWrittenLast(@TempDir Path warehouse) {
    LakeConfig config = LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(warehouse);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
      OpsTable receipts = OpsTable.open(catalog, "ops_backfill_receipt");
      Map<String, Object> first = receipt("run-1", "2026-06-17", Map.of("order_version", 3L));
      Map<String, Object> second = receipt("run-1", "2026-06-18", Map.of());
      receipts.write(List.of(receipt("run-1", "2026-06-18", Map.of("a", 1L)), first));
      receipts.write(List.of(second, receipt("run-2", "2026-06-18", Map.of())));

      assertThat(receipts.read(Map.of("run_id", "run-1"))).containsExactly(first, second);
      assertThat(receipts.read(Map.of("run_id", "run-1", "dt", "2026-06-18")))
          .containsExactly(second);
      assertThat(receipts.read(Map.of())).hasSize(3);
      assertThat(receipts.read(Map.of("run_id", "none"))).isEmpty();
    }
  }

  private static Map<String, Object> receipt(String run, String dt, Map<String, Long> groups) {
    Map<String, Object> row = new HashMap<>();
    row.put("run_id", run);
    row.put("target", "dim_carrier");
    row.put("dt", dt);
    for (String count :
        List.of("offered", "inserted", "changed", "refused", "unchanged", "replaced_real_time")) {
      row.put(count + "_count", 7L);
    }
    row.put("rejected_count", 0L);
    row.put("snapshot_before", 1L);
    row.put("snapshot_after", 2L);
    row.put("filled_groups", groups);
    row.put("refused_groups", Map.of());
    row.put("checksum", "c");
    row.put("started_at", Instant.parse("2026-06-18T09:12:33.123456Z"));
    row.put("duration_millis", 5L);
    return row;
  }
}
