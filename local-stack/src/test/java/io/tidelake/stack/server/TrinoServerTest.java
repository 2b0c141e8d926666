/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.trino.TrinoSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may see what, who waits for whom, and what happens when Trino is gone. */
class TrinoServerTest {

  private static final QueryLimits LIMITS = new QueryLimits(100, Duration.ofMinutes(2));

  private final List<TrinoSession> sessions = new ArrayList<>();
  private QueryLake lake;

  @BeforeEach
  void open() throws Exception {
    lake = QueryLake.shared();
  }

  @AfterEach
  void close() {
    sessions.forEach(TrinoSession::cancel);
    sessions.forEach(TrinoSession::close);
  }

  @Test
  void anAnalystSeesOneBusinessLineAndNoBuyers() {
    TrinoSession analyst = session("analyst-import");
    for (String table :
        List.of(
            "dwd_fulfillment_wide",
            "dwd_fulfillment_wide_clean",
            "dwd_fulfillment_wide FOR VERSION AS OF '" + QueryLake.TAG + "'")) {
      assertThat(analyst.names("SELECT DISTINCT business_line FROM " + table))
          .as(table)
          .containsExactly("import");
      assertThat(analyst.names("SELECT DISTINCT buyer_name FROM " + table))
          .as(table)
          .isNotEmpty()
          .allMatch(name -> name.matches(".\\*\\*\\*|null"), "masked");
    }
    assertThat(analyst.names("SELECT DISTINCT business_line FROM dws_fulfillment_day"))
        .containsExactly("import");
    assertThat(analyst.names("SELECT count(*) FROM dwd_import_fulfillment").get(0))
        .isNotEqualTo("0");
    for (String table :
        List.of(
            "dwd_export_fulfillment",
            "dwd_logistics_event",
            "ods_trade_order",
            // It would show the least and the greatest name of each file.
            "\"dwd_fulfillment_wide$files\"")) {
      refuses(analyst, "SELECT * FROM " + table, ErrorCode.QUERY_NOT_ALLOWED);
    }

    assertThat(session("somebody").names("SELECT DISTINCT business_line FROM dwd_fulfillment_wide"))
        .contains("domestic", "import", "export");
  }

  @Test
  void nobodyWritesTheMirroredTables() {
    for (String user : List.of("somebody", "lake", "analyst-import")) {
      refuses(session(user), "DELETE FROM dim_carrier", ErrorCode.QUERY_NOT_ALLOWED);
      refuses(session(user), "DROP TABLE dim_carrier", ErrorCode.QUERY_NOT_ALLOWED);
    }
    assertThat(session("lake").names("SELECT count(*) FROM dim_carrier")).containsExactly("12");
  }

  @Test
  void theQueriesOfOneUserWaitForEachOther() {
    List<FutureTask<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(start(session("busy"), QueryLake.LONG_QUERY));
    }
    await("one runs, three wait")
        .atMost(Duration.ofSeconds(30))
        .until(() -> states("busy").equals(List.of("QUEUED", "QUEUED", "QUEUED", "RUNNING")));
    refuses(session("busy"), "SELECT 1", ErrorCode.QUERY_QUEUE_FULL);
    assertThat(session("other").names("SELECT 1")).containsExactly("1");

    sessions.forEach(TrinoSession::cancel);
    for (FutureTask<?> task : running) {
      failsWith(task, ErrorCode.QUERY_CANCELLED);
    }
    assertThat(states("busy")).isEmpty();
  }

  @Test
  void aCancelledQueryEndsInTrino() {
    TrinoSession session = session("lake");
    FutureTask<?> running = start(session, QueryLake.LONG_QUERY + " AND x > 1");
    await("it runs")
        .atMost(Duration.ofSeconds(30))
        .until(() -> outcome("AND x > 1").equals(List.of("RUNNING null")));

    session.cancel();

    failsWith(running, ErrorCode.QUERY_CANCELLED);
    assertThat(outcome("AND x > 1")).containsExactly("FAILED USER_CANCELED");
    assertThat(session.names("SELECT 1")).as("the session goes on").containsExactly("1");
  }

  @Test
  void aQueryThatTakesTooLongOrTooMuchIsEnded() {
    TrinoSession session = session("lake");
    assertThatThrownBy(
            () ->
                session.run(
                    QueryLake.LONG_QUERY,
                    new QueryLimits(0, Duration.ofSeconds(2)),
                    new CollectedRows(),
                    progress -> {}))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.QUERY_TOO_LONG);
              assertThat(error).hasMessageContaining("2.00s");
              assertThat(error.remedy()).contains("--timeout");
            });
    refuses(
        session,
        "SELECT count(*) FROM (SELECT x FROM TABLE(sequence(1, 100000000)) AS a (x) GROUP BY x)",
        ErrorCode.QUERY_TOO_LARGE);
    refuses(
        session("somebody"),
        "SET SESSION query_max_execution_time = '1d'",
        ErrorCode.QUERY_NOT_ALLOWED);
  }

  @Tag("soak")
  @Test
  void aKilledTrinoIsNamedAndFoundAgain() throws Exception {
    TrinoSession session = session("lake");
    FutureTask<?> running = start(session, QueryLake.LONG_QUERY + " AND x > 2");
    await("it runs")
        .atMost(Duration.ofSeconds(30))
        .until(() -> outcome("AND x > 2").equals(List.of("RUNNING null")));

    lake.killTrino();

    failsWith(running, ErrorCode.TRINO_UNREACHABLE);
    refuses(session, "SELECT 1", ErrorCode.TRINO_UNREACHABLE);

    lake.restartTrino();

    assertThat(session.names("SELECT count(*) FROM dim_carrier")).containsExactly("12");
  }

  private TrinoSession session(String user) {
    TrinoSession session = lake.session(user);
    sessions.add(session);
    return session;
  }

  private static FutureTask<?> start(TrinoSession session, String sql) {
    FutureTask<?> task =
        new FutureTask<>(() -> session.run(sql, LIMITS, new CollectedRows(), progress -> {}));
    new Thread(task, "query").start();
    return task;
  }

  private static void failsWith(FutureTask<?> task, ErrorCode code) {
    assertThatThrownBy(() -> task.get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            LakeException.class, error -> assertThat(error.code()).isEqualTo(code));
  }

  private static void refuses(TrinoSession session, String sql, ErrorCode code) {
    assertThatThrownBy(() -> session.run(sql, LIMITS, new CollectedRows(), progress -> {}))
        .as(sql)
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).as(error.getMessage()).isEqualTo(code));
  }

  /** The states of the queries of a user that have not ended. */
  private List<String> states(String user) {
    return session("lake")
        .names(
            "SELECT state FROM system.runtime.queries WHERE \"user\" = '"
                + user
                + "' AND state NOT IN ('FAILED', 'FINISHED') ORDER BY state");
  }

  /** The states and errors of the queries that end so. */
  private List<String> outcome(String end) {
    return session("lake")
        .names(
            "SELECT state || ' ' || coalesce(error_code, 'null') FROM system.runtime.queries"
                + " WHERE query LIKE '%"
                + end
                + "'");
  }
}
