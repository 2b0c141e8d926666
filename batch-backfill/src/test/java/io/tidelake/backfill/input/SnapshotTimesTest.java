/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.streaming.job.BatchEngine;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times in offline snapshots, of which some name a zone and some do not. */
class SnapshotTimesTest {

  private static final String TABLE = "ods_logistics_event";
  private static final BackfillLimits LIMITS = new BackfillLimits(1, 0, 0);

  private static BatchEngine engine;

  @TempDir private Path folder;

  @BeforeAll
  static void startEngine() {
    engine = BatchEngine.embedded(2);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @Test
  void aTimeWithoutAZoneIsOneOfTheSource() throws Exception {
    assertThat(read(DataTypes.TIMESTAMP(6), "2026-06-19T07:30:00.000001"))
        .isEqualTo("2026-06-18T23:30:00.000001Z");
  }

  @Test
  void anInstantStaysOne() throws Exception {
    assertThat(read(DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6), "2026-06-18T23:30:00.000001"))
        .isEqualTo("2026-06-18T23:30:00.000001Z");
  }

  /** Paimon writes nanoseconds as INT96. */
  @Test
  void int96IsAnInstantAsHiveAndSparkWriteIt() throws Exception {
    assertThat(read(DataTypes.TIMESTAMP(9), "2026-06-18T23:30:00.000001"))
        .isEqualTo("2026-06-18T23:30:00.000001Z");
  }

  /** The time of a scan in a lake whose source is in Shanghai, and whose business in New York. */
  private String read(DataType type, String time) throws Exception {
    RowType columns =
        RowType.builder()
            .field("event_id", DataTypes.BIGINT())
            .field("fulfillment_id", DataTypes.BIGINT())
            .field("event_type", DataTypes.STRING())
            .field("event_time", type)
            .field("station", DataTypes.STRING())
            .field("device_no", DataTypes.STRING())
            .field("received_at", type)
            .field("updated_at", type)
            .field("is_deleted", DataTypes.BOOLEAN())
            .build();
    Path export = folder.resolve("export");
    BackfillLake.writeParquet(
        export.resolve("dt=2026-06-18/part-0.parquet"),
        columns,
        List.of(
            GenericRow.of(
                1L,
                1L,
                BinaryString.fromString("outbound"),
                Timestamp.fromLocalDateTime(LocalDateTime.parse(time)),
                null,
                null,
                null,
                null,
                false)));
    Map<String, String> zones =
        Map.of("time-zone", "America/New_York", "source/time-zone", "Asia/Shanghai");
    try (BackfillLake lake =
        BackfillLake.create(folder.resolve("warehouse"), engine, zones, TABLE)) {
      lake.runner().run(BackfillLake.request(TABLE, BackfillMode.FILL, export), LIMITS);
      assertThat(lake.query("SELECT received_at FROM " + TABLE)).containsExactly("null");
      List<String> times = lake.query("SELECT event_time FROM " + TABLE);
      assertThat(times).hasSize(1);
      return times.get(0);
    }
  }
}
