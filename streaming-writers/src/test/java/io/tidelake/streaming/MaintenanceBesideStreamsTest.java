package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.tables.MaintenanceReport;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance while all jobs run, among them the compaction job, which expires snapshots too. */
class MaintenanceBesideStreamsTest {

  private static final int ROUNDS = 8;

  @TempDir private Path folder;

  @Test
  void streamsGoOnAndTheTablesStayRight() throws Exception {
    Map<String, String> eager =
        Map.of(
            "table-options/snapshot.time-retained",
            "1 s",
            "table-options/snapshot.num-retained.min",
            "10",
            "jobs/marts/flink/execution.checkpointing.interval",
            "1 s");
    Instant tonight = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    int expired = 0;
    try (TestLake lake = TestLake.create(folder, eager);
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      lake.start(engine);
      List<String> tables = lake.catalog().tableNames();
      for (int round = 1; round <= ROUNDS; round++) {
        for (int parcel = 1; parcel <= 10; parcel++) {
          lake.insert(parcel(10 * round + parcel));
        }
        // Each is a night of its own: with its tag, and without that of the night before.
        MaintenanceReport report =
            lake.maintenance(tonight.plus(20L * round, ChronoUnit.DAYS)).run(tables);
        assertThat(report.isComplete()).as(report.toString()).isTrue();
        expired += report.tables().stream().mapToInt(table -> table.snapshotsExpired()).sum();
      }

      lake.awaitRows(
          "ads_overview",
          "created_count, parcel_amount",
          "2026-06-01",
          List.of("%d | %d.00".formatted(10 * ROUNDS, 100 * ROUNDS)));
      FlinkCluster cluster = new FlinkCluster(engine.restAddress());
      assertThat(cluster.jobs())
          .allSatisfy(job -> assertThat(cluster.lastFailure(job.id())).isEmpty())
          .extracting(FlinkCluster.JobStatus::state)
          .containsOnly("RUNNING");
      assertThat(expired).as("snapshots that the writers had left").isPositive();
      LocalDate last = LocalDate.ofInstant(tonight, ZoneOffset.UTC).plusDays(20L * ROUNDS - 1);
      assertThat(lake.catalog().table("ods_fulfillment_order").tagManager().allTagNames())
          .containsExactly("day-" + last);
    }
  }

  private static String parcel(int id) {
    return """
        ods_fulfillment_order: dt = '2026-06-01', fulfillment_id = %d, order_id = 1, business_line = 'domestic', \
        direction = 'outbound', warehouse_id = 1, parcel_amount = 10.00, updated_at = '2026-06-01 08:00:00'
        """
        .formatted(id);
  }
}
