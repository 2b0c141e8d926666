/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidelake.cli.CommandRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.health.Reachable;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a machine where no Trino runs, Flink answers. */
class QueryWithoutTrinoTest {

  private record Outcome(int code, String out, String err) {}

  @TempDir private static Path folder;

  @BeforeAll
  static void fill() throws Exception {
    assumeThat(somebodyListens()).as("a Trino where one usually is").isFalse();
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("warehouse"));
    LakeCatalog.open(config).close();
    TableEnvironment session = FlinkSession.openBatch(config);
    session.executeSql(
        """
        CREATE TABLE room (
          room_id INT, price DECIMAL(10, 2), since DATE, cleaned TIMESTAMP(3), tags ARRAY<STRING>,
          beds MAP<STRING, INT>, door BYTES, PRIMARY KEY (room_id) NOT ENFORCED)""");
    session
        .executeSql(
            """
            INSERT INTO room VALUES
              (1, 99.50, DATE '2026-06-17', TIMESTAMP '2026-06-17 08:00:00', ARRAY['sea', 'quiet'],
               MAP['double', 1], x'0aff'),
              (2, CAST(NULL AS DECIMAL(10, 2)), CAST(NULL AS DATE), CAST(NULL AS TIMESTAMP(3)),
               CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING, INT>), CAST(NULL AS BYTES))""")
        .await();
  }

  private static boolean somebodyListens() {
    try {
      Reachable.require("Trino", "localhost:8080");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void answersAndSaysOnceWhoDoes() {
    Outcome rows = run("SELECT * FROM room ORDER BY room_id; SELECT count(*) AS rooms FROM room");

    assertThat(rows.code()).as(rows.err()).isZero();
    assertThat(rows.out())
        .isEqualTo(
            "room_id,price,since,cleaned,tags,beds,door\n"
                + "1,99.50,2026-06-17,2026-06-17T08:00,\"[sea, quiet]\",{double=1},0aff\n"
                + "2,,,,,,\n"
                + "rooms\n2\n");
    assertThat(rows.err()).containsOnlyOnce("No Trino at localhost:8080: Flink answers");
  }

  @Test
  void tellsAboutTables() {
    assertThat(run("SHOW TABLES").out()).contains("room");
    assertThat(run("DESCRIBE room").out()).contains("price", "DECIMAL(10, 2)");
  }

  @Test
  void showsNoMoreRowsThanItMay() {
    Outcome cut = run("SELECT room_id FROM room", "--limit", "1");
    assertThat(cut.out().lines()).hasSize(2);
    assertThat(cut.err()).contains("only the first 1 rows");
  }

  @Test
  void nothingMatchesAndTheHeadingIsThere() {
    assertThat(run("SELECT room_id FROM room WHERE room_id = 7").out()).isEqualTo("room_id\n");
  }

  @Test
  void refusesWhatIsNoQuestion() {
    Map.of(
            "DROP TABLE room", "QUERY_NOT_ALLOWED",
            "INSERT INTO room (room_id) VALUES (3)", "QUERY_NOT_ALLOWED",
            "DELETE FROM room", "QUERY_NOT_ALLOWED",
            "SELEC 1", "QUERY_SYNTAX",
            "SELECT * FROM nothing", "QUERY_NAME_UNKNOWN",
            "SELECT nothing FROM room", "QUERY_NAME_UNKNOWN")
        .forEach(
            (sql, code) -> {
              Outcome refused = run(sql);
              assertThat(refused.err()).as(sql).contains("error " + code);
              assertThat(refused.code()).as(sql).isEqualTo(3);
            });
    assertThat(run("SELECT count(*) AS rooms FROM room").out()).contains("2");
  }

  /** The join takes minutes; a second may be over before it is planned. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void givesUpWhenItTakesTooLong(int seconds) {
    String numbers = "(VALUES " + "(1),".repeat(400) + "(1)) AS %s (n)";
    Outcome ended =
        run(
            "SELECT count(*) FROM %s CROSS JOIN %s CROSS JOIN %s CROSS JOIN %s WHERE a.n + b.n + c.n + d.n > 9"
                .formatted(Stream.of("a", "b", "c", "d").map(numbers::formatted).toArray()),
            "--timeout",
            "" + seconds);
    assertThat(ended.err()).contains("error QUERY_TOO_LONG");
    assertThat(ended.code()).isEqualTo(1);
  }

  private static Outcome run(String sql, String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "query",
                sql,
                "-o",
                "csv",
                "--set",
                "catalog/warehouse=" + folder.resolve("warehouse")));
    arguments.addAll(List.of(options));
    int code = CommandRun.of(out, err, arguments.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
