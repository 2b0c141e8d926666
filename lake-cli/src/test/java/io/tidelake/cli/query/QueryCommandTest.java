/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import io.tidelake.cli.Lake;
import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.result.ResultFormat;
import io.tidelake.query.trino.TrinoSession;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import io.tidelake.stack.server.QueryLake;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryCommandTest {

  private record Outcome(int code, String out, String err) {}

  @TempDir private Path folder;
  private QueryLake lake;

  @BeforeEach
  void open() throws Exception {
    lake = QueryLake.shared();
  }

  @Test
  void answersAStatementInEveryFormat() throws Exception {
    String sql = "SELECT carrier_id, service_level FROM dim_carrier WHERE carrier_id = 3";
    Outcome table = run(sql);
    assertThat(table.code()).as(table.err()).isZero();
    assertThat(table.out()).isEqualTo("carrier_id  service_level\n         3  express\n");
    assertThat(table.err()).matches("1 row in \\d+\\.\\d s\n");
    assertThat(run(sql, "-o", "csv").out()).isEqualTo("carrier_id,service_level\n3,express\n");
    JsonNode json = new ObjectMapper().readTree(run(sql, "-o", "json").out());
    assertThat(json.get(0).get("carrier_id").intValue()).isEqualTo(3);
    assertThat(run(sql, "-o", "markdown").out()).contains("| 3 | express |");
  }

  @Test
  void runsFilesAndExamplesWithParameters() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("carriers.sql"),
            """
            -- Parameter: level = express, level of service
            SELECT count(*) AS carriers FROM dim_carrier WHERE service_level = '${level}';
            SELECT '${level}; --' AS level;
            """);
    assertThat(run(file.toString(), "-o", "csv").out())
        .isEqualTo("carriers\n4\nlevel\nexpress; --\n");
    assertThat(run(file.toString(), "--param", "level=none", "-o", "csv").out())
        .startsWith("carriers\n0\n");
    assertThat(run("SELECT ${x} AS x", "--param", "x=7", "-o", "csv").out()).isEqualTo("x\n7\n");

    Outcome funnel = run("funnel", "-o", "csv");
    assertThat(funnel.err()).startsWith("3 rows");
    assertThat(funnel.out()).startsWith("business_line,created,").contains("\nimport,");
    Outcome incomplete = run("parcel_life");
    assertThat(incomplete.code()).isEqualTo(3);
    assertThat(incomplete.err())
        .startsWith("error QUERY_PARAMETER_MISSING: parcel_life.sql needs a value for parcel");
    Outcome examples = run("--examples");
    for (QueryExample example :
        QueryExample.all(LakeConfig.load(ProjectFile.find(), Map.of()).folders())) {
      assertThat(examples.out()).contains(example.name(), example.question());
    }
  }

  @Test
  void saysThatThereAreMoreRowsThanItShows() {
    Outcome cut = run("SELECT * FROM dwd_logistics_event", "--limit", "5", "-o", "csv");

    assertThat(cut.code()).isZero();
    assertThat(cut.out().lines()).hasSize(6);
    assertThat(cut.err())
        .matches("only the first 5 rows, in \\d+\\.\\d s: there are more, see --limit\n");
    assertThat(run("SELECT * FROM dim_carrier", "--limit", "12", "-o", "csv").err())
        .startsWith("12 rows in");
    assertThat(run("SELECT * FROM TABLE(sequence(1, 1500))", "-o", "csv", "--limit", "0").err())
        .startsWith("1,500 rows in");
  }

  @Test
  void refusesWhatItCannotUnderstand() {
    for (List<String> wrong :
        List.of(
            List.of("SELECT 1", "--limit", "-1"),
            List.of("SELECT 1", "--limit", "many"),
            List.of("SELECT 1", "-o", "xml"),
            List.of(" "),
            List.<String>of())) {
      assertThat(run(wrong.toArray(String[]::new)).code()).as(wrong.toString()).isEqualTo(2);
    }
    for (Map.Entry<String, String> wrong :
        Map.of(
                "nothing", "QUERY_UNKNOWN: 'nothing' is no file, no example and no statement.",
                "nothing.sql", "SQL_FILE_UNREADABLE",
                "SELEC 1", "QUERY_SYNTAX",
                "SELECT * FROM nothing", "QUERY_NAME_UNKNOWN",
                "SELECT nothing FROM dim_carrier", "QUERY_NAME_UNKNOWN",
                "SELECT 1 / 0", "QUERY_FAILED",
                "SELECT ${x}", "SQL_PARAMETER_UNKNOWN",
                "DROP TABLE dim_carrier", "QUERY_NOT_ALLOWED")
            .entrySet()) {
      Outcome outcome = run(wrong.getKey());
      assertThat(outcome.code())
          .as(wrong.getKey())
          .isEqualTo(wrong.getValue().equals("QUERY_FAILED") ? 1 : 3);
      assertThat(outcome.err()).startsWith("error " + wrong.getValue());
    }
  }

  /** Ctrl-C and SIGTERM end the command in the same way. */
  @Test
  void anInterruptedCommandCancelsItsQueryInTrino() throws Exception {
    String sql = QueryLake.LONG_QUERY + " AND x > 3";
    String states =
        "SELECT state || ' ' || coalesce(error_code, '') FROM system.runtime.queries WHERE query LIKE '%x > 3'";
    try (TrinoSession observer = lake.session("lake")) {
      try (ChildProcess command =
          ChildProcess.startJava(
              "query",
              folder,
              Jvm.likeThis("512m"),
              Lake.class.getName(),
              List.of("query", sql, "--server", lake.server()))) {
        await("it runs")
            .atMost(Duration.ofSeconds(60))
            .until(() -> observer.names(states).equals(List.of("RUNNING ")));
      }
      assertThat(observer.names(states)).containsExactly("FAILED USER_CANCELED");
    }
  }

  @Test
  void thePromptRunsStatementsOverSeveralLinesAndOutlivesErrors() throws Exception {
    String typed =
        """
        SELECT carrier_id
        FROM dim_carrier WHERE carrier_id = 3;
        SELEC 1;
        output csv
        SELECT ';' AS semicolon, 1 AS one;
        exit
        """;
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    try (Terminal terminal =
            new DumbTerminal(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), screen);
        TrinoSession session = lake.session("lake")) {
      new QueryPrompt(
              Folders.in(folder), session, new QueryLimits(100, Duration.ZERO), ResultFormat.table)
          .run(terminal);
    }
    assertThat(screen.toString(StandardCharsets.UTF_8))
        .contains("carrier_id", "         3", "error QUERY_SYNTAX", ";,1");
    assertThat(folder.resolve(".lake/query-history")).content().contains("FROM dim_carrier");
  }

  private Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all =
        Stream.of(Stream.of("query"), Stream.of(arguments), Stream.of("--server", lake.server()))
            .flatMap(words -> words)
            .toArray(String[]::new);
    int code = CommandRun.of(out, err, all);
    return new Outcome(code, out.toString(), err.toString());
  }
}
