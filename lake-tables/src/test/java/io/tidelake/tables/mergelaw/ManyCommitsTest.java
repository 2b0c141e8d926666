/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.merge.law.Version;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A key that is written two thousand times before the next compaction forgets nothing. Paimon's own
 * limit for the records of a key is 1,024 (apache/paimon#9279).
 */
@Tag("soak")
class ManyCommitsTest {

  private static final int COMMITS = 2_000;
  private static final int KEY = 1;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(ConvergenceTest.Mode.class)
  void columnGroupsKeepWhatOnlyTheCompactedRowHolds(ConvergenceTest.Mode mode) throws Exception {
    TableDefinition orders =
        mode.of(
            definition(
                """
                CREATE TABLE dwd_order (
                  order_id INT NOT NULL,
                  amount INT,
                  order_version BIGINT,
                  carrier STRING,
                  parcel_version BIGINT,
                  PRIMARY KEY (order_id) NOT ENFORCED
                ) WITH ('bucket' = '1', 'merge-engine' = 'partial-update',
                  'fields.order_version.sequence-group' = 'amount',
                  'fields.parcel_version.sequence-group' = 'carrier',
                  'snapshot.num-retained.min' = '10000')
                """),
            "");
    try (LakeCatalog catalog = catalog();
        TestTable table = TestTable.create(catalog, orders, folder)) {
      table.write(0, row(KEY, null, null, "kept", Version.realTime(7, 0)));
      table.compactFully();
      for (int i = 1; i <= COMMITS; i++) {
        table.write(0, row(KEY, i, Version.realTime(i, 0), null, null));
      }
      table.compact();
      List<Object> expected =
          Arrays.asList(COMMITS, Version.realTime(COMMITS, 0), "kept", Version.realTime(7, 0));
      assertThat(table.rows()).isEqualTo(Map.of(KEY, expected));
      if (mode.hasChangelog()) {
        assertThat(table.rowsOfChanges()).isEqualTo(Map.of(KEY, expected));
      }
    }
  }

  @Test
  void aCompactedRowIsNotReplacedByOlderOnes() throws Exception {
    TableDefinition scans =
        definition(
            """
            CREATE TABLE dwd_order (
              order_id INT NOT NULL,
              station STRING,
              row_version BIGINT NOT NULL,
              PRIMARY KEY (order_id) NOT ENFORCED
            ) WITH ('bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version',
              'snapshot.num-retained.min' = '10000')
            """);
    try (LakeCatalog catalog = catalog();
        TestTable table = TestTable.create(catalog, scans, folder)) {
      table.write(0, row(KEY, "newest", Version.realTime(COMMITS + 1, 0)));
      table.compactFully();
      for (int i = 1; i <= COMMITS; i++) {
        table.write(0, row(KEY, "older", Version.realTime(i, 0)));
      }
      table.compact();
      assertThat(table.rows())
          .isEqualTo(Map.of(KEY, List.of("newest", Version.realTime(COMMITS + 1, 0))));
    }
  }

  private static List<Object[]> row(Object... values) {
    return List.<Object[]>of(values);
  }

  /** A table as its file says, with the options that every table of the project has. */
  private TableDefinition definition(String sql) throws Exception {
    Path tables = folder.resolve("tables");
    Files.createDirectories(tables.resolve("dwd"));
    Files.writeString(tables.resolve("dwd/dwd_order.sql"), sql);
    return new TableFiles(tables, config().tableOptions()).read().get(0);
  }

  private LakeCatalog catalog() {
    return LakeCatalog.open(config());
  }

  private LakeConfig config() {
    return LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("w"));
  }
}
