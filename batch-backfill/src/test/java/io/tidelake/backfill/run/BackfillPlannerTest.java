/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import static io.tidelake.backfill.BackfillLake.AS_OF;
import static io.tidelake.backfill.BackfillLake.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.ChangeCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillPlannerTest {

  @TempDir private Path folder;

  @Test
  void countsWhatARunWouldDoAndChangesNothing() throws Exception {
    Path query = folder.resolve("query.sql");
    Files.writeString(
        query,
        """
        SELECT dt, id, name, FALSE AS is_deleted FROM (VALUES
          ('2026-06-18', 1, 'same'), ('2026-06-18', 2, 'other'), ('2026-06-18', 3, 'new'),
          ('2026-06-18', 3, 'new again'), ('2026-06-19', 4, 'next day'), ('2026-06-18', CAST(NULL AS INT), 'no key'),
          ('someday', 5, 'no day')) AS rows_ (dt, id, name);
        """);
    Path mapping = folder.resolve("mapping.sql");
    Files.writeString(
        mapping,
        """
        SELECT dt, id AS event_id, name AS station, is_deleted, CAST(${version} AS BIGINT) AS row_version, source_file
        FROM snapshot;
        """);
    BackfillRequest request =
        new BackfillRequest(
            "dwd_logistics_event", BackfillMode.FILL, AS_OF, "query:" + query, mapping, List.of());
    try (BatchEngine engine = BatchEngine.embedded(2);
        BackfillLake lake =
            BackfillLake.create(folder.resolve("warehouse"), engine, "dwd_logistics_event")) {
      lake.sql(
          """
          INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version)
          SELECT '2026-06-18', id, name, FALSE, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3))
          FROM (VALUES (1, 'same'), (2, 'kept')) AS rows_ (id, name)
          """);
      long before = lake.catalog().latestSnapshotId("dwd_logistics_event");

      BackfillPlan plan = lake.planner().plan(request, LIMITS);

      assertThat(plan.partitions())
          .extracting(BackfillPlan.Partition::dt)
          .containsExactly("2026-06-18", "2026-06-19");
      ChangeCounts counts = plan.counts();
      assertThat(counts.offered()).isEqualTo(4);
      assertThat(counts.inserted()).isEqualTo(2);
      assertThat(counts.refused()).isEqualTo(1);
      assertThat(counts.unchanged()).isEqualTo(1);
      assertThat(plan.partitions().get(0).duplicates()).isEqualTo(1);
      assertThat(plan.problems())
          .containsExactlyInAnyOrder(
              "2026-06-18: 1 rows repeat the key of another row; which of them wins is not defined",
              "2026-06-18: event_id is NULL (query.sql)",
              "2026-06-18: dt is someday, no day (query.sql)");
      assertThat(lake.catalog().latestSnapshotId("dwd_logistics_event")).isEqualTo(before);
      assertThat(lake.records().runs()).isEmpty();

      BackfillRun run = lake.runner().run(request, LIMITS);
      List<Receipt> receipts = lake.records().receipts(run.id());
      assertThat(ChangeCounts.sum(receipts.stream().map(Receipt::counts).toList()).inserted())
          .as("a run does what its plan said")
          .isEqualTo(counts.inserted());
    }
  }
}
