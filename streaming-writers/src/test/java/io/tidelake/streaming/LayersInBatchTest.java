package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios, each layer computed by batch jobs. */
class LayersInBatchTest {

  @TempDir private static Path folder;
  private static TestLake lake;

  @BeforeAll
  static void createTables() throws Exception {
    lake = TestLake.create(folder);
    lake.insert(LayerScenarios.DIMENSIONS);
  }

  @AfterAll
  static void close() throws Exception {
    lake.close();
  }

  @TestFactory
  Stream<DynamicTest> layersHoldTheExpectedRows() {
    return LayerScenarios.inRounds(
        rows -> {
          lake.insert(rows);
          lake.runLayersInBatch();
        },
        expected ->
            assertThat(lake.rows(expected.table(), expected.columns(), expected.day()))
                .as(expected.columns() + " of " + expected.table())
                .containsExactlyInAnyOrderElementsOf(expected.rows()));
  }
}
