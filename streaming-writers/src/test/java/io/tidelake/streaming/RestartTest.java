/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streaming jobs after the engine stopped, with and without their checkpoints. */
class RestartTest {

  private static final String DAY = "2026-06-01";
  private static final String COUNTS = "warehouse_id, created_count, outbound_count, parcel_amount";

  @TempDir private Path folder;
  private TestLake lake;
  private FlinkEngine engine;

  @BeforeEach
  void startJobsWithTwoParcels() throws Exception {
    lake = TestLake.create(folder);
    engine = FlinkEngine.start(0, 8);
    lake.start(engine);
    lake.insert(assigned(1, 1, "08:00:00") + assigned(2, 2, "08:00:00"));
    await("dws_fulfillment_day", COUNTS, "1 | 1 | 0 | 10.00", "2 | 1 | 0 | 10.00");
    await("ads_overview", "created_count, parcel_amount", "2 | 20.00");
    await("dwd_domestic_fulfillment", "fulfillment_id, warehouse_id", "1 | 1", "2 | 2");
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    lake.close();
  }

  @Test
  void jobsContinueFromTheirCheckpoints() throws Exception {
    stopEngine();
    assertThat(lake.jobs(engine).latestCheckpoint("facts")).isPresent();
    assertThat(lake.jobs(engine).latestCheckpoint("marts")).isPresent();

    // Parcel 1 is all that warehouse 1 has: its group vanishes while nobody looks.
    lake.insert(assigned(1, 2, "09:00:00") + assigned(3, 2, "09:00:00") + scanned(3, "09:30:00"));
    lake.start(engine);

    await("dws_fulfillment_day", COUNTS, "2 | 3 | 1 | 30.00");
    await("ads_overview", "created_count, parcel_amount", "3 | 30.00");
    await("dwd_domestic_fulfillment", "fulfillment_id, warehouse_id", "1 | 2", "2 | 2", "3 | 2");
    assertNothingHasFailed();
  }

  @Tag("soak")
  @Test
  void jobsWithoutCheckpointsRebuildFromTheTables() throws Exception {
    stopEngine();
    wipeCheckpoints();

    lake.insert(assigned(3, 2, "09:00:00") + scanned(3, "09:30:00") + scanned(1, "09:30:00"));
    lake.startFromNothing(engine);

    await("dws_fulfillment_day", COUNTS, "1 | 1 | 1 | 10.00", "2 | 2 | 1 | 20.00");
    await("ads_overview", "created_count, parcel_amount", "3 | 30.00");
    await("dwd_domestic_fulfillment", "fulfillment_id, warehouse_id", "1 | 1", "2 | 2", "3 | 2");

    // What was rebuilt is maintained as before: the group of warehouse 1 vanishes.
    lake.insert(assigned(1, 2, "10:00:00"));
    await("dws_fulfillment_day", COUNTS, "2 | 3 | 2 | 30.00");
    await("ads_overview", "created_count, parcel_amount", "3 | 30.00");
    assertNothingHasFailed();
  }

  @Tag("soak")
  @Test
  void groupsThatVanishedWhileTheJobWasDownDisappear() throws Exception {
    stopEngine();
    wipeCheckpoints();

    // The only parcel of warehouse 1 moves and that of warehouse 2 is deleted. DWD learns of it as
    // from a backfill, before the aggregations run again: they start from facts that no longer hold
    // a trace of warehouse 1.
    lake.insert(
        assigned(1, 3, "09:00:00")
            + assigned(2, 2, "09:00:00").replace("updated_at", "is_deleted = TRUE, updated_at"));
    lake.compact();
    lake.runInBatch("dwd_fulfillment_wide");
    lake.startFromNothing(engine);

    await("dws_fulfillment_day", COUNTS, "3 | 1 | 0 | 10.00");
    await("ads_overview", "created_count, parcel_amount", "1 | 10.00");
    await("dwd_domestic_fulfillment", "fulfillment_id, warehouse_id", "1 | 3");
    assertNothingHasFailed();
  }

  private void stopEngine() throws Exception {
    engine.close();
    engine = FlinkEngine.start(0, 8);
  }

  private void wipeCheckpoints() throws Exception {
    try (Stream<Path> files = Files.walk(lake.checkpoints())) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
    assertThat(lake.jobs(engine).latestCheckpoint("facts")).isEmpty();
    assertThat(lake.jobs(engine).latestCheckpoint("marts")).isEmpty();
  }

  private void await(String table, String columns, String... rows) {
    lake.awaitRows(table, columns, DAY, List.of(rows));
  }

  private void assertNothingHasFailed() throws Exception {
    assertThat(new FlinkCluster(engine.restAddress()).jobs())
        .extracting(FlinkCluster.JobStatus::state)
        .containsOnly("RUNNING");
  }

  private static String assigned(int parcel, int warehouse, String time) {
    return """
        ods_fulfillment_order: dt = '2026-06-01', fulfillment_id = %d, order_id = 1, business_line = 'domestic', \
        direction = 'outbound', warehouse_id = %d, parcel_amount = 10.00, updated_at = '2026-06-01 %s'
        """
        .formatted(parcel, warehouse, time);
  }

  private static String scanned(int parcel, String time) {
    return """
        ods_logistics_event: dt = '2026-06-01', event_id = %d, fulfillment_id = %d, event_type = 'outbound', \
        event_time = '2026-06-01 %s', updated_at = '2026-06-01 %s'
        """
        .formatted(parcel, parcel, time, time);
  }
}
