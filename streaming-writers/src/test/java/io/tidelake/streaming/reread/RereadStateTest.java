/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Debezium's notifications of an incremental snapshot mean for a run. */
class RereadStateTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RereadState state =
      new RereadState(
          new RereadRun(
              "reread-1",
              1,
              null,
              null,
              List.of(
                  new RereadRun.Table("carrier", "lake.logistics.carrier", Map.of()),
                  new RereadRun.Table("region", "lake.logistics.region", Map.of()))));

  @Test
  void tablesAreReadOneAfterTheOther() {
    assertThat(state.isStarted()).isFalse();
    hear("STARTED");
    hear(
        "IN_PROGRESS",
        "current_collection_in_progress",
        "logistics.carrier",
        "last_processed_key",
        "4096",
        "maximum_key",
        "9000");
    assertThat(state.isStarted()).isTrue();
    assertThat(state.progress()).isEqualTo("carrier up to key 4096 of 9000");
    scanned("carrier", "SUCCEEDED");
    scanned("region", "EMPTY");
    assertThat(state.isAtRest()).isFalse();
    hear("COMPLETED");

    assertThat(state.isRead()).isTrue();
    assertThat(state.isAtRest()).isTrue();
    assertThat(state.readTables())
        .extracting(RereadRun.Table::name)
        .containsExactly("carrier", "region");
    assertThat(state.failedTables()).isEmpty();
  }

  @Test
  void aTableWhoseDatabaseWentAwayIsInterruptedAndNotFailedForGood() {
    scanned("carrier", "SQL_EXCEPTION");
    scanned("region", "SUCCEEDED");
    hear("COMPLETED");

    assertThat(state.isInterrupted()).isTrue();
    assertThat(state.failedTables()).containsOnlyKeys("carrier");
    assertThat(state.readTables()).extracting(RereadRun.Table::name).containsExactly("region");
  }

  @Test
  void tablesThatCannotBeReadAreNamedWithTheReason() {
    scanned("carrier", "NO_PRIMARY_KEY");
    hear("COMPLETED");

    assertThat(state.isInterrupted()).isFalse();
    assertThat(state.failedTables())
        .containsExactly(
            Map.entry("carrier", "NO_PRIMARY_KEY"), Map.entry("region", "it is not captured"));
  }

  /** Change capture takes orders up late, and again when it was killed. */
  @Test
  void whatItSaysOfAStopThatWasRevokedDoesNotCount() {
    hear("STARTED");
    state.tellToStop();
    assertThat(state.isAtRest()).isFalse();
    hear("PAUSED");
    assertThat(state.isAtRest()).isTrue();
    state.tellToGoOn();
    hear("PAUSED");
    assertThat(state.isAtRest()).isFalse();
    hear("RESUMED");
    assertThat(state.isAtRest()).isFalse();
  }

  @Test
  void aRunThatChangeCaptureGivesUpIsOver() {
    scanned("carrier", "STOPPED");
    hear("ABORTED");
    assertThat(state.isClosed()).isTrue();
  }

  /** They may have begun it at the same time; rows are looked for from where the first began. */
  @Test
  void ofTwoOrdersTheFirstCounts() {
    RereadState announced =
        new RereadState(new RereadRun("reread-2", 0, null, null, state.run().tables()));
    announced.order(announced.run().ordered(100, Map.of()));
    announced.order(announced.run().ordered(200, Map.of()));
    assertThat(announced.run().asOfMicros()).isEqualTo(100);
  }

  @Test
  void oneThatSaysNothingForAWhileStands() {
    Instant began = Instant.parse("2026-06-17T08:00:00Z");
    StandingReading standing = new StandingReading(state, Duration.ofSeconds(120));
    assertThat(standing.isSo(began)).isFalse();
    hear("IN_PROGRESS");
    assertThat(standing.isSo(began.plusSeconds(121))).isFalse();
    assertThat(standing.isSo(began.plusSeconds(241))).isFalse();
    assertThat(standing.isSo(began.plusSeconds(242))).isTrue();
    assertThat(standing.isSo(began.plusSeconds(243))).as("told once").isFalse();
    state.tellToStop();
    assertThat(standing.isSo(began.plusSeconds(400))).as("it was told to stop").isFalse();
  }

  private void scanned(String table, String status) {
    hear("TABLE_SCAN_COMPLETED", "scanned_collection", "logistics." + table, "status", status);
  }

  private void hear(String type, String... data) {
    ObjectNode notification = JSON.createObjectNode().put("type", type);
    ObjectNode additional = notification.putObject("additional_data");
    for (int i = 0; i < data.length; i += 2) {
      additional.put(data[i], data[i + 1]);
    }
    state.hear(notification);
  }
}
