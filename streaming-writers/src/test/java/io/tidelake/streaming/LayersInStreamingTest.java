/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.Scenario.Expectation;
import io.tidelake.streaming.Scenario.Step;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios, all layers in one streaming job beside the compaction job. */
class LayersInStreamingTest {

  /** A scenario on its day. */
  private record Run(String name, List<Step> steps) {}

  private static final List<Run> RUNS =
      IntStream.range(0, LayerScenarios.all().size())
          .mapToObj(
              i ->
                  new Run(
                      LayerScenarios.all().get(i).name(),
                      LayerScenarios.all().get(i).on(LocalDate.of(2026, 6, 1 + i).toString())))
          .toList();

  @TempDir private static Path folder;
  private static TestLake lake;
  private static FlinkEngine engine;

  @BeforeAll
  static void startJobs() throws Exception {
    lake = TestLake.create(folder.resolve("streaming"));
    lake.insert(LayerScenarios.DIMENSIONS);
    // Lookup joins see what is compacted; without this the first facts might miss a name.
    lake.compact();
    engine = FlinkEngine.start(0, 8);
    lake.start(engine);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
    lake.close();
  }

  /**
   * The first steps of all scenarios at once, then what each expects, then the second steps, and so
   * on: one scenario after the other would wait for the jobs many times more.
   */
  @TestFactory
  Stream<DynamicTest> layersHoldTheExpectedRows() {
    List<DynamicTest> tests = new ArrayList<>();
    int rounds = RUNS.stream().mapToInt(run -> run.steps().size()).max().orElseThrow();
    for (int i = 0; i < rounds; i++) {
      int round = i;
      List<Run> running = RUNS.stream().filter(run -> run.steps().size() > round).toList();
      tests.add(
          DynamicTest.dynamicTest(
              "rows of step " + (round + 1),
              () ->
                  lake.insert(
                      running.stream()
                          .map(run -> run.steps().get(round).rows())
                          .collect(Collectors.joining()))));
      for (Run run : running) {
        tests.add(
            DynamicTest.dynamicTest(
                run.name() + ", step " + (round + 1),
                () ->
                    run.steps()
                        .get(round)
                        .expectations()
                        .forEach(LayersInStreamingTest::awaitExpected)));
      }
    }
    tests.add(
        DynamicTest.dynamicTest(
            "every table equals its batch recomputation, row by row",
            LayersInStreamingTest::everyTableEqualsItsBatchRecomputation));
    tests.add(
        DynamicTest.dynamicTest(
            "what was expected last still holds, and no job has failed",
            LayersInStreamingTest::lastExpectationsStillHold));
    tests.add(
        DynamicTest.dynamicTest(
            "a repair while the stream runs reaches the tables behind the wide fact",
            LayersInStreamingTest::repairReachesTheTablesBehindTheWideFact));
    return tests.stream();
  }

  private static void awaitExpected(Expectation expected) {
    lake.awaitRows(expected.table(), expected.columns(), expected.day(), expected.rows());
  }

  private static void everyTableEqualsItsBatchRecomputation() throws Exception {
    try (TestLake batch = TestLake.create(folder.resolve("batch"))) {
      batch.insert(LayerScenarios.DIMENSIONS);
      batch.insert(
          RUNS.stream()
              .flatMap(run -> run.steps().stream())
              .map(Step::rows)
              .collect(Collectors.joining()));
      batch.runLayersInBatch();
      for (String table : TestLake.DERIVED_TABLES) {
        lake.awaitRows(table, "*", null, batch.rows(table, "*", null));
      }
    }
  }

  /** A result that was right for a moment and then went wrong was not right. */
  private static void lastExpectationsStillHold() throws Exception {
    for (Run run : RUNS) {
      for (Expectation expected : run.steps().get(run.steps().size() - 1).expectations()) {
        assertThat(lake.rows(expected.table(), expected.columns(), expected.day()))
            .as(run.name() + ": " + expected.columns() + " of " + expected.table())
            .containsExactlyInAnyOrderElementsOf(expected.rows());
      }
    }
    assertThat(new FlinkCluster(engine.restAddress()).jobs())
        .extracting(FlinkCluster.JobStatus::state)
        .hasSameSizeAs(TestLake.JOBS)
        .containsOnly("RUNNING");
  }

  private static void repairReachesTheTablesBehindTheWideFact() throws Exception {
    String day = "2026-07-01";
    String names = "fulfillment_id, merchant_name, warehouse_name";
    lake.insert(
        """
        ods_trade_order: dt = '2026-07-01', order_id = 1, merchant_id = 200, fulfillment_ids = '1', created_at = '2026-07-01 08:00:00', updated_at = '2026-07-01 08:00:00'
        ods_fulfillment_order: dt = '2026-07-01', fulfillment_id = 1, order_id = 1, business_line = 'domestic', direction = 'outbound', warehouse_id = 20, updated_at = '2026-07-01 08:30:00'
        """);
    lake.awaitRows("dwd_domestic_fulfillment", names, day, List.of("1 | NULL | NULL"));
    lake.awaitRows("dwd_domestic_fulfillment", "order_id", day, List.of("1"));
    lake.insert(
        """
        dim_merchant: merchant_id = 200, merchant_name = 'Late Ltd', updated_at = '2026-07-01 09:00:00'
        dim_warehouse: warehouse_id = 20, warehouse_name = 'West', updated_at = '2026-07-01 09:00:00'
        """);
    lake.awaitRows("dim_merchant", "merchant_name", null, List.of("Late Ltd", "Tea & Co"));
    lake.awaitRows("dim_warehouse", "warehouse_name", null, List.of("North", "South", "West"));
    assertThat(lake.repairs().run(lake.catalog())).as("first repair").isTrue();
    lake.awaitRows("dwd_domestic_fulfillment", names, day, List.of("1 | Late Ltd | West"));
    assertThat(lake.repairs().run(lake.catalog())).as("second repair").isFalse();
  }
}
