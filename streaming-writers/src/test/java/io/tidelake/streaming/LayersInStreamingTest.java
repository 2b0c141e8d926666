package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.Scenario.Expectation;
import io.tidelake.streaming.Scenario.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios, all layers in one streaming job beside the compaction job. */
class LayersInStreamingTest {

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

  @TestFactory
  Stream<DynamicTest> layersHoldTheExpectedRows() {
    return Stream.concat(
        LayerScenarios.inRounds(lake::insert, LayersInStreamingTest::awaitExpected),
        Stream.of(
            DynamicTest.dynamicTest(
                "every table equals its batch recomputation, row by row",
                LayersInStreamingTest::everyTableEqualsItsBatchRecomputation),
            DynamicTest.dynamicTest(
                "what was expected last still holds, and no job has failed",
                LayersInStreamingTest::lastExpectationsStillHold)));
  }

  private static void awaitExpected(Expectation expected) {
    lake.awaitRows(expected.table(), expected.columns(), expected.day(), expected.rows());
  }

  private static void everyTableEqualsItsBatchRecomputation() throws Exception {
    try (TestLake batch = TestLake.create(folder.resolve("batch"))) {
      batch.insert(LayerScenarios.DIMENSIONS);
      batch.insert(
          LayerScenarios.all().stream()
              .flatMap(scenario -> scenario.steps().stream())
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
    for (Scenario scenario : LayerScenarios.all()) {
      for (Expectation expected :
          scenario.steps().get(scenario.steps().size() - 1).expectations()) {
        assertThat(lake.rows(expected.table(), expected.columns(), expected.day()))
            .as(scenario.name() + ": " + expected.columns() + " of " + expected.table())
            .containsExactlyInAnyOrderElementsOf(expected.rows());
      }
    }
    assertThat(new FlinkCluster("localhost", engine.restPort()).jobs())
        .extracting(FlinkCluster.JobStatus::state)
        .isEqualTo(List.of("RUNNING", "RUNNING"));
  }
}
