/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.workload.WorkloadWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Columns that change capture takes for others than they are, and many that it does not. */
@Tag("soak")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MisreadColumnsTest {

  private static final String TABLE = "carrier";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static CaptureServers servers;
  private static SourceCheck check;

  @BeforeAll
  static void start() throws Exception {
    servers = new CaptureServers(folder);
    WorkloadWriter.createSchema(servers.jdbcUrl());
    // The beats of the source move the place of capture.
    servers.startCapture(TABLE, "lake_clock");
    servers.inDatabase("INSERT INTO carrier VALUES (1, 'one', 'express', '2026-06-17')");
    servers.eventsUntil(TABLE, event -> event.after("carrier_id").asInt() == 1);
    check = servers.sourceCheck();
  }

  @AfterAll
  static void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  /** Each way to say a type, a place and a change that the server knows and Debezium may not. */
  @Test
  @Order(1)
  void whatCaptureUnderstandsIsNotFound() throws Exception {
    for (String statement :
        List.of(
            "ALTER TABLE carrier ADD COLUMN (b1 BOOL, b2 BOOLEAN, i1 INT1, i2 INT2, i3 INT3, i4 INT4, i8 INT8, i INTEGER, m MIDDLEINT)",
            "ALTER TABLE carrier ADD COLUMN u INT UNSIGNED FIRST, ADD z INT(7) ZEROFILL AFTER i, ADD x TINYINT UNSIGNED AFTER u",
            "ALTER TABLE carrier ADD d DEC(7,2), ADD n NUMERIC(9), ADD f FIXED(5,1), ADD p DOUBLE PRECISION, ADD r REAL, ADD q FLOAT UNSIGNED",
            "ALTER TABLE carrier ADD c1 CHARACTER VARYING(9), ADD c2 NVARCHAR(9), ADD c3 NATIONAL CHAR(3)",
            "ALTER TABLE carrier ADD l1 VARCHAR(9) CHARACTER SET latin1, ADD l2 VARCHAR(9) CHARSET utf8, ADD l3 VARCHAR(9) COLLATE latin2_general_ci",
            "ALTER TABLE carrier ADD e ENUM('b','A','it''s'), ADD s SET('x', 'y') NOT NULL DEFAULT 'x', ADD j JSON, ADD y YEAR, ADD t TIME(3), ADD bits BIT(3)",
            "ALTER TABLE carrier ADD g INT GENERATED ALWAYS AS (carrier_id + 1) VIRTUAL, ADD h INT AS (carrier_id + 2) STORED, ADD k INT INVISIBLE DEFAULT 3",
            "ALTER TABLE carrier MODIFY COLUMN e ENUM('b','A','it''s','new') AFTER carrier_id, CHANGE j document JSON FIRST",
            "ALTER TABLE carrier RENAME COLUMN q TO quality, ALTER COLUMN y SET DEFAULT 2000",
            "ALTER TABLE carrier CONVERT TO CHARACTER SET utf8mb3",
            "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS truly_new INT AFTER carrier_name",
            "ALTER TABLE carrier DROP COLUMN IF EXISTS never_there",
            "CREATE TABLE IF NOT EXISTS carrier (other INT PRIMARY KEY)",
            "CREATE TABLE carrier_new LIKE carrier",
            "ALTER TABLE carrier_new ADD COLUMN swapped INT FIRST",
            "RENAME TABLE carrier TO carrier_old, carrier_new TO carrier",
            "DROP TABLE carrier_old",
            "RENAME TABLE carrier TO elsewhere",
            "ALTER TABLE elsewhere RENAME TO carrier")) {
      servers.inDatabase(statement);
      awaitCapture(statement);
      assertThat(check.misreadColumns()).as(statement).isEmpty();
    }
  }

  private static void awaitCapture(String statement) throws Exception {
    LogPlace end = servers.endOfLog();
    CaptureConnector connector = servers.connector();
    await(statement)
        .atMost(Duration.ofSeconds(30))
        .failFast("capture has failed at " + statement, () -> connector.failure().isPresent())
        .until(() -> connector.hasComeTo(end));
  }

  @Test
  @Order(2)
  void whatCaptureTakesForSomethingElseIsFoundUntilItReadsTheColumnsAnew() throws Exception {
    found(
        "CREATE OR REPLACE TABLE carrier (carrier_id BIGINT UNSIGNED PRIMARY KEY, carrier_name VARCHAR(60), place INT UNSIGNED, state ENUM('a','b'), at DATETIME, text VARCHAR(9) CHARACTER SET latin1) CHARACTER SET utf8mb4",
        "column 1 is carrier_id, capture takes it for swapped");
    // Statements that change nothing at the source.
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS carrier_name VARCHAR(60) AFTER place",
        "column 2 is carrier_name, capture takes it for place");
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS place INT",
        "place is unsigned, capture takes it for signed");
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS state ENUM('b','a')",
        "state is enum('a','b'), capture takes it for enum('b','a')");
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS at TIMESTAMP",
        "at is datetime, capture takes it for timestamp");
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS carrier_name INT",
        "carrier_name is varchar, capture takes it for int");
    found(
        "ALTER TABLE carrier ADD COLUMN IF NOT EXISTS text VARCHAR(9) CHARACTER SET utf8mb4",
        "text is latin1, capture takes it for utf8mb4");
    found(
        "ALTER TABLE carrier DEFAULT CHARACTER SET latin1, ADD COLUMN remark VARCHAR(9)",
        "remark is latin1, capture takes it for utf8mb4");
  }

  /** As a command leaves capture that is killed while it has it read the tables' columns. */
  @Test
  @Order(3)
  void captureGoesOnWhenACommandThatStoppedItWasKilled() throws Exception {
    JsonNode own = JSON.readTree(connect("GET", "/config", ""));
    ObjectNode changed = own.deepCopy();
    changed.put("snapshot.mode", "configuration_based");
    changed.put("snapshot.mode.configuration.based.snapshot.schema", "true");
    changed.put("snapshot.mode.configuration.based.start.stream", "true");
    changed.put("tidelake.snapshot.mode", own.path("snapshot.mode").asText());
    changed.put("tidelake.changed.since", String.valueOf(System.currentTimeMillis()));
    connect("PUT", "/config", changed.toString());
    connect("PUT", "/stop", "");
    CaptureConnector connector = servers.connector();
    await("the stop")
        .atMost(Duration.ofSeconds(30))
        .until(connector::state, Optional.of("STOPPED")::equals);
    servers.inDatabase("INSERT INTO lake_clock VALUES (77, NOW(6), NOW(6))");

    await("the watch")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              servers.watch().check();
              return connector.isRunning();
            });

    assertThat(JSON.readTree(connect("GET", "/config", ""))).isEqualTo(own);
    servers.eventsUntil("lake_clock", event -> event.after("clock_id").asInt() == 77);
    assertThat(servers.said).anyMatch(line -> line.contains("a command that was killed"));
  }

  private static String connect(String method, String path, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(servers.connectorAddress() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static void found(String statement, String difference) throws Exception {
    servers.inDatabase(statement);
    await(statement)
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(check.runBriefly())
                    .filteredOn(finding -> finding.severity() == SourceFinding.Severity.ERROR)
                    .filteredOn(finding -> finding.code() == SourceFinding.Code.COLUMNS_MISREAD)
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.table()).isEqualTo(TABLE);
                          assertThat(finding.message()).endsWith(difference);
                          assertThat(finding.whatToDo()).contains("`lake sources reread --all`");
                          assertThat(finding.refusesCapture()).isFalse();
                        }));
    servers.connector().goOnFromNow();
    assertThat(check.misreadColumns()).as("after it has read the columns anew").isEmpty();
  }
}
