/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Promise 1: any arrival order, repeats, commit sizes and compaction moments give the same table,
 * the one that the merge law says. Real Paimon tables with the options of the project, written by
 * two writers and compacted beside them. {@code -Dlake.seed=N} repeats a run.
 */
class ConvergenceTest {

  /** Indexes of the version columns behind the key, last first. */
  private static final int[] VERSIONS = {6, 4, 2};

  /** How a table keeps and hands on its rows. */
  enum Mode {
    MERGE_ON_READ(Map.of("deletion-vectors.enabled", "false")),
    LOOKUP_CHANGELOG(Map.of("deletion-vectors.enabled", "false", "changelog-producer", "lookup")),
    DELETION_VECTORS(Map.of("deletion-vectors.enabled", "true", "changelog-producer", "lookup"));

    private final Map<String, String> options;

    Mode(Map<String, String> options) {
      this.options = options;
    }

    /**
     * A table that keeps its rows so.
     *
     * @param suffix of its name
     */
    TableDefinition of(TableDefinition definition, String suffix) {
      Map<String, String> all = new HashMap<>(definition.options());
      all.putAll(options);
      return new TableDefinition(
          definition.name() + suffix,
          definition.comment(),
          definition.columns(),
          definition.primaryKey(),
          definition.partitionKeys(),
          all);
    }

    boolean hasChangelog() {
      return options.containsKey("changelog-producer");
    }
  }

  @TempDir private Path folder;
  private LakeCatalog catalog;
  private TableDefinition orders;
  private TableDefinition measures;

  @BeforeEach
  void open() throws Exception {
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("w"));
    catalog = LakeCatalog.open(config);
    Path tables = Path.of(ConvergenceTest.class.getResource("/mergelaw").toURI());
    List<TableDefinition> files = new TableFiles(tables, config.tableOptions()).read();
    orders = files.get(0);
    measures = files.get(1);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyArrivalOrderGivesTheTableThatTheLawSays(Mode mode) throws Exception {
    converge(mode, 20, 2, 4, 16);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void manyArrivalOrdersGiveTheTableThatTheLawSays(Mode mode) throws Exception {
    converge(mode, 400, 2, 4, 16);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void aHundredThousandOrdersConverge(Mode mode) throws Exception {
    converge(mode, 1, 2, 100_000, 40_000);
  }

  /** Bases replace the increments up to their as-of and not those after it, in any order. */
  @ParameterizedTest
  @EnumSource
  void everyArrivalOrderGivesTheSameCumulativeMeasure(Mode mode) throws Exception {
    measure(mode, 8);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void manyArrivalOrdersGiveTheSameCumulativeMeasure(Mode mode) throws Exception {
    measure(mode, 40);
  }

  private void measure(Mode mode, int histories) throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("ConvergenceTest measures " + mode + " -Dlake.seed=" + seed);
    for (int number = 0; number < histories; number++) {
      Random random = new Random(seed + number);
      MeasureHistory history = new MeasureHistory(random, 4);
      try (TestTable table = create(mode, measures, "_" + number)) {
        table.writeAtRandom(history.arrivals(random), 8, random);
        String what = "%s -Dlake.seed=%d, history %d".formatted(mode, seed, number);
        assertThat(totals(table.rows())).as(what).isEqualTo(history.expected());
        if (mode.hasChangelog()) {
          assertThat(totals(table.rowsOfChanges()))
              .as("changes of " + what)
              .isEqualTo(history.expected());
        }
      }
    }
  }

  /** The amounts of a merged measure add up to its total. */
  @SuppressWarnings("unchecked")
  private static Map<Object, BigDecimal> totals(Map<Object, List<Object>> rows) {
    Map<Object, BigDecimal> totals = new TreeMap<>();
    rows.forEach(
        (merchant, values) ->
            totals.put(
                merchant,
                ((Map<Long, BigDecimal>) values.get(0))
                    .values().stream().reduce(BigDecimal.ZERO, BigDecimal::add)));
    return totals;
  }

  /**
   * @param histories how many histories
   * @param arrivals in how many orders each arrives
   * @param keys how many orders a history has
   * @param commitRows most rows of one commit
   */
  private void converge(Mode mode, int histories, int arrivals, int keys, int commitRows)
      throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("ConvergenceTest " + mode + " -Dlake.seed=" + seed);
    for (int number = 0; number < histories; number++) {
      Random random = new Random(seed + number);
      History history = new History(random, keys);
      for (int arrival = 0; arrival < arrivals; arrival++) {
        try (TestTable table = create(mode, orders, "_" + number + "_" + arrival)) {
          table.writeAtRandom(history.arrivals(random), commitRows, random);
          String what = "%s -Dlake.seed=%d, history %d".formatted(mode, seed, number);
          assertThat(withoutVersions(table.rows())).as(what).isEqualTo(history.expected());
          if (mode.hasChangelog()) {
            assertThat(withoutVersions(table.rowsOfChanges()))
                .as("changes of " + what)
                .isEqualTo(history.expected());
          }
        }
      }
    }
  }

  private TestTable create(Mode mode, TableDefinition definition, String suffix) {
    return TestTable.create(catalog, mode.of(definition, suffix), folder.resolve("spill"));
  }

  private static Map<Object, List<Object>> withoutVersions(Map<Object, List<Object>> rows) {
    Map<Object, List<Object>> clean = new TreeMap<>();
    rows.forEach(
        (key, values) -> {
          List<Object> columns = new ArrayList<>(values);
          for (int version : VERSIONS) {
            columns.remove(version);
          }
          clean.put(key, columns);
        });
    return clean;
  }
}
