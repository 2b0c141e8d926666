/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static io.tidelake.backfill.closeddays.ClosedDaysLake.FIRST;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.OPEN;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.SECOND;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.wideFact;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Downstream;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.SweepResult;
import io.tidelake.streaming.job.BatchEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closed days of the wide fact, which has versions, follow ODS in batch. */
@Tag("soak")
class WideFactClosedDaysTest {

  private static final String FACT = "dwd_fulfillment_wide";
  private static final String MILESTONES =
      "SELECT fulfillment_id, order_id, HOUR(outbound_at), HOUR(picked_up_at), customs_status"
          + " FROM dwd_fulfillment_wide WHERE dt = '";

  private static BatchEngine engine;

  @TempDir private Path folder;
  private ClosedDaysLake lake;
  private OdsRows ods;

  @BeforeAll
  static void startEngine() {
    engine = BatchEngine.embedded(2);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void sweepOnce() throws Exception {
    lake = new ClosedDaysLake(folder, engine);
    ods = lake.ods();
    ods.order(FIRST, 1, "11,12").order(FIRST, 2, "13").order(SECOND, 3, "21").order(OPEN, 4, "31");
    ods.parcel(FIRST, 11, 1).parcel(FIRST, 12, 1).parcel(FIRST, 13, 2);
    ods.parcel(SECOND, 21, 1).parcel(OPEN, 31, 1);
    ods.scan(FIRST, 11, "outbound", 101, "10:00").scan(FIRST, 11, "outbound", 102, "12:00");
    ods.declaration(FIRST, 12, 201, "declared", false);
    ods.write();

    SweepResult result = Sweep.run(lake.closedDays());

    assertThat(result.recomputed().get(0))
        .isEqualTo(
            new Recomputation(
                FACT,
                List.of(FIRST, SECOND),
                "never computed",
                Map.of(FIRST, new DayCounts(3, 0, 0, 0), SECOND, new DayCounts(1, 0, 0, 0))));
    assertThat(lake.rows(MILESTONES + FIRST + "'"))
        .containsExactly(
            "11 | 1 | 12 | null | null",
            "12 | 1 | null | null | declared",
            "13 | 2 | null | null | null");
    assertThat(lake.rows(wideFact(OPEN))).as("left to the stream").isEmpty();
    assertThat(lake.totals(FIRST)).containsExactly("3 | 30.00");
    assertNothingToDo();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void sweepMakesTheFactOfAllThatChangedAndThenWhatFollows() throws Exception {
    ods.scan(FIRST, 13, "picked_up", 103, "15:00");
    ods.deletedScan(FIRST, 11, "outbound", 102, "12:00");
    ods.order(FIRST, 1, "11,12,13").order(FIRST, 2, "").withdrawn(FIRST, 2, 13);
    ods.declaration(FIRST, 12, 201, "declared", true);
    ods.scan(OPEN, 31, "outbound", 104, "10:00");
    ods.write();

    SweepResult result = Sweep.run(lake.closedDays());

    assertThat(result.recomputed())
        .extracting(Recomputation::target)
        .containsExactly(
            FACT, "ads_trend_minute", "dws_carrier_hour", "dws_fulfillment_day", "ads_overview");
    assertThat(result.recomputed().get(0).counts())
        .isEqualTo(Map.of(FIRST, new DayCounts(0, 3, 0, 0)));
    assertThat(lake.rows(MILESTONES + FIRST + "'"))
        .containsExactly(
            "11 | 1 | 10 | null | null",
            "12 | 1 | null | null | null",
            "13 | 1 | null | 15 | null");
    assertThat(lake.rows(wideFact(FIRST))).isEqualTo(lake.wideFactMadeAnew(FIRST));
    assertThat(
            lake.rows(
                "SELECT warehouse_id, picked_up_count FROM dws_fulfillment_day WHERE dt = '"
                    + FIRST
                    + "'"))
        .containsExactly("1 | 0", "2 | 1");
    assertThat(
            lake.rows(
                "SELECT outbound_count, picked_up_count FROM ads_overview WHERE dt = '"
                    + FIRST
                    + "'"))
        .containsExactly("1 | 1");
    assertThat(lake.rows(wideFact(OPEN))).as("left to the stream").isEmpty();
    assertNothingToDo();
  }

  @Test
  void writesThatChangeNothingAreNotPassedOn() throws Exception {
    long snapshot = lake.catalog().latestSnapshotId(FACT);
    ods.staleScan(FIRST, 11, "outbound", 102, "18:00");
    ods.write();

    SweepResult result = Sweep.run(lake.closedDays());

    assertThat(result.recomputed())
        .containsExactly(
            new Recomputation(
                FACT,
                List.of(FIRST),
                "ods_logistics_event changed",
                Map.of(FIRST, new DayCounts(0, 0, 0, 3))));
    assertThat(lake.catalog().latestSnapshotId(FACT)).isEqualTo(snapshot);
    assertNothingToDo();
  }

  @Test
  void newerValuesOfTheFactStay() throws Exception {
    lake.sql(
        "INSERT INTO dwd_fulfillment_wide (dt, fulfillment_id, outbound_station, outbound_version)"
            + " VALUES ('%s', 11, 'corrected', 1000000)".formatted(FIRST));
    ods.scan(FIRST, 11, "outbound", 105, "16:00").scan(FIRST, 11, "signed", 106, "17:00");
    ods.write();

    Sweep.run(lake.closedDays());

    assertThat(
            lake.rows(
                "SELECT outbound_station, outbound_at, HOUR(signed_at) FROM dwd_fulfillment_wide"
                    + " WHERE fulfillment_id = 11"))
        .containsExactly("corrected | null | 17");
    assertNothingToDo();
  }

  @Test
  void dimensionThatChangesDoesNotMakeClosedDaysDue() throws Exception {
    lake.sql(
        "INSERT INTO dim_merchant (merchant_id, merchant_name, is_deleted, row_version)"
            + " VALUES (7, 'Seven', FALSE, 1)");
    assertNothingToDo();
  }

  @Test
  void backfillOfOdsEndsWithAllThatFollows() throws Exception {
    Path query = folder.resolve("query.sql");
    Files.writeString(
        query,
        "SELECT dt, id FROM (VALUES ('%s', 14), ('%s', 32)) AS t (dt, id);".formatted(FIRST, OPEN));
    Path mapping = folder.resolve("mapping.sql");
    Files.writeString(
        mapping,
        """
        SELECT dt, id AS fulfillment_id, 'domestic' AS business_line, 'outbound' AS direction, 1 AS warehouse_id,
          CAST(10 AS DECIMAL(12, 2)) AS parcel_amount, FALSE AS is_deleted,
          CAST(${version} AS BIGINT) AS row_version, source_file
        FROM snapshot;
        """);
    BackfillRequest request =
        new BackfillRequest(
            "ods_fulfillment_order",
            BackfillMode.FILL,
            BackfillLake.AS_OF,
            "query:" + query,
            mapping,
            List.of());

    Downstream downstream = lake.planner().plan(request, BackfillLake.LIMITS).downstream();

    assertThat(downstream.byRun())
        .extracting(Recomputation::target)
        .contains(FACT, "dws_fulfillment_day", "ads_overview");
    assertThat(downstream.bySweep()).isEmpty();

    BackfillRun run = lake.runner().run(request, BackfillLake.LIMITS);

    assertThat(lake.groups(FIRST)).containsExactly("1 | 3", "2 | 1");
    assertThat(lake.totals(FIRST)).containsExactly("4 | 40.00");
    assertThat(lake.rows(wideFact(OPEN))).as("left to the stream").isEmpty();
    assertNothingToDo();

    lake.runner().undo(run.id(), BackfillLake.LIMITS);

    assertThat(lake.totals(FIRST)).containsExactly("3 | 30.00");
    assertNothingToDo();
  }

  private void assertNothingToDo() {
    assertThat(Sweep.run(lake.closedDays()).recomputed()).isEmpty();
  }
}
