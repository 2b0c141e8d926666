/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill;

import java.nio.file.Path;
import java.util.Arrays;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;

/** A row of an offline snapshot of {@code dwd_logistics_event}. */
public record Scan(Long id, String station, Long delay) {

  private static final RowType TYPE =
      RowType.builder()
          .field("event_id", DataTypes.BIGINT())
          .field("fulfillment_id", DataTypes.BIGINT())
          .field("event_type", DataTypes.STRING())
          .field("event_time", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
          .field("station", DataTypes.STRING())
          .field("device_no", DataTypes.STRING())
          .field("received_at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
          .field("report_delay_seconds", DataTypes.BIGINT())
          .field("is_deleted", DataTypes.BOOLEAN())
          .build();

  public static Scan scan(Integer id, String station) {
    return new Scan(id == null ? null : id.longValue(), station, null);
  }

  public Scan withDelay(long seconds) {
    return new Scan(id, station, seconds);
  }

  /** Writes a Parquet file of scans. */
  public static void write(Path file, Scan... scans) throws Exception {
    BackfillLake.writeParquet(
        file,
        TYPE,
        Arrays.stream(scans)
            .map(
                scan ->
                    GenericRow.of(
                        scan.id,
                        null,
                        null,
                        null,
                        BinaryString.fromString(scan.station),
                        null,
                        null,
                        scan.delay,
                        false))
            .toList());
  }
}
