/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs read, by the plans that Flink makes of them. */
class TableReadingTest {

  private static final Pattern SCAN =
      Pattern.compile("TableSourceScan\\(table=\\[\\[\\w+, \\w+, (\\w+)[^)]*\\)");

  @TempDir private Path folder;
  private LakeConfig config;

  @BeforeEach
  void createTables() {
    config =
        LakeConfig.load(
            ProjectFile.find(),
            Map.of("catalog/warehouse", folder.resolve("warehouse").toString()));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
    }
  }

  @Test
  void aStreamingJobReadsEachTableOnceForAllItsPipelines() {
    config
        .jobs()
        .forEach(
            (name, job) -> {
              StreamTableEnvironment session =
                  FlinkSession.open(config, RuntimeExecutionMode.STREAMING, new Configuration());
              Pipeline.createSources(config, session);
              StatementSet statements = session.createStatementSet();
              job.pipelines()
                  .forEach(pipeline -> Pipeline.read(config, pipeline).addTo(statements, session));
              if (!job.pipelines().isEmpty()) {
                assertThat(scans(statements)).as(name).isNotEmpty().doesNotHaveDuplicates();
              }
            });
  }

  @Test
  void aBatchJobReadsOnlyTheDaysThatItsQueriesAskFor() {
    StatementSet statements = FlinkSession.openBatch(config).createStatementSet();
    for (String day : List.of("2026-06-17", "2026-06-18")) {
      statements.addInsertSql(
          "INSERT INTO ods_trade_order SELECT * FROM ods_trade_order WHERE dt = '" + day + "'");
    }
    assertThat(SCAN.matcher(executionPlan(statements)).results().map(match -> match.group()))
        .hasSize(2)
        .anyMatch(scan -> scan.contains("2026-06-17"))
        .anyMatch(scan -> scan.contains("2026-06-18"));
  }

  private static List<String> scans(StatementSet statements) {
    return SCAN.matcher(executionPlan(statements)).results().map(match -> match.group(1)).toList();
  }

  private static String executionPlan(StatementSet statements) {
    String explained = statements.explain();
    return explained.substring(explained.indexOf("== Optimized Execution Plan =="));
  }
}
