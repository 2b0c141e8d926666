/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.verify;

import static io.tidelake.backfill.BackfillLake.AS_OF;
import static io.tidelake.backfill.BackfillLake.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.Verification;
import io.tidelake.tables.diff.Verification.Match;
import io.tidelake.tables.diff.Verification.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {

  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String DAY_COUNTS = "dws_fulfillment_day";
  private static final String FIRST = "2026-06-18";
  private static final String SECOND = "2026-06-19";

  @TempDir private static Path folder;
  private static BatchEngine engine;
  private static BackfillLake lake;

  @BeforeAll
  static void createLake() throws Exception {
    engine = BatchEngine.embedded(2);
    lake = BackfillLake.createWhole(folder.resolve("warehouse"), engine);
    parcels("('2026-06-18', 1)", "('2026-06-18', 2)", "('2026-06-19', 3)");
    lake.runPipelines(WIDE, DAY_COUNTS);
  }

  @AfterAll
  static void close() throws Exception {
    lake.close();
    engine.close();
  }

  @Test
  void aTableIsComparedWithItsComputationFromOds() throws Exception {
    assertThat(verify(WIDE).agrees()).isTrue();
    assertThat(verify(DAY_COUNTS).partitions())
        .extracting(Verification.Partition::dt, Verification.Partition::equal)
        .containsExactly(tuple(FIRST, 1L), tuple(SECOND, 1L));

    // Wrong with the right version; of a parcel that nobody knows; and not yet come to the table.
    lake.sql(
        "INSERT INTO dwd_fulfillment_wide (dt, fulfillment_id, business_line, direction, warehouse_id, carrier_id, status, parcel_amount, fulfillment_version) "
            + "SELECT dt, fulfillment_id, business_line, direction, warehouse_id, carrier_id, 'wrong', parcel_amount, fulfillment_version FROM dwd_fulfillment_wide WHERE fulfillment_id = 1",
        "INSERT INTO dwd_fulfillment_wide (dt, fulfillment_id, status, fulfillment_version) VALUES ('2026-06-18', 9, 'unknown', 1)");
    parcels("('2026-06-19', 4)");

    Verification found = verify(WIDE);

    assertThat(found.agrees()).isFalse();
    assertThat(found.partitions())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("columns")
        .containsExactly(
            new Verification.Partition(FIRST, 1, 1, 1, 0, 0, Map.of()),
            new Verification.Partition(SECOND, 1, 0, 0, 1, 0, Map.of()));
    assertThat(found.columns()).containsEntry("status", new Match(3, 2));
    assertThat(found.columns()).containsEntry("carrier_id", new Match(3, 3));
    assertThat(found.samples())
        .containsExactly(
            new Sample(FIRST, "dt = 2026-06-18, fulfillment_id = 1", "status", "wrong", "accepted"),
            new Sample(
                FIRST,
                "dt = 2026-06-18, fulfillment_id = 9",
                "",
                "dt = 2026-06-18, fulfillment_id = 9",
                null),
            new Sample(
                SECOND,
                "dt = 2026-06-19, fulfillment_id = 4",
                "",
                null,
                "dt = 2026-06-19, fulfillment_id = 4"));

    assertThat(verify(DAY_COUNTS, FIRST).agrees())
        .as("the wide fact is computed anew, too: its wrong row does not matter")
        .isTrue();
    assertThat(verify(DAY_COUNTS, SECOND).samples())
        .extracting(Sample::column, Sample::inTable, Sample::computed)
        .contains(tuple("created_count", "1", "2"));

    lake.runPipelines(WIDE);
    assertThat(verify(WIDE, SECOND).agrees()).isTrue();
  }

  @Test
  void aRunIsComparedWithItsSnapshot() throws Exception {
    Path query = folder.resolve("query.sql");
    Files.writeString(
        query,
        "SELECT '2026-06-18' AS dt, id, 'filled' AS station FROM (VALUES 1, 2, 3) AS t (id);");
    Path mapping = folder.resolve("mapping.sql");
    Files.writeString(
        mapping,
        "SELECT dt, id AS event_id, station, FALSE AS is_deleted, CAST(${version} AS BIGINT) AS row_version, source_file FROM snapshot;");
    String run =
        lake.runner()
            .run(
                new BackfillRequest(
                    "dwd_logistics_event",
                    BackfillMode.FILL,
                    AS_OF,
                    "query:" + query,
                    mapping,
                    List.of()),
                LIMITS)
            .id();
    lake.sql(
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) VALUES "
            + "('2026-06-18', 3, 'newer', FALSE, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3)))",
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) VALUES "
            + "('2026-06-18', 8, 'other', FALSE, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3)))");

    Verification right = lake.verifier().verifyRun(run);

    assertThat(right.agrees()).isTrue();
    assertThat(right.partitions())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("columns")
        .containsExactly(new Verification.Partition(FIRST, 2, 0, 0, 0, 1, Map.of()));

    lake.sql(
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) "
            + "SELECT dt, event_id + 10, 'never offered', FALSE, row_version FROM dwd_logistics_event WHERE event_id = 1",
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) "
            + "SELECT dt, event_id, 'wrong', FALSE, row_version FROM dwd_logistics_event WHERE event_id = 2");
    Verification wrong = lake.verifier().verifyRun(run);
    assertThat(wrong.samples())
        .extracting(Sample::column, Sample::inTable, Sample::computed)
        .containsExactlyInAnyOrder(
            tuple("station", "wrong", "filled"), tuple("", "dt = 2026-06-18, event_id = 11", null));

    String undo = lake.runner().undo(run, LIMITS).id();
    assertRefused(ErrorCode.VERIFY_UNDO, () -> lake.verifier().verifyRun(undo));
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertRefused(ErrorCode.VERIFY_SOURCE_TABLE, () -> verify("ods_trade_order"));
    assertRefused(ErrorCode.DAY_INVALID, () -> verify(WIDE, "18.06.2026"));
    assertRefused(ErrorCode.RUN_UNKNOWN, () -> lake.verifier().verifyRun("no-such-run"));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Verification verify(String table, String... days) throws Exception {
    return lake.verifier().verify(table, List.of(days), Duration.ZERO);
  }

  private static void parcels(String... daysAndIds) throws Exception {
    lake.sql(
        """
        INSERT INTO ods_fulfillment_order (
          dt, fulfillment_id, business_line, direction, warehouse_id, carrier_id, status, parcel_amount, is_deleted,
          row_version)
        SELECT
          dt, id, 'domestic', 'outbound', 1, 5, 'accepted', CAST(10 AS DECIMAL(12, 2)), FALSE,
          REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3))
        FROM (VALUES %s) AS parcels (dt, id)
        """
            .formatted(String.join(", ", daysAndIds)));
  }
}
