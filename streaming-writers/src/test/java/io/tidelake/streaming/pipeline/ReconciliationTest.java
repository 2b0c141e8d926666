/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.TestProject;
import io.tidelake.tables.flink.FlinkSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of a table that its pipelines do not yield any more, and no others, are deleted. */
class ReconciliationTest {

  private static final String STAYS =
      """
      CREATE TABLE ods_stay (
        id BIGINT NOT NULL COMMENT 'Key', `group` STRING COMMENT 'Group', nights INT COMMENT 'Nights',
        PRIMARY KEY (id) NOT ENFORCED
      ) COMMENT 'Stays' WITH ('bucket' = '1', 'changelog-producer' = 'input');
      """;

  private static final String TOTALS =
      """
      CREATE TABLE dws_total (
        `group` STRING NOT NULL COMMENT 'Group', nights BIGINT COMMENT 'Nights',
        PRIMARY KEY (`group`) NOT ENFORCED
      ) COMMENT 'Nights of each group' WITH ('bucket' = '1');
      """;

  @TempDir private Path folder;

  /** A reserved word as key; a view; columns by position; two pipelines that make one table. */
  @Test
  void deletesWhatNoPipelineOfTheTableYields() throws Exception {
    TestProject project = new TestProject(folder);
    project.write("tables/ods_stay.sql", STAYS);
    project.write("tables/dws_total.sql", TOTALS);
    project.write(
        "pipelines/totals.sql",
        """
        CREATE TEMPORARY VIEW stays AS SELECT `group` AS named, nights FROM ods_stay WHERE nights < 100;
        INSERT INTO dws_total SELECT named, SUM(nights) AS summed FROM stays GROUP BY named;
        """);
    project.write(
        "pipelines/long_stays.sql",
        "INSERT INTO dws_total SELECT 'long', COUNT(*) FROM ods_stay WHERE nights >= 100;");
    LakeConfig config =
        project.lake(
            "lake",
            """
            table-options: {write-only: "false"}
            jobs:
              marts: {pipelines: [totals]}
              others: {pipelines: [long_stays]}
            """);
    TableEnvironment session = FlinkSession.openBatch(config);
    insert(session, "ods_stay VALUES (1, 'north', 2), (2, 'north', 3), (3, 'south', 400)");
    insert(session, "dws_total VALUES ('north', 4), ('south', 9), ('east', 1), ('long', 7)");

    new Reconciliation(config).run(config.job("marts"));

    assertThat(rows(session))
        .as("the values are for the job to mend, which starts without state")
        .containsExactlyInAnyOrder("+I[north, 4]", "+I[long, 7]");
  }

  private static void insert(TableEnvironment session, String values) throws Exception {
    session.executeSql("INSERT INTO " + values).await();
  }

  private static List<String> rows(TableEnvironment session) throws Exception {
    List<String> rows = new ArrayList<>();
    TableResult result = session.executeSql("SELECT `group`, nights FROM dws_total");
    try (CloseableIterator<Row> found = result.collect()) {
      found.forEachRemaining(row -> rows.add(row.toString()));
    }
    return rows;
  }
}
