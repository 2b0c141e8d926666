/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.TestProject;
import io.tidelake.tables.flink.FlinkSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inserts that set some columns: together they are one, and mean what Flink makes of each. */
class InsertUnionTest {

  private static final String TABLE =
      """
      -- A parcel.
      CREATE TABLE dwd_parcel (
        id BIGINT NOT NULL COMMENT 'Key',
        `order` STRING COMMENT 'Group order',
        `when` TIMESTAMP_LTZ(6) COMMENT 'Group order',
        order_version BIGINT COMMENT 'Version of the group order',
        weight DECIMAL(12, 2) COMMENT 'Group weight',
        labels MAP<STRING, INT> COMMENT 'Group weight',
        weight_version BIGINT COMMENT 'Version of the group weight',
        PRIMARY KEY (id) NOT ENFORCED
      ) COMMENT 'A parcel' WITH (
        'bucket' = '1',
        'merge-engine' = 'partial-update',
        'fields.order_version.sequence-group' = 'order,when',
        'fields.weight_version.sequence-group' = 'weight,labels'
      );
      """;

  private static final String INSERTS =
      """
      CREATE TEMPORARY VIEW weighed AS SELECT * FROM (VALUES (1, 2.5, 7), (3, 1.25, 8)) AS t (id, weight, version);

      -- In another order than the table has them.
      INSERT INTO dwd_parcel (`order`, id, order_version, `when`)
      SELECT name, CAST(id AS BIGINT), CAST(5 AS BIGINT), TO_TIMESTAMP_LTZ(id, 0)
      FROM (VALUES (1, 'one'), (2, 'two')) AS t (id, name);

      INSERT INTO dwd_parcel (id, weight, weight_version)
      WITH heavy AS (SELECT * FROM weighed)
      SELECT id, weight, version FROM heavy;

      insert into dwd_parcel
      SELECT 4, 'four', TO_TIMESTAMP_LTZ(4, 0), 6, 4.5, MAP['a', 1], 9;
      """;

  @TempDir private Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() throws IOException {
    project = new TestProject(folder);
    project.write("tables/dwd/dwd_parcel.sql", TABLE);
    project.write("pipelines/parcel.sql", INSERTS);
  }

  @Test
  void togetherTheyWriteWhatFlinkWritesOneByOne() throws Exception {
    LakeConfig ours = project.lake("ours", "");
    TableEnvironment session = FlinkSession.openBatch(ours);
    Pipeline pipeline = Pipeline.read(ours, "parcel");
    StatementSet job = session.createStatementSet();
    pipeline.addTo(job, session);
    job.execute().await();

    LakeConfig flink = project.lake("flink", "");
    TableEnvironment client = FlinkSession.openBatch(flink);
    for (String statement : pipeline.statements()) {
      client.executeSql(statement).await();
    }

    assertThat(rows(session)).hasSize(4).containsExactlyElementsOf(rows(client));
  }

  @Test
  void aTableHasOneSink() throws IOException {
    LakeConfig config = project.lake("lake", "");
    Pipeline pipeline = Pipeline.read(config, "parcel");
    assertThat(pipeline.targets()).containsExactly("dwd_parcel");
    assertThat(pipeline.inserts()).hasSize(1);
    assertThat(pipeline.derivations().get(0).views()).hasSize(1);
  }

  @Test
  void anInsertThatReadsItsOwnTableMakesNothingOfIt() throws IOException {
    LakeConfig config = project.lake("lake", "");
    project.write(
        "pipelines/parcel.sql",
        """
        CREATE TEMPORARY VIEW heavy AS SELECT id FROM dwd_parcel WHERE weight > 1;
        INSERT INTO dwd_parcel (id, `order`, order_version) SELECT id, 'heavy', 9 FROM heavy;
        """);
    Pipeline pipeline = Pipeline.read(config, "parcel");
    assertThat(pipeline.inserts()).hasSize(1);
    assertThat(pipeline.derivations()).isEmpty();
  }

  @Test
  void anUnknownColumnIsRefused() throws IOException {
    LakeConfig config = project.lake("lake", "");
    project.write("pipelines/parcel.sql", "INSERT INTO dwd_parcel (id, colour) SELECT 1, 'red'");
    assertThatThrownBy(() -> Pipeline.read(config, "parcel").inserts())
        .isInstanceOfSatisfying(
            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_INVALID))
        .hasMessageContaining("parcel.sql")
        .hasMessageContaining("colour")
        .hasMessageContaining("dwd_parcel");
  }

  @Test
  void whatIsNoSqlIsToldWithItsLine() throws IOException {
    LakeConfig config = project.lake("lake", "");
    project.write(
        "pipelines/parcel.sql",
        """
        -- One.
        /* two
           three */
        INSERT INTO a SELECT 1;

        INSERT INTO b
        SELECT 1 FRO c;
        """);
    assertThatThrownBy(() -> Pipeline.read(config, "parcel"))
        .hasMessageContaining("parcel.sql, line 7")
        .hasMessageContaining("FRO c");
  }

  private static List<String> rows(TableEnvironment session) {
    List<String> rows = new ArrayList<>();
    session
        .executeSql("SELECT * FROM dwd_parcel ORDER BY id")
        .collect()
        .forEachRemaining(
            row -> {
              List<String> values = new ArrayList<>();
              for (int i = 0; i < row.getArity(); i++) {
                values.add(String.valueOf(row.getField(i)));
              }
              rows.add(values.toString());
            });
    return rows;
  }
}
