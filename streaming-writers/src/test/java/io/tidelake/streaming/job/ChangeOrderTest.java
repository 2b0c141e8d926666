/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.ClusterConfig;
import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.TestProject;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions.UpsertMaterialize;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that move between the keys of a join. */
class ChangeOrderTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  /** Each has 80 bookings: enough for some of them to be removed after they have arrived. */
  private static final String ROOMS = "(1, 'single'), (2, 'double'), (3, 'suite')";

  private static final String DERIVED =
      """
      CREATE TABLE %s (
        booking_id INT NOT NULL COMMENT 'Key', room INT COMMENT 'Room', kind STRING COMMENT 'Kind',
        %s BIGINT NOT NULL COMMENT 'Version of the booking',
        PRIMARY KEY (booking_id) NOT ENFORCED
      ) COMMENT 'Bookings' WITH ('bucket' = '1' %s);
      """;

  @TempDir private Path folder;
  private LakeConfig config;

  @BeforeEach
  void makeProject() throws Exception {
    TestProject project = new TestProject(folder);
    project.write(
        "tables/ods_room.sql",
        """
        CREATE TABLE ods_room (room INT NOT NULL COMMENT 'Key', kind STRING COMMENT 'Kind', PRIMARY KEY (room) NOT ENFORCED)
        COMMENT 'Rooms' WITH ('bucket' = '1', 'changelog-producer' = 'input');
        """);
    project.write(
        "tables/ods_booking.sql",
        """
        CREATE TABLE ods_booking (
          booking_id INT NOT NULL COMMENT 'Key', room INT COMMENT 'Room', row_version BIGINT NOT NULL COMMENT 'Version',
          PRIMARY KEY (booking_id) NOT ENFORCED
        ) COMMENT 'Bookings' WITH ('bucket' = '1', 'changelog-producer' = 'lookup', 'sequence.field' = 'row_version');
        """);
    project.write("tables/dwd_booking.sql", DERIVED.formatted("dwd_booking", "seen", ""));
    project.write(
        "tables/dwd_versioned.sql",
        DERIVED.formatted("dwd_versioned", "row_version", ", 'sequence.field' = 'row_version'"));
    String joined =
        "SELECT b.booking_id, b.room, r.kind, b.row_version"
            + " FROM ods_booking AS b LEFT JOIN ods_room AS r ON r.room = b.room";
    project.write("pipelines/joined.sql", "INSERT INTO dwd_booking " + joined);
    project.write("pipelines/versioned.sql", "INSERT INTO dwd_versioned " + joined);
    project.write(
        "pipelines/one_row.sql",
        """
        INSERT INTO dwd_booking
        SELECT booking_id, room, kind, row_version
        FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY booking_id ORDER BY booking_id) AS n FROM (%s))
        WHERE n = 1
        """
            .formatted(joined));
    config =
        project.lake(
            "lake",
            """
            flink: {execution.checkpointing.interval: 1 s, parallelism.default: "2"}
            table-options: {write-only: "false"}
            jobs:
              marts: {pipelines: [one_row]}
              losing: {pipelines: [versioned, joined]}
              versions: {pipelines: [versioned]}
              knowing: {pipelines: [joined], flink: {table.exec.sink.upsert-materialize: NONE}}
            """);
  }

  @Test
  void noneIsLost() throws Exception {
    TableEnvironment session = FlinkSession.openBatch(config);
    insert(session, "ods_room VALUES " + ROOMS);
    insert(session, "ods_booking SELECT id, 1 + MOD(id, 2), 1 FROM " + ids());
    try (FlinkEngine engine = FlinkEngine.start(0, 4)) {
      LakeConfig running =
          config.withCluster(
              new ClusterConfig(engine.restAddress(), folder.resolve("checkpoints").toString()));
      new StreamingJobs(running).start("marts");
      await("all bookings")
          .atMost(SOON)
          .pollInSameThread()
          .untilAsserted(() -> assertThat(count(session, "TRUE")).isEqualTo("240"));

      insert(session, "ods_booking SELECT id, 1 + MOD(id + 1, 3), 2 FROM " + ids());

      await("all bookings where they moved to")
          .atMost(SOON)
          .pollInSameThread()
          .untilAsserted(
              () ->
                  assertThat(count(session, "seen = 2 AND room = 1 + MOD(booking_id + 1, 3)"))
                      .isEqualTo("240"));
    }
  }

  @Test
  void aJobThatWouldLoseThemIsRefused() {
    assertThatThrownBy(() -> check(config, "losing"))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.CHANGES_UNORDERED);
              assertThat(error.remedy())
                  .contains("INSERT INTO dwd_booking", "PARTITION BY booking_id");
            })
        .hasMessageContaining("dwd_booking")
        .hasMessageNotContaining("dwd_versioned");
    for (String job : List.of("marts", "versions", "knowing")) {
      check(config, job);
    }
  }

  /** Whether a row can move is asked of the plan, whatever the pipeline looks like. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | SELECT b.booking_id, b.room, r.kind, b.row_version FROM ods_booking AS b JOIN ods_room AS r ON r.room = b.room
          true  | SELECT MAX(booking_id), room, 'last', COUNT(*) FROM ods_booking GROUP BY room
          true  | SELECT booking_id, room, 'low', row_version FROM ods_booking WHERE room < 2 UNION ALL SELECT booking_id, room, 'high', row_version FROM ods_booking WHERE room > 1
          false | SELECT booking_id, room, CAST(NULL AS STRING), row_version FROM ods_booking WHERE room > 1
          false | SELECT a.booking_id, b.room, 'self', a.row_version FROM ods_booking AS a JOIN ods_booking AS b ON a.booking_id = b.booking_id
          false | SELECT booking_id, MAX(room), 'all', COUNT(*) FROM ods_booking GROUP BY booking_id
          """)
  void whatCanMove(boolean moves, String query) throws Exception {
    new TestProject(folder).write("pipelines/one_row.sql", "INSERT INTO dwd_booking " + query);
    if (moves) {
      assertThatThrownBy(() -> check(config, "marts")).hasMessageContaining("dwd_booking");
    } else {
      check(config, "marts");
    }
  }

  @Test
  void theJobsOfTheProjectLoseNone() {
    LakeConfig project =
        LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("project"));
    try (LakeCatalog catalog = LakeCatalog.open(project)) {
      TablePlan.of(project, catalog).apply(catalog);
    }
    check(project, "facts");
    check(project, "marts");
  }

  private static void check(LakeConfig config, String name) {
    JobConfig job = config.job(name);
    TableEnvironment session =
        FlinkSession.open(
            config, RuntimeExecutionMode.STREAMING, Configuration.fromMap(config.flinkOf(job)));
    StatementSet statements = session.createStatementSet();
    job.pipelines().forEach(pipeline -> Pipeline.read(config, pipeline).addTo(statements, session));
    ChangeOrder.check(config, job, statements, session);
    assertThat(session.getConfig().get(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE))
        .as("Paimon takes no other")
        .isEqualTo(UpsertMaterialize.NONE);
  }

  private static String ids() {
    StringBuilder rows = new StringBuilder("(VALUES (1)");
    for (int id = 2; id <= 240; id++) {
      rows.append(", (").append(id).append(')');
    }
    return rows.append(") AS ids (id)").toString();
  }

  private static void insert(TableEnvironment session, String values) throws Exception {
    session.executeSql("INSERT INTO " + values).await();
  }

  private static String count(TableEnvironment session, String condition) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> found =
        session.executeSql("SELECT COUNT(*) FROM dwd_booking WHERE " + condition).collect()) {
      found.forEachRemaining(row -> rows.add(String.valueOf(row.getField(0))));
    }
    return rows.get(0);
  }
}
