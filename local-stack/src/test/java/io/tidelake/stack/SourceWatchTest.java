/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.server.CaptureServers;
import io.tidelake.stack.server.TestDatabase;
import io.tidelake.streaming.capture.LoggedStatements;
import io.tidelake.workload.WorkloadWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a source does to running change capture, and how it is noticed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SourceWatchTest {

  private static final String TABLE = "step";

  @TempDir private static Path folder;
  private static CaptureServers servers;

  @BeforeAll
  static void start() throws Exception {
    servers = new CaptureServers(folder);
    WorkloadWriter.createSchema(servers.jdbcUrl());
    servers.inDatabase("CREATE TABLE step (id INT PRIMARY KEY, number INT)");
  }

  @AfterAll
  static void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  @Order(1)
  void anUnfitSourceIsRefused() throws Exception {
    List<String> said = new ArrayList<>();
    servers.execute("SET GLOBAL binlog_row_image = MINIMAL");
    try {
      assertThatThrownBy(() -> watch(said, Duration.ZERO).refuseUnfit())
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> {
                assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_UNFIT);
                assertThat(error.remedy()).contains("SET GLOBAL binlog_row_image = FULL");
              })
          .hasMessageContaining("binlog_row_image is MINIMAL");
    } finally {
      servers.execute("SET GLOBAL binlog_row_image = FULL");
    }
    assertThat(said).isEmpty();
  }

  @Test
  @Order(2)
  void findingsAreSaidOnceForAsLongAsTheyLast() throws Exception {
    List<String> said = new ArrayList<>();
    SourceWatch watch = watch(said, Duration.ZERO);
    watch.refuseUnfit();
    assertThat(said)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("source NOTE TABLE_NOT_CAPTURED step"))
        .anyMatch(line -> line.startsWith("source NOTE LOG_AVOIDABLE"));
    watch.check();
    // Capture has ended and starts again.
    watch.refuseUnfit();
    watch.check();
    assertThat(said).hasSize(2);

    servers.inDatabase(
        "CREATE TABLE coupon (id INT PRIMARY KEY)",
        "ALTER TABLE warehouse ADD COLUMN height INT",
        "SET GLOBAL binlog_format = STATEMENT");
    try {
      watch.check();
      watch.check();
      assertThat(said.subList(2, said.size()))
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith("source ERROR LOG_FORMAT: binlog_format is STATEMENT"),
              line -> assertThat(line).startsWith("source NOTE TABLE_NOT_CAPTURED coupon"),
              line ->
                  assertThat(line)
                      .startsWith("source NOTE COLUMN_NEW warehouse: the column height"));
    } finally {
      servers.execute("SET GLOBAL binlog_format = ROW");
    }
    watch.check();
    servers.execute("SET GLOBAL binlog_format = STATEMENT");
    try {
      watch.check();
      assertThat(said).hasSize(6);
      assertThat(said.get(5)).startsWith("source ERROR LOG_FORMAT");
    } finally {
      servers.execute("SET GLOBAL binlog_format = ROW");
    }
  }

  @Test
  @Order(3)
  void itLooksAsOftenAsItIsToldAndOutlivesTheDatabase() throws Exception {
    List<String> said = new ArrayList<>();
    SourceWatch often = watch(said, Duration.ZERO);
    SourceWatch seldom = watch(said, Duration.ofHours(1));
    often.refuseUnfit();
    seldom.refuseUnfit();
    int before = said.size();
    servers.inDatabase("CREATE TABLE voucher (id INT PRIMARY KEY)");
    seldom.check();
    assertThat(said).hasSize(before);

    servers.killDatabase();
    often.check();
    assertThat(said).hasSize(before);
    servers.startDatabase();
    often.check();
    assertThat(said).hasSize(before + 1);
    assertThat(said.get(before)).contains("voucher");
  }

  @Test
  @Order(4)
  void theGrantsThatAreAskedForAreEnoughAndACompressedLogIsRead() throws Exception {
    TestDatabase.allowGrants(folder.resolve("mariadb"));
    servers.execute(
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'capture'@'127.0.0.1'",
        "GRANT RELOAD, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'capture'@'127.0.0.1'",
        "GRANT SELECT, LOCK TABLES ON logistics.* TO 'capture'@'127.0.0.1'");
    watch(new ArrayList<>(), Duration.ZERO).refuseUnfit();
    servers.startCapture(TABLE);
    servers.awaitEndOfSnapshot(TABLE);
    servers.execute("SET GLOBAL log_bin_compress = 1");
    try {
      servers.inDatabase("INSERT INTO step SELECT seq, 1 FROM seq_1_to_2000");
    } finally {
      servers.execute("SET GLOBAL log_bin_compress = 0");
    }

    for (int id = 1; id <= 2000; id += 333) {
      int wanted = id;
      assertThat(
              servers.eventsUntil(TABLE, event -> event.after("id").asInt() == wanted).stream()
                  .filter(event -> event.after("id").asInt() == wanted))
          .hasSize(1);
    }
  }

  @Test
  @Order(5)
  void statementsInTheLogAreMadeVisible() throws Exception {
    List<String> said = new ArrayList<>();
    LoggedStatements statements = new LoggedStatements(servers.captureLog(), said::add);
    statements.check();
    assertThat(said).isEmpty();

    servers.inDatabase(
        "SET SESSION binlog_format = STATEMENT",
        "INSERT INTO step VALUES (5001, 17)",
        "INSERT INTO step VALUES (5002, 18)",
        "UPDATE step SET number = 19 WHERE id = 5001",
        "SET STATEMENT max_statement_time = 10 FOR DELETE FROM step WHERE id = 5002",
        "SET SESSION binlog_format = ROW",
        "INSERT INTO step VALUES (5003, 20)");
    assertThat(servers.eventsUntil(TABLE, event -> event.after("id").asInt() == 5003))
        .noneMatch(event -> event.after("id").asInt() == 5001);

    await("what was said")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              statements.check();
              assertThat(said).hasSize(3);
            });
    assertThat(said).allMatch(line -> line.startsWith("CHANGES ARE LOST"));
    assertThat(LoggedStatements.in(servers.captureLog())).isEqualTo(said);
    assertThat(said.get(0)).contains("`INSERT INTO step …`").doesNotContain("17");
    assertThat(said.get(1)).contains("`UPDATE step SET …`");
    assertThat(said.get(2)).contains("`DELETE FROM step …`");
  }

  @Test
  @Order(6)
  void aLogThatIsEmptiedIsReadFromItsBeginning() throws Exception {
    Path log = folder.resolve("other.log");
    List<String> said = new ArrayList<>();
    LoggedStatements statements = new LoggedStatements(log, said::add);
    statements.check();
    Files.writeString(log, "x".repeat(1000) + "\nReceived DML 'UPDATE a SET b = 1' for");
    statements.check();
    assertThat(said).as("a line that is not whole").isEmpty();
    Files.writeString(log, "Received DML 'UPDATE b SET b = 1' for\n");
    statements.check();
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).contains("UPDATE b SET");
  }

  /** The last: nothing comes after such a row. */
  @Test
  @Order(7)
  void aRowThatIsNotWholeEndsCaptureAndIsExplained() throws Exception {
    servers.inDatabase(
        "INSERT INTO step VALUES (6001, 1)",
        "SET SESSION binlog_row_image = MINIMAL",
        "UPDATE step SET number = 2 WHERE id = 6001");

    await("what was said")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              servers.watch().check();
              assertThat(servers.said)
                  .anySatisfy(
                      line ->
                          assertThat(line)
                              .contains("another binlog_row_image than FULL")
                              .contains("`lake sources reread --all`"));
            });
  }

  private static SourceWatch watch(List<String> said, Duration every) {
    return new SourceWatch(servers.sourceCheck(), every, said::add);
  }
}
