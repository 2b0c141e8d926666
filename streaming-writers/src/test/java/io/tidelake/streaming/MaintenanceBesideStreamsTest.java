/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.tables.maintenance.MaintenanceReport;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance while all jobs run, among them the compaction job, which expires snapshots too. */
@Tag("soak")
class MaintenanceBesideStreamsTest {

  /**
   * More than come in a round, at whose end all readers have read all. So none is ever behind what
   * is kept, however slow the machine.
   */
  private static final int SNAPSHOTS_KEPT = 40;

  private static final int ROUNDS = 3;
  private static final int PARCELS = 5;

  @TempDir private Path folder;

  @Test
  void streamsGoOnAndTheTablesStayRight() throws Exception {
    Map<String, String> eager =
        Map.of(
            "table-options/snapshot.time-retained",
            "1 ms",
            "table-options/snapshot.num-retained.min",
            String.valueOf(SNAPSHOTS_KEPT),
            // The nights are in the future: what is being written now would look old.
            "maintain/orphans-after",
            "1000 d",
            "jobs/marts/flink/execution.checkpointing.interval",
            "1 s");
    Instant tonight = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    try (TestLake lake = TestLake.create(folder, eager);
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      int parcels = 0;
      while (parcels < SNAPSHOTS_KEPT + 20) {
        lake.insert(parcel(++parcels));
      }
      assertThat(lake.maintenance(tonight).run(List.of("ods_fulfillment_order")).tables())
          .singleElement()
          .extracting(MaintenanceReport.Table::snapshotsExpired)
          .isEqualTo(20);
      lake.start(engine);
      awaitTotals(lake, parcels);

      List<String> tables = lake.catalog().tableNames();
      for (int round = 1; round <= ROUNDS; round++) {
        for (int i = 0; i < PARCELS; i++) {
          lake.insert(parcel(++parcels));
        }
        // Each is a night of its own: with its tag, and without that of the night before.
        MaintenanceReport report =
            lake.maintenance(tonight.plus(20L * round, ChronoUnit.DAYS)).run(tables);
        assertThat(report.isComplete()).as(report.toString()).isTrue();
        awaitTotals(lake, parcels);
      }

      FlinkCluster cluster = new FlinkCluster(engine.restAddress());
      assertThat(cluster.jobs())
          .allSatisfy(job -> assertThat(cluster.lastFailure(job.id())).isEmpty())
          .extracting(FlinkCluster.JobStatus::state)
          .containsOnly("RUNNING");
      LocalDate last = LocalDate.ofInstant(tonight, ZoneOffset.UTC).plusDays(20L * ROUNDS - 1);
      assertThat(lake.catalog().table("ods_fulfillment_order").tagManager().allTagNames())
          .containsExactly("day-" + last);
    }
  }

  private static void awaitTotals(TestLake lake, int parcels) {
    lake.awaitRows(
        "ads_overview",
        "created_count, parcel_amount",
        "2026-06-01",
        List.of("%d | %d0.00".formatted(parcels, parcels)));
  }

  private static String parcel(int id) {
    return """
        ods_fulfillment_order: dt = '2026-06-01', fulfillment_id = %d, order_id = 1, business_line = 'domestic', \
        direction = 'outbound', warehouse_id = 1, parcel_amount = 10.00, updated_at = '2026-06-01 08:00:00'
        """
        .formatted(id);
  }
}
