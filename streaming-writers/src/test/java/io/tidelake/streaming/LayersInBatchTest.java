/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.Scenario.Expectation;
import io.tidelake.streaming.Scenario.Step;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios, each layer computed by batch jobs. Each step is replayed with those before it on a
 * day of its own, so that one run of the jobs computes them all.
 */
class LayersInBatchTest {

  @TempDir private static Path folder;
  private static TestLake lake;

  @BeforeAll
  static void createTables() {
    lake = TestLake.create(folder);
  }

  @AfterAll
  static void close() throws Exception {
    lake.close();
  }

  @TestFactory
  Stream<DynamicTest> layersHoldTheExpectedRows() throws Exception {
    LocalDate day = LocalDate.of(2026, 1, 1);
    StringBuilder rows = new StringBuilder(LayerScenarios.DIMENSIONS);
    List<DynamicTest> tests = new ArrayList<>();
    for (Scenario scenario : LayerScenarios.all()) {
      int steps = scenario.on("").size();
      for (int last = 0; last < steps; last++) {
        List<Step> replayed = scenario.on(day.toString()).subList(0, last + 1);
        rows.append(replayed.stream().map(Step::rows).collect(Collectors.joining()));
        tests.add(
            DynamicTest.dynamicTest(
                scenario.name() + ", step " + (last + 1),
                () -> assertHolds(replayed.get(replayed.size() - 1))));
        day = day.plusDays(1);
      }
    }
    lake.insert(rows.toString());
    lake.runLayersInBatch();
    return tests.stream();
  }

  private static void assertHolds(Step step) {
    for (Expectation expected : step.expectations()) {
      assertThat(lake.rows(expected.table(), expected.columns(), expected.day()))
          .as(expected.columns() + " of " + expected.table())
          .containsExactlyInAnyOrderElementsOf(expected.rows());
    }
  }
}
