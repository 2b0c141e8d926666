/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.streaming.Scenario.Expectation;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hours, minutes and days of business where these are not UTC's, in streams and in batch. */
class LayersInTimeZonesTest {

  private static final String HOURS = "stat_hour, picked_up_count, signed_count, transit_minutes";
  private static final String MINUTES = "stat_minute, created_count, outbound_count, signed_count";

  /** What happens in a business, and what its tables hold then. */
  private record Business(String zone, String rows, List<Expectation> expectations) {
    Map<String, String> values() {
      return Map.of("time-zone", zone);
    }

    @Override
    public String toString() {
      return zone;
    }
  }

  private static final Business SHANGHAI =
      new Business(
          "Asia/Shanghai",
          parcel(1, "2026-06-18")
              + scan(1, 1, "outbound", "2026-06-18 15:59:59")
              + scan(2, 1, "picked_up", "2026-06-18 23:30:00")
              + scan(3, 1, "signed", "2026-06-19 16:00:00"),
          List.of(
              holds("dws_carrier_hour", HOURS, "2026-06-18"),
              holds("dws_carrier_hour", HOURS, "2026-06-19", "7 | 1 | 1 | 990"),
              holds(
                  "ads_trend_minute",
                  MINUTES,
                  "2026-06-18",
                  "08:00 | 1 | 0 | 0",
                  "23:59 | 0 | 1 | 0"),
              holds("ads_trend_minute", MINUTES, "2026-06-19"),
              holds("ads_trend_minute", MINUTES, "2026-06-20", "00:00 | 0 | 0 | 1"),
              // The day of an order is the source's.
              holds("ads_overview", "picked_up_count", "2026-06-18", "1"),
              holds("ads_overview", "picked_up_count", "2026-06-19")));

  /** On November 1st clocks go from 02:00 to 01:00, at 06:00 UTC: an hour comes twice. */
  private static final Business NEW_YORK =
      new Business(
          "America/New_York",
          parcel(1, "2026-06-18")
              + scan(1, 1, "picked_up", "2026-06-18 23:30:00")
              + scan(2, 1, "signed", "2026-06-19 03:59:59")
              + parcel(2, "2026-11-01")
              + scan(3, 2, "picked_up", "2026-11-01 05:30:00")
              + scan(4, 2, "signed", "2026-11-01 06:30:00")
              + parcel(3, "2026-11-01")
              + scan(5, 3, "picked_up", "2026-11-01 06:30:00")
              + scan(6, 3, "signed", "2026-11-02 04:59:59"),
          List.of(
              holds("dws_carrier_hour", HOURS, "2026-06-18", "19 | 1 | 1 | 269"),
              holds("ads_trend_minute", MINUTES, "2026-06-17", "20:00 | 1 | 0 | 0"),
              holds("ads_trend_minute", MINUTES, "2026-06-18", "23:59 | 0 | 0 | 1"),
              // 60 minutes, and 22 hours and 29 minutes
              holds("dws_carrier_hour", HOURS, "2026-11-01", "1 | 2 | 2 | 1409"),
              holds("ads_trend_minute", MINUTES, "2026-10-31", "20:00 | 2 | 0 | 0"),
              holds(
                  "ads_trend_minute",
                  MINUTES,
                  "2026-11-01",
                  "01:30 | 0 | 0 | 1",
                  "23:59 | 0 | 0 | 1")));

  @TempDir private Path folder;

  static Stream<Business> businesses() {
    return Stream.of(SHANGHAI, NEW_YORK);
  }

  @ParameterizedTest
  @MethodSource("businesses")
  void inBatch(Business business) throws Exception {
    try (TestLake batch = batch(business)) {
      for (Expectation expected : business.expectations()) {
        assertThat(batch.rows(expected.table(), expected.columns(), expected.day()))
            .as(expected.columns() + " of " + expected.table() + " on " + expected.day())
            .isEqualTo(expected.rows());
      }
    }
  }

  @Tag("soak")
  @ParameterizedTest
  @MethodSource("businesses")
  void inStreams(Business business) throws Exception {
    try (TestLake batch = batch(business);
        TestLake stream = TestLake.create(folder.resolve("stream"), business.values());
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      stream.start(engine);
      stream.insert(business.rows());
      for (Expectation expected : business.expectations()) {
        stream.awaitRows(expected.table(), expected.columns(), expected.day(), expected.rows());
      }
      for (String table : TestLake.DERIVED_TABLES) {
        stream.awaitRows(table, "*", null, batch.rows(table, "*", null));
      }
      assertThat(new FlinkCluster(engine.restAddress()).jobs())
          .extracting(FlinkCluster.JobStatus::state)
          .containsOnly("RUNNING");
    }
  }

  private TestLake batch(Business business) throws Exception {
    TestLake lake = TestLake.create(folder.resolve("batch"), business.values());
    lake.insert(business.rows());
    lake.runLayersInBatch();
    return lake;
  }

  /** As after a change of {@code time-zone}, when the rows of the old one are still there. */
  @Tag("soak")
  @Test
  void aStartFromNothingMovesWhatHappenedToItsDays() throws Exception {
    String hours = "dws_carrier_hour";
    try (TestLake lake = TestLake.create(folder.resolve("lake"));
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      lake.start(engine);
      lake.insert(parcel(1, "2026-06-18") + scan(1, 1, "picked_up", "2026-06-18 23:30:00"));
      lake.awaitRows(hours, HOURS, "2026-06-18", List.of("23 | 1 | 0 | 0"));
    }
    try (TestLake lake =
            TestLake.create(folder.resolve("lake"), Map.of("time-zone", "Asia/Shanghai"));
        FlinkEngine engine = FlinkEngine.start(0, 8)) {
      lake.startFromNothing(engine);
      lake.awaitRows(hours, HOURS, "2026-06-19", List.of("7 | 1 | 0 | 0"));
      lake.awaitRows(hours, HOURS, "2026-06-18", List.of());
      lake.awaitRows("ads_trend_minute", MINUTES, null, List.of("08:00 | 1 | 0 | 0"));
      lake.insert(parcel(2, "2026-06-18") + scan(2, 2, "picked_up", "2026-06-18 16:00:00"));
      lake.awaitRows(hours, HOURS, "2026-06-19", List.of("0 | 1 | 0 | 0", "7 | 1 | 0 | 0"));
    }
  }

  private static Expectation holds(String table, String columns, String day, String... rows) {
    return new Expectation(table, columns, day, List.of(rows));
  }

  /** A parcel and its order, which was made at midnight, UTC. */
  private static String parcel(int parcel, String day) {
    return """
        ods_trade_order: dt = '%2$s', order_id = %1$d, fulfillment_ids = '%1$d', created_at = '%2$s 00:00:00', updated_at = '%2$s 00:00:00'
        ods_fulfillment_order: dt = '%2$s', fulfillment_id = %1$d, order_id = %1$d, business_line = 'domestic', direction = 'outbound', carrier_id = 5, updated_at = '%2$s 00:00:00'
        """
        .formatted(parcel, day);
  }

  /** A scan, in the day of its order. */
  private static String scan(int event, int parcel, String type, String time) {
    String day = time.startsWith("2026-06") ? "2026-06-18" : "2026-11-01";
    return """
        ods_logistics_event: dt = '%s', event_id = %d, fulfillment_id = %d, event_type = '%s', event_time = '%s', updated_at = '%s'
        """
        .formatted(day, event, parcel, type, time, time);
  }
}
