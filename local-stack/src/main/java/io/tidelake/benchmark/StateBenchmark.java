/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.config.ClusterConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * How much state the job of the wide fact keeps for a parcel: a savepoint, after it has read
 * parcels that each have an order, a fulfillment order, a scan of each of the five types and a
 * customs declaration.
 */
public final class StateBenchmark {

  private static final String JOB = "facts";
  private static final Duration TIMEOUT = Duration.ofMinutes(15);
  private static final long POLL_MILLIS = 2_000;
  private static final int SLOTS = 2;

  private final Path project;
  private final int parcels;
  private final Path workDir;

  /**
   * The state of one run.
   *
   * @param parcels how many parcels the job has read
   * @param stateBytes size of a savepoint of it then
   */
  public record Result(int parcels, long stateBytes) {

    /** Bytes for a parcel. */
    @JsonProperty
    public double bytesPerParcel() {
      return (double) stateBytes / parcels;
    }
  }

  /**
   * @param parcels how many there are, all of today
   * @param workDir an empty folder
   */
  public StateBenchmark(Path project, int parcels, Path workDir) {
    this.project = project;
    this.parcels = parcels;
    this.workDir = workDir;
  }

  /** Writes ODS, has the job read it, and looks at a savepoint of it. */
  public Result run() throws Exception {
    LakeConfig lake =
        LakeConfig.load(project, Map.of()).withWarehouse(workDir.resolve("warehouse"));
    try (LakeCatalog catalog = LakeCatalog.open(lake)) {
      TablePlan.of(lake, catalog).apply(catalog);
    }
    TableEnvironment batch = FlinkSession.openBatch(lake);
    writeOds(batch, LocalDate.now(lake.timeZone()).toString());
    try (FlinkEngine engine = FlinkEngine.start(0, SLOTS)) {
      StreamingJobs jobs =
          new StreamingJobs(
              lake.withCluster(
                  new ClusterConfig(
                      engine.restAddress(), workDir.resolve("checkpoints").toString())));
      jobs.startFromNothing(JOB);
      awaitFacts(batch);
      // A savepoint has all of the state, in one form whatever the state backend.
      Path savepoint = Path.of(URI.create(jobs.savepoint(JOB)));
      jobs.stop(JOB, false);
      return new Result(parcels, FileUtils.sizeOfDirectory(savepoint.toFile()));
    }
  }

  private void writeOds(TableEnvironment batch, String day) throws Exception {
    batch
        .executeSql(
            """
            CREATE TEMPORARY TABLE numbers (id BIGINT) WITH (
              'connector' = 'datagen', 'number-of-rows' = '%1$d',
              'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '%1$d')
            """
                .formatted(parcels))
        .await();
    for (String insert :
        List.of(
            """
            ods_trade_order (dt, order_id, business_line, merchant_id, buyer_name, region_id, fulfillment_ids, currency,
              goods_amount, payment_method, paid_amount, created_at, paid_at, is_deleted, row_version)
            SELECT dt, id, 'export', id, CONCAT('Buyer ', CAST(id AS STRING)), 1, CAST(id AS STRING), 'EUR',
              CAST(99.5 AS DECIMAL(12, 2)), 'card', CAST(99.5 AS DECIMAL(12, 2)), noon, noon, FALSE, id
            """,
            """
            ods_fulfillment_order (dt, fulfillment_id, order_id, business_line, direction, warehouse_id, carrier_id,
              status, accepted_at, is_deleted, row_version)
            SELECT dt, id, id, 'export', 'outbound', 1, 1, 'completed', noon, FALSE, id
            """,
            """
            ods_logistics_event (dt, event_id, fulfillment_id, event_type, event_time, station, is_deleted, row_version)
            SELECT dt, id * 10 + scan, id, kind, noon, 'Station 12', FALSE, id
            """,
            """
            ods_customs_declaration (dt, declaration_id, fulfillment_id, customs_status, duty_amount, declared_at,
              cleared_at, is_deleted, row_version)
            SELECT dt, id, id, 'cleared', CAST(4.2 AS DECIMAL(10, 2)), noon, noon, FALSE, id
            """)) {
      batch
          .executeSql(
              "INSERT INTO "
                  + insert
                  + "FROM (SELECT id, '%s' AS dt, CAST(TIMESTAMP '%s 12:00:00' AS TIMESTAMP_LTZ(6)) AS noon FROM numbers)"
                      .formatted(day, day)
                  + (insert.contains("scan")
                      ? " CROSS JOIN (VALUES (1, 'outbound'), (2, 'picked_up'), (3, 'in_transit'),"
                          + " (4, 'out_for_delivery'), (5, 'signed')) AS scans (scan, kind)"
                      : ""))
          .await();
    }
  }

  private void awaitFacts(TableEnvironment batch) throws Exception {
    Instant end = Instant.now().plus(TIMEOUT);
    long complete = 0;
    while (complete < parcels) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "The job had made " + complete + " of " + parcels + " parcels after " + TIMEOUT);
      }
      Thread.sleep(POLL_MILLIS);
      try (CloseableIterator<Row> count =
          batch
              .executeSql(
                  """
                  SELECT COUNT(*) FROM dwd_fulfillment_wide
                  WHERE order_version > 0 AND fulfillment_version > 0 AND outbound_version > 0 AND picked_up_version > 0
                    AND customs_version > 0 AND out_for_delivery_version > 0 AND signed_version > 0
                  """)
              .collect()) {
        complete = (long) count.next().getField(0);
      }
    }
  }
}
