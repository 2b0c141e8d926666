/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.flink.FlinkSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theSmallProjectIsAWarehouseOfItsOwn() throws Exception {
    Path project = folder.resolve("hotels");
    assertThat(run("init", project.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("lake.yaml", "pipelines/dws_hotel_month.sql", "lake demo");
    assertThat(run("tables", "apply", "--project", project.toString())).isZero();
    LakeConfig config = LakeConfig.load(project.resolve("lake.yaml"), Map.of());
    assertThat(LineageReader.read(config).tables())
        .contains("ods_room", "dwd_booking", "dws_hotel_month");
    assertThat(Pipeline.captured(config)).contains("ods_room", "ods_booking");
    assertThat(Pipeline.derived(config)).containsExactly("dwd_booking", "dws_hotel_month");

    execute(
        config,
        "INSERT INTO ods_room VALUES ('ROM', 1, 1, 'single', 80.00, FALSE, 1, 1), ('ROM', 2, 2, 'suite', 200.00, TRUE, 2, 2)",
        """
        INSERT INTO ods_booking VALUES
          (1, 'ROM', 1, '2026-03-31', 2, 'A', 'booked', CAST(NULL AS TIMESTAMP_LTZ(6)), FALSE, 1, 1),
          (2, 'ROM', 1, '2026-03-02', 3, 'B', 'stayed', CAST(NULL AS TIMESTAMP_LTZ(6)), FALSE, 2, 2),
          (3, 'ROM', 2, '2026-03-02', 1, 'C', 'booked', CAST(NULL AS TIMESTAMP_LTZ(6)), FALSE, 3, 3),
          (4, 'ROM', 1, '2026-03-02', 9, 'D', 'cancelled', CAST(NULL AS TIMESTAMP_LTZ(6)), FALSE, 4, 4),
          (5, 'ROM', 1, '2026-04-02', 9, 'E', 'booked', CAST(NULL AS TIMESTAMP_LTZ(6)), TRUE, 5, 5)
        """);
    for (String name : List.of("dwd_booking", "dws_hotel_month")) {
      TableEnvironment session = FlinkSession.openBatch(config);
      StatementSet job = session.createStatementSet();
      Pipeline.read(config, name).addTo(job, session);
      job.execute().await();
    }
    // By hand: 2 and 3 nights at 80, and one night in a room that is no more.
    assertThat(rows(config, "SELECT stay_month, bookings, nights, amount FROM dws_hotel_month"))
        .containsExactly("+I[2026-03, 3, 6, 400.00]");
    for (String table : Pipeline.derived(config)) {
      assertThat(run("backfill", "verify", table, "--project", project.toString(), "-o", "json"))
          .as(out + "" + err)
          .isZero();
      assertThat(new ObjectMapper().readTree(out.toString()).findValuesAsText("equal"))
          .contains(table.equals("dwd_booking") ? "3" : "1");
    }
  }

  @Test
  void pipelinesThatDoNotFitTogetherAreRefusedBeforeAnythingRuns() throws Exception {
    Path project = folder.resolve("hotels");
    assertThat(run("init", project.toString())).isZero();
    Path pipeline = project.resolve("pipelines/dws_hotel_month.sql");
    String right = Files.readString(pipeline);

    Files.writeString(pipeline, right.replace("FROM dwd_booking", "FROM dwd_bookings"));
    assertThat(run("tables", "plan", "--project", project.toString())).isEqualTo(3);
    assertThat(err.toString())
        .contains("error PIPELINE_INVALID", "dws_hotel_month.sql", "dwd_bookings, which nobody")
        .contains("mappings/dwd_bookings.sql");

    Files.writeString(
        pipeline,
        right
            + "INSERT INTO dwd_booking SELECT 1, hotel, 1, hotel, hotel, 1, amount FROM dws_hotel_month;\n");
    assertThat(run("tables", "plan", "--project", project.toString())).isEqualTo(3);
    assertThat(err.toString())
        .contains("error PIPELINE_CYCLE", "dwd_booking from dws_hotel_month from dwd_booking");

    Files.write(pipeline, "-- one\n-- K\u00fcche\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(run("tables", "plan", "--project", project.toString())).isEqualTo(3);
    assertThat(err.toString())
        .contains("error FILE_NOT_UTF8", "dws_hotel_month.sql, line 2, is not UTF-8");

    Files.writeString(pipeline, "\uFEFF" + right.replace("\n", "\r\n"));
    assertThat(run("tables", "plan", "--project", project.toString())).as(err.toString()).isZero();
  }

  @Test
  void writesOverNothing() throws Exception {
    Files.createDirectories(folder.resolve("pipelines"));
    Files.writeString(folder.resolve("pipelines/ods.sql"), "mine");
    assertThat(run("init", folder.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("error PROJECT_EXISTS", "pipelines/ods.sql");
    assertThat(folder.resolve("pipelines/ods.sql")).hasContent("mine");
    assertThat(folder.resolve("lake.yaml")).doesNotExist();
  }

  @Test
  void tellsNoSecretAndKnowsWhatGoesTogether() {
    String project = folder.resolve("shop").toString();
    assertThat(run("init", project, "--tables", "a")).isEqualTo(2);
    assertThat(run("init", project, "--from", "jdbc:mysql://127.0.0.1:1/shop", "--password", "k3y"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("'${env:NAME}'").doesNotContain("k3y");
    assertThat(run("init", project, "--from", "jdbc:mariadb://127.0.0.1:1/shop")).isEqualTo(1);
    assertThat(err.toString()).contains("error SOURCE_DATABASE_UNREACHABLE");
    assertThat(folder.resolve("shop")).doesNotExist();
  }

  private static void execute(LakeConfig config, String... statements) throws Exception {
    for (String statement : statements) {
      FlinkSession.openBatch(config).executeSql(statement).await();
    }
  }

  private static List<String> rows(LakeConfig config, String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> found =
        FlinkSession.openBatch(config).executeSql(query).collect()) {
      found.forEachRemaining(row -> rows.add(row.toString()));
    }
    return rows;
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Lake.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
