/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static io.tidelake.backfill.closeddays.ClosedDaysLake.FIRST;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.OPEN;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.SECOND;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.group;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.wideFact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.backfill.model.SweepResult;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.streaming.job.StreamingJobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streaming aggregations beside closed days, and a sweep beside the streaming aggregations. */
class OpenDaysInStreamingTest {

  // Polled in the thread of the test: Flink's planner keeps to the thread that opened the session.
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Tag("soak")
  @Test
  void streamMaintainsOpenDaysAndBatchClosedOnes() throws Exception {
    try (BatchEngine batch = BatchEngine.embedded(2);
        ClosedDaysLake lake = new ClosedDaysLake(folder, batch);
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      lake.write(
          lake.pickedUp(FIRST, 1, 1, FIRST),
          lake.pickedUp(SECOND, 2, 1, OPEN),
          lake.pickedUp(OPEN, 3, 1, OPEN),
          lake.order(OPEN, 4, 2));
      // What an earlier stream or a batch job left, right or wrong: warehouse 9 has vanished.
      lake.damage(group(FIRST, 1, 1), group(FIRST, 9, 1), group(OPEN, 1, 1), group(OPEN, 9, 1));

      StreamingJobs jobs = lake.jobs(engine);
      jobs.startFromNothing(StreamingJobs.COMPACTION);
      jobs.startFromNothing("marts");
      awaitGroups(lake, "1 | 1", "2 | 1");
      assertThat(lake.groups(FIRST))
          .as("a start from nothing leaves closed days alone")
          .containsExactly("1 | 1", "9 | 1");

      lake.write(lake.order(FIRST, 5, 5), lake.order(OPEN, 4, 1), lake.order(OPEN, 6, 3));
      awaitGroups(lake, "1 | 2", "3 | 1");
      await("totals of the open day")
          .atMost(SETTLED_WITHIN)
          .pollInSameThread()
          .untilAsserted(() -> assertThat(lake.totals(OPEN)).containsExactly("3 | 30.00"));
      await("the pick-ups of the open day, of whichever day their orders are")
          .atMost(SETTLED_WITHIN)
          .pollInSameThread()
          .untilAsserted(
              () ->
                  assertThat(lake.rows("SELECT dt, picked_up_count FROM dws_carrier_hour"))
                      .containsExactly(OPEN + " | 2"));
      assertThat(lake.groups(FIRST)).containsExactly("1 | 1", "9 | 1");
      assertThat(lake.totals(FIRST)).as("ADS leaves closed days, too").isEmpty();

      Map<String, List<String>> openDays = openDays(lake);
      SweepResult swept = Sweep.run(lake.closedDays());
      assertThat(swept.recomputed()).hasSize(4);
      assertThat(lake.groups(FIRST)).containsExactly("1 | 1", "5 | 1");
      assertThat(lake.totals(FIRST)).containsExactly("2 | 20.00");
      assertThat(lake.totals(SECOND)).containsExactly("1 | 10.00");
      assertThat(lake.rows("SELECT dt, picked_up_count FROM dws_carrier_hour"))
          .containsExactly(FIRST + " | 1", OPEN + " | 2");

      // The stream goes on, and takes the batch rows of closed days for none of its own.
      lake.write(lake.order(OPEN, 7, 4));
      awaitGroups(lake, "1 | 2", "3 | 1", "4 | 1");
      lake.write(lake.deleted(OPEN, 7, 4));
      awaitGroups(lake, "1 | 2", "3 | 1");
      await("ADS to have followed")
          .atMost(SETTLED_WITHIN)
          .pollInSameThread()
          .untilAsserted(() -> assertThat(openDays(lake)).isEqualTo(openDays));
      assertThat(lake.totals(FIRST)).containsExactly("2 | 20.00");
      streamEqualsBatch(lake);
    }
  }

