/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static io.tidelake.backfill.closeddays.ClosedDaysLake.FIRST;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.OPEN;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.SECOND;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.THIRD;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Downstream;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.InputDays.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedDaysTest {

  private static final String FACT = "dwd_fulfillment_wide";

  private static BatchEngine engine;

  @TempDir private Path folder;
  private ClosedDaysLake lake;

  @BeforeAll
  static void startEngine() {
    engine = BatchEngine.embedded(2);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void create() {
    lake = new ClosedDaysLake(folder, engine);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void tablesAreInTheOrderOfTheirInputsAndKnowHowFarTheseReach() {
    List<ClosedTable> tables = lake.closedTables();
    assertThat(tables)
        .extracting(ClosedTable::name)
        .containsExactlyInAnyOrder(
            FACT, "dws_fulfillment_day", "dws_carrier_hour", "ads_trend_minute", "ads_overview")
        .startsWith(FACT)
        .endsWith("ads_overview");
    assertThat(tables)
        .extracting(ClosedTable::inputs)
        .containsExactlyInAnyOrder(
            // Without the dimensions, whose attributes a repair keeps.
            Map.of(
                "ods_trade_order", Reach.SAME_DAY,
                "ods_withdrawn_parcel", Reach.SAME_DAY,
                "ods_fulfillment_order", Reach.SAME_DAY,
                "ods_logistics_event", Reach.SAME_DAY,
                "ods_customs_declaration", Reach.SAME_DAY),
            Map.of(FACT, Reach.SAME_DAY),
            Map.of(FACT, Reach.ANY_DAY),
            Map.of(FACT, Reach.ANY_DAY),
            Map.of("dws_fulfillment_day", Reach.SAME_DAY));
  }

  @Test
  void aRunAndItsUndoComputeTheClosedDaysThatFollow() throws Exception {
    lake.write(lake.order(FIRST, 1, 1));
    Path query = folder.resolve("query.sql");
    Files.writeString(
        query,
        "SELECT dt, id FROM (VALUES ('%s', 2), ('%s', 3)) AS t (dt, id);".formatted(FIRST, OPEN));
    Path mapping = folder.resolve("mapping.sql");
    Files.writeString(
        mapping,
        """
        SELECT dt, id AS fulfillment_id, 'domestic' AS business_line, 'outbound' AS direction, 1 AS warehouse_id,
          CAST(10 AS DECIMAL(12, 2)) AS parcel_amount, CAST(${version} AS BIGINT) AS fulfillment_version,
          FALSE AS is_deleted, CAST(${version} AS BIGINT) AS is_deleted_version, source_file
        FROM snapshot;
        """);
    BackfillRequest request =
        new BackfillRequest(
            FACT, BackfillMode.FILL, BackfillLake.AS_OF, "query:" + query, mapping, List.of());

    Downstream downstream = lake.planner().plan(request, BackfillLake.LIMITS).downstream();

    assertThat(downstream.byStream()).contains("dws_fulfillment_day", "dwd_domestic_fulfillment");
    assertThat(downstream.byRun())
        .extracting(Recomputation::target, Recomputation::days)
        .contains(
            tuple("dws_fulfillment_day", List.of(FIRST)), tuple("ads_overview", List.of(FIRST)));
    assertThat(downstream.bySweep()).isEmpty();

    BackfillRun run = lake.runner().run(request, BackfillLake.LIMITS);

    assertThat(lake.groups(FIRST)).containsExactly("1 | 2");
    assertThat(lake.totals(FIRST)).containsExactly("2 | 20.00");
    assertThat(lake.groups(OPEN)).as("left to the stream").isEmpty();

    lake.runner().undo(run.id(), BackfillLake.LIMITS);

    assertThat(lake.groups(FIRST)).containsExactly("1 | 1");
    assertThat(lake.totals(FIRST)).containsExactly("1 | 10.00");
  }

  @Test
  void recomputationRepairsRowsAndRemovesGroupsThatVanished() throws Exception {
    lake.write(
        lake.order(FIRST, 1, 1),
        lake.order(FIRST, 2, 1),
        lake.order(FIRST, 3, 2),
        lake.order(SECOND, 4, 1),
        lake.order(OPEN, 5, 1));
    // Warehouse 1 is wrong, 2 is missing, 9 should not be there.
    lake.damage(group(FIRST, 1, 99), group(FIRST, 9, 1), group(SECOND, 8, 1), group(OPEN, 7, 1));
    lake.sql(
        "INSERT INTO ads_overview VALUES ('%s', 'domestic', 99, 1, 1, 1, 1, 1, 1.00, 1.00), ('%s', 'export', 1, 1, 1, 1, 1, 1, 1.00, 1.00)"
            .formatted(FIRST, FIRST));

    List<Recomputation> done = lake.closedDays().recompute(FACT, List.of(FIRST, OPEN));

    assertThat(lake.groups(FIRST)).containsExactly("1 | 2", "2 | 1");
    assertThat(lake.totals(FIRST)).containsExactly("3 | 30.00");
    assertThat(lake.groups(SECOND)).as("a closed day that was not named").containsExactly("8 | 1");
    assertThat(lake.groups(OPEN)).as("an open day").containsExactly("7 | 1");
    assertThat(done)
        .filteredOn(
            table ->
                table.target().startsWith("dws_fulfillment")
                    || table.target().equals("ads_overview"))
        .containsExactly(
            new Recomputation(
                "dws_fulfillment_day",
                List.of(FIRST),
                "dwd_fulfillment_wide changed",
                Map.of(FIRST, new DayCounts(1, 1, 1, 0))),
            new Recomputation(
                "ads_overview",
                List.of(FIRST),
                "dws_fulfillment_day changed",
                Map.of(FIRST, new DayCounts(0, 1, 1, 0))));

    long snapshot = lake.catalog().latestSnapshotId("dws_fulfillment_day");
    List<Recomputation> again = lake.closedDays().recompute(FACT, List.of(FIRST));
    assertThat(again)
        .filteredOn(table -> table.target().equals("dws_fulfillment_day"))
        .extracting(Recomputation::counts)
        .containsExactly(Map.of(FIRST, new DayCounts(0, 0, 0, 2)));
    assertThat(again).extracting(Recomputation::target).doesNotContain("ads_overview");
    assertThat(lake.catalog().latestSnapshotId("dws_fulfillment_day"))
        .as("no commit without a difference")
        .isEqualTo(snapshot);
  }

  @Test
  void daysThatAreNotThoseOfTheInputAreAllCompared() throws Exception {
    lake.write(
        lake.pickedUp(FIRST, 1, 1, FIRST),
        lake.pickedUp(FIRST, 2, 1, THIRD),
        lake.pickedUp(SECOND, 3, 1, THIRD),
        lake.pickedUp(SECOND, 4, 1, OPEN));
    lake.closedDays().recompute(FACT, List.of(FIRST, SECOND));
    String query = "SELECT dt, picked_up_count FROM dws_carrier_hour";
    assertThat(lake.rows(query)).containsExactly(FIRST + " | 1", THIRD + " | 2");

    // Its pick-up moves from the third day to the second.
    lake.write(lake.pickedUp(SECOND, 3, 1, SECOND));
    List<Recomputation> done = lake.closedDays().recompute(FACT, List.of(SECOND));
    assertThat(lake.rows(query)).containsExactly(FIRST + " | 1", SECOND + " | 1", THIRD + " | 1");
    assertThat(done)
        .filteredOn(table -> table.target().equals("dws_carrier_hour"))
        .extracting(Recomputation::counts)
        .containsExactly(
            Map.of(
                FIRST, new DayCounts(0, 0, 0, 1),
                SECOND, new DayCounts(1, 0, 0, 0),
                THIRD, new DayCounts(0, 1, 0, 0)));
  }

  @Test
  void changeOfAnOpenDayOrOfAnotherTableNeedsNothing() throws Exception {
    lake.write(lake.order(FIRST, 1, 1), lake.order(OPEN, 2, 1));
    assertThat(lake.closedDays().recompute(FACT, List.of(OPEN))).isEmpty();
    assertThat(lake.closedDays().recompute("dwd_logistics_event", List.of(FIRST))).isEmpty();
    assertThat(lake.groups(FIRST)).isEmpty();
  }
}
