/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static io.tidelake.backfill.closeddays.ClosedDaysLake.FIRST;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.OPEN;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.SECOND;
import static io.tidelake.backfill.closeddays.ClosedDaysLake.THIRD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.SweepResult;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.DataFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.paimon.table.FileStoreTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {

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
  void sweepOnce() throws Exception {
    lake = new ClosedDaysLake(folder, engine);
    lake.write(
        lake.order(FIRST, 1, 1),
        lake.order(SECOND, 2, 1),
        lake.order(SECOND, 3, 2),
        lake.order(THIRD, 4, 1),
        lake.order(OPEN, 5, 1));
    assertThat(sweep())
        .containsExactlyInAnyOrder(
            "dws_fulfillment_day " + List.of(FIRST, SECOND, THIRD) + " never computed",
            "dws_carrier_hour [] never computed",
            "ads_trend_minute [] never computed",
            "ads_overview " + List.of(FIRST, SECOND, THIRD) + " never computed");
    assertThat(lake.groups(SECOND)).containsExactly("1 | 1", "2 | 1");
    assertThat(lake.totals(SECOND)).containsExactly("2 | 20.00");
    assertThat(lake.groups(OPEN)).isEmpty();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Tag("soak")
  @Test
  void anotherTimeZoneMovesWhatHappenedToItsDays() throws Exception {
    // Picked up at 12:00 UTC.
    lake.write(lake.pickedUp(SECOND, 2, 1, SECOND));
    sweep();
    assertThat(pickUps()).containsExactly(SECOND + " | 12 | 1");

    // 02:00 of the next day.
    Sweep.run(lake.closedDaysIn("Pacific/Kiritimati"));

    assertThat(pickUps()).containsExactly(THIRD + " | 2 | 1");
    assertThat(lake.rows("SELECT dt, stat_minute, outbound_count FROM ads_trend_minute"))
        .containsExactly(THIRD + " | 02:00 | 1");
    assertThat(lake.totals(SECOND)).as("days of orders are the source's").isNotEmpty();
    SweepResult again = Sweep.run(lake.closedDaysIn("Pacific/Kiritimati"));
    assertThat(again.recomputed()).as("nothing has changed").isEmpty();
    SweepResult back = Sweep.run(lake.closedDays());
    assertThat(back.recomputed()).isNotEmpty().allMatch(r -> r.reason().contains("time zone"));
    assertThat(pickUps()).containsExactly(SECOND + " | 12 | 1");
  }

  private List<String> pickUps() throws Exception {
    return lake.rows("SELECT dt, stat_hour, picked_up_count FROM dws_carrier_hour");
  }

  @Test
  void recomputesTheChangedDaysAndNoOthers() throws Exception {
    assertThat(sweep()).as("nothing has changed").isEmpty();

    // The group of warehouse 2 vanishes; the open day is left to the stream.
    lake.write(lake.order(SECOND, 3, 1), lake.order(OPEN, 6, 1));
    SweepResult plan = Sweep.plan(lake.closedDays());
    assertThat(plan.recomputed())
        .extracting(SweepTest::text)
        .containsExactlyInAnyOrder(
            "dws_fulfillment_day [" + SECOND + "] dwd_fulfillment_wide changed",
            "dws_carrier_hour [] dwd_fulfillment_wide changed",
            "ads_trend_minute [] dwd_fulfillment_wide changed",
            "ads_overview [" + SECOND + "] follows dws_fulfillment_day");
    assertThat(lake.groups(SECOND)).as("a plan changes nothing").containsExactly("1 | 1", "2 | 1");

    SweepResult result = Sweep.run(lake.closedDays());
    assertThat(result.recomputed())
        .filteredOn(table -> !table.days().isEmpty())
        .containsExactly(
            new Recomputation(
                "dws_fulfillment_day",
                List.of(SECOND),
                "dwd_fulfillment_wide changed",
                Map.of(SECOND, new DayCounts(0, 1, 1, 0))),
            new Recomputation(
                "ads_overview",
                List.of(SECOND),
                "dws_fulfillment_day changed",
                Map.of(SECOND, new DayCounts(0, 0, 0, 1))));
    assertThat(result.unchanged())
        .containsEntry("dws_fulfillment_day", 2)
        .containsEntry("ads_overview", 2);
    assertThat(lake.groups(SECOND)).containsExactly("1 | 2");
    assertThat(lake.groups(OPEN)).isEmpty();
    assertThat(sweep()).isEmpty();
  }

  @Tag("soak")
  @Test
  void dayWhoseOrdersAreAllDeletedBecomesEmptyEverywhere() throws Exception {
    lake.write(lake.deleted(FIRST, 1, 1));
    assertThat(sweep())
        .contains(
            "dws_fulfillment_day [" + FIRST + "] dwd_fulfillment_wide changed",
            "ads_overview [" + FIRST + "] dws_fulfillment_day changed");
    assertThat(lake.groups(FIRST)).isEmpty();
    assertThat(lake.totals(FIRST)).isEmpty();
    assertThat(sweep()).isEmpty();
  }

  @Tag("soak")
  @Test
  void compactionIsNoChange() throws Exception {
    lake.compact(FACT);
    lake.compact("dws_fulfillment_day");
    assertThat(sweep()).isEmpty();
    lake.expireSnapshots(FACT);
    lake.expireSnapshots("dws_fulfillment_day");
    assertThat(sweep()).as("the sweep before has seen the compacted files").isEmpty();
  }

  @Tag("soak")
  @Test
  void compactionOfWhichNoSnapshotsAreLeftIsComputedInVainOnce() throws Exception {
    lake.compact(FACT);
    lake.expireSnapshots(FACT);
    SweepResult result = Sweep.run(lake.closedDays());
    assertThat(result.recomputed())
        .extracting(Recomputation::target)
        .containsExactlyInAnyOrder("dws_fulfillment_day", "dws_carrier_hour", "ads_trend_minute");
    assertThat(result.recomputed()).allMatch(table -> table.total().differences() == 0);
    assertThat(sweep()).isEmpty();
  }

  @Tag("soak")
  @Test
  void changeThatWasCompactedAndWhoseSnapshotsExpiredIsSeen() throws Exception {
    lake.write(lake.order(THIRD, 7, 1));
    lake.compact(FACT);
    lake.expireSnapshots(FACT);
    sweep();
    assertThat(lake.groups(THIRD)).containsExactly("1 | 2");
    assertThat(lake.totals(THIRD)).containsExactly("2 | 20.00");
  }

  @Tag("soak")
  @Test
  void changeAfterARollbackIsSeen() throws Exception {
    long snapshot = lake.catalog().latestSnapshotId(FACT);
    lake.write(lake.order(THIRD, 8, 1));
    sweep();
    assertThat(lake.totals(THIRD)).containsExactly("2 | 20.00");
    lake.catalog().table(FACT).rollbackTo(snapshot);
    // The number of the snapshot that was recorded is used again.
    lake.write(lake.order(OPEN, 9, 1));
    assertThat(lake.catalog().latestSnapshotId(FACT)).isEqualTo(snapshot + 1);
    sweep();
    assertThat(lake.totals(THIRD)).containsExactly("1 | 10.00");
  }

  @Tag("soak")
  @Test
  void aggregatesOutliveTheDetailsTheyWereMadeOf() throws Exception {
    lake.sql("ALTER TABLE dwd_fulfillment_wide DROP PARTITION (dt = '" + FIRST + "')");
    SweepResult result = Sweep.run(lake.closedDays());
    assertThat(result.withoutInput())
        .containsOnly(
            Map.entry("dws_fulfillment_day", List.of(FIRST)),
            // The test has written it without ODS.
            Map.entry(FACT, List.of(SECOND, THIRD)));
    assertThat(result.recomputed())
        .extracting(Recomputation::target)
        .doesNotContain("ads_overview");
    assertThat(lake.groups(FIRST)).containsExactly("1 | 1");
    assertThat(lake.totals(FIRST)).containsExactly("1 | 10.00");
  }

  @Tag("soak")
  @Test
  void whatComesLateOfADroppedDayDoesNotStandForAllOfIt() throws Exception {
    String pickUps = "SELECT dt, picked_up_count FROM dws_carrier_hour";
    lake.write(lake.pickedUp(FIRST, 6, 1, THIRD));
    sweep();
    lake.sql("ALTER TABLE dwd_fulfillment_wide DROP PARTITION (dt = '" + FIRST + "')");
    lake.write(lake.order(FIRST, 9, 9), lake.pickedUp(OPEN, 10, 1, OPEN));

    // SECOND is the first day that is kept.
    SweepResult result = Sweep.run(lake.closedDaysWithDetailsFor("102 d"));
    assertThat(result.withoutInput()).containsEntry("dws_fulfillment_day", List.of(FIRST));
    assertThat(lake.groups(FIRST)).containsExactly("1 | 2");
    assertThat(lake.totals(FIRST)).containsExactly("2 | 20.00");
    assertThat(lake.rows(pickUps))
        .as("picked up after its order's day")
        .containsExactly(THIRD + " | 1");

    sweep();
    assertThat(lake.groups(FIRST)).as("without that knowledge").containsExactly("9 | 1");
    assertThat(lake.rows(pickUps))
        .as("nothing was written since it was computed")
        .containsExactly(THIRD + " | 1");
  }

  @Tag("soak")
  @Test
  void writesOfOthersAreToldFromOnesOwnFromCompactionAndFromOtherDays() throws Exception {
    FileStoreTable fact = lake.catalog().table(FACT);
    long before = lake.catalog().latestSnapshotId(FACT);
    lake.write(lake.order(OPEN, 9, 1), lake.order(SECOND, 9, 1));
    String writer = fact.latestSnapshot().orElseThrow().commitUser();
    assertThat(DataFiles.writtenByOthers(fact, before, "closed-days-1", SECOND::equals)).isTrue();
    assertThat(DataFiles.writtenByOthers(fact, before, writer, SECOND::equals)).isFalse();
    assertThat(DataFiles.writtenByOthers(fact, before, "closed-days-1", FIRST::equals)).isFalse();
    lake.compact(FACT);
    assertThat(DataFiles.writtenByOthers(fact, before + 1, "closed-days-1", day -> true)).isFalse();
    lake.expireSnapshots(FACT);
    assertThat(DataFiles.writtenByOthers(fact, before, writer, FIRST::equals))
        .as("nothing is known of snapshots that have expired")
        .isTrue();
  }

  @Tag("soak")
  @Test
  void sweepsAtTheSameTimeEndInTheSameTables() throws Exception {
    ExecutorService sweepers = Executors.newFixedThreadPool(2);
    try {
      lake.write(lake.order(FIRST, 1, 7));
      Future<?> one = sweepers.submit(this::sweep);
      Future<?> other = sweepers.submit(this::sweep);
      // Between what the sweeps read and what they write, or not: both must be right.
      for (int warehouse = 10; warehouse < 13; warehouse++) {
        lake.write(lake.order(FIRST, 1, warehouse), lake.order(THIRD, 4, warehouse));
      }
      one.get(2, TimeUnit.MINUTES);
      other.get(2, TimeUnit.MINUTES);
    } finally {
      sweepers.shutdownNow();
    }
    sweep();
    assertThat(lake.groups(FIRST)).containsExactly("12 | 1");
    assertThat(lake.groups(THIRD)).containsExactly("12 | 1");
    assertThat(lake.totals(THIRD)).containsExactly("1 | 10.00");
    assertThat(sweep()).isEmpty();
  }

  private List<String> sweep() {
    return Sweep.run(lake.closedDays()).recomputed().stream().map(SweepTest::text).toList();
  }

  private static String text(Recomputation table) {
    return table.target() + " " + table.days() + " " + table.reason();
  }
}