  @Tag("soak")
  @Test
  void streamLeavesClosedDaysOfTheWideFactToBatch() throws Exception {
    try (BatchEngine batch = BatchEngine.embedded(2);
        ClosedDaysLake lake = new ClosedDaysLake(folder, batch);
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      OdsRows ods = lake.ods();
      ods.order(FIRST, 1, "11").order(FIRST, 2, "12,13").order(OPEN, 3, "21");
      ods.parcel(FIRST, 11, 1).parcel(FIRST, 12, 1).parcel(FIRST, 13, 1).parcel(OPEN, 21, 1);
      ods.scan(FIRST, 11, "outbound", 101, "10:00").scan(FIRST, 11, "outbound", 102, "12:00");
      ods.scan(OPEN, 21, "outbound", 103, "10:00").scan(OPEN, 21, "outbound", 104, "12:00");
      ods.declaration(FIRST, 12, 201, "declared", false);
      ods.write();
      StreamingJobs jobs = lake.jobs(engine);
      jobs.startFromNothing(StreamingJobs.COMPACTION);
      jobs.startFromNothing("facts");
      jobs.startFromNothing("marts");
      awaitWideFact(lake);
      awaitGroups(lake, "1 | 1");
      assertThat(lake.rows(wideFact(FIRST))).as("a closed day, in a stream").isEmpty();

      Sweep.run(lake.closedDays());
      List<String> closed = lake.rows(wideFact(FIRST));
      assertThat(closed).hasSize(3);
      await("the tables of the business lines, of which the stream takes every day")
          .atMost(SETTLED_WITHIN)
          .pollInSameThread()
          .untilAsserted(
              () ->
                  assertThat(
                          lake.rows(
                              "SELECT fulfillment_id FROM dwd_domestic_fulfillment WHERE dt = '"
                                  + FIRST
                                  + "'"))
                      .containsExactly("11", "12", "13"));

      // Late, withdrawn, moved, deleted; the scans of the open day come last.
      ods.scan(FIRST, 13, "picked_up", 105, "15:00");
      ods.deletedScan(FIRST, 11, "outbound", 102, "12:00");
      ods.order(FIRST, 1, "11,12").order(FIRST, 2, "13").withdrawn(FIRST, 2, 12);
      ods.declaration(FIRST, 12, 201, "declared", true);
      ods.write();
      ods.deletedScan(OPEN, 21, "outbound", 104, "12:00").write();
      awaitWideFact(lake);
      assertThat(lake.rows(wideFact(FIRST))).isEqualTo(closed);
      // A job without state reads ODS from its beginning.
      jobs.stop("facts", false);
      jobs.startFromNothing("facts");
      ods.scan(OPEN, 21, "picked_up", 106, "16:00").write();
      awaitWideFact(lake);
      assertThat(lake.rows(wideFact(FIRST))).isEqualTo(closed);

      Sweep.run(lake.closedDays());
      assertThat(lake.rows(wideFact(FIRST)))
          .isNotEqualTo(closed)
          .isEqualTo(lake.wideFactMadeAnew(FIRST));
      assertThat(lake.rows("SELECT outbound_count, picked_up_count FROM ads_overview"))
          .contains("1 | 1");
      await("the open day of the aggregations")
          .atMost(SETTLED_WITHIN)
          .pollInSameThread()
          .untilAsserted(() -> streamEqualsBatch(lake));
      assertThat(Sweep.run(lake.closedDays()).recomputed()).isEmpty();
    }
  }

  /** Waits until the stream has made of the open day what batch makes of it. */
  private static void awaitWideFact(ClosedDaysLake lake) throws Exception {
    List<String> rows = lake.wideFactMadeAnew(OPEN);
    assertThat(rows).isNotEmpty();
    await("the open day of the wide fact")
        .atMost(SETTLED_WITHIN)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(lake.rows(wideFact(OPEN))).isEqualTo(rows));
  }

  private static void awaitGroups(ClosedDaysLake lake, String... groups) {
    await("groups of the open day")
        .atMost(SETTLED_WITHIN)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(lake.groups(OPEN)).containsExactly(groups));
  }

  /** The closed tables but the wide fact, which tests may write without ODS. */
  private static List<ClosedTable> aggregations(ClosedDaysLake lake) {
    return lake.closedTables().stream().filter(table -> !table.isVersioned()).toList();
  }

  /** All rows of open days, by table. */
  private static Map<String, List<String>> openDays(ClosedDaysLake lake) throws Exception {
    Map<String, List<String>> rows = new TreeMap<>();
    for (ClosedTable table : aggregations(lake)) {
      rows.put(
          table.name(), lake.rows("SELECT * FROM " + table.name() + " WHERE dt >= '" + OPEN + "'"));
    }
    return rows;
  }

  /** The same text in batch yields what the stream, and for closed days the sweep, has written. */
  private static void streamEqualsBatch(ClosedDaysLake lake) throws Exception {
    for (ClosedTable table : aggregations(lake)) {
      assertThat(lake.rows("SELECT * FROM " + table.name()))
          .as(table.name())
          .isNotEmpty()
          .isEqualTo(lake.rows(table.derivation().query()));
    }
  }
}
