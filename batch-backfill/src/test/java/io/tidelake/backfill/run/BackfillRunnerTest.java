/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import static io.tidelake.backfill.BackfillLake.AS_OF;
import static io.tidelake.backfill.BackfillLake.LIMITS;
import static io.tidelake.backfill.Scan.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.Scan;
import io.tidelake.backfill.ledger.PartitionLocks;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.model.Reject;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.ChangeCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillRunnerTest {

  private static final String DAY = "2026-06-18";

  private static BatchEngine engine;

  @TempDir private Path folder;
  private BackfillLake lake;
  private Path export;

  @BeforeAll
  static void startEngine() {
    engine = BatchEngine.embedded(4);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void createLake() {
    lake =
        BackfillLake.create(
            folder.resolve("warehouse"), engine, "dwd_logistics_event", "ads_overview");
    export = folder.resolve("export");
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  @Test
  void fillsWhatRealTimeNeverDelivered() throws Exception {
    realTime("(1, 'kept')", "(2, 'same')");
    export(DAY, scan(1, "older"), scan(2, "same"), scan(3, "filled"));
    export("2026-06-19", scan(4, "next day"));

    BackfillRun run = lake.runner().run(fill(), LIMITS);

    assertThat(run.state()).isEqualTo(BackfillRun.State.done);
    assertThat(stations())
        .containsExactly(
            "2026-06-18|1|kept",
            "2026-06-18|2|same",
            "2026-06-18|3|filled",
            "2026-06-19|4|next day");
    List<Receipt> receipts = lake.records().receipts(run.id());
    assertThat(receipts).extracting(Receipt::dt).containsExactly(DAY, "2026-06-19");
    ChangeCounts counts = receipts.get(0).counts();
    assertThat(counts)
        .usingRecursiveComparison()
        .ignoringFields("checksum")
        .isEqualTo(
            new ChangeCounts(
                3, 1, 0, 1, 1, 0, Map.of("row_version", 1L), Map.of("row_version", 1L), 0));
    assertThat(receipts.get(0).snapshotAfter()).isEqualTo(receipts.get(0).snapshotBefore() + 1);
    assertThat(receipts.get(1).counts().inserted()).isEqualTo(1);
  }

  @Test
  void correctsEverythingUpToItsInstant() throws Exception {
    realTime("(1, 'wrong')");
    lake.sql(
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) VALUES ('2026-06-18', 2, 'later', false, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1792000000000, 3)))");
    export(DAY, scan(1, "right"), scan(2, "too early"));

    BackfillRun run =
        lake.runner()
            .run(BackfillLake.request("dwd_logistics_event", BackfillMode.CORRECT, export), LIMITS);

    assertThat(stations()).containsExactly("2026-06-18|1|right", "2026-06-18|2|later");
    ChangeCounts counts = lake.records().receipts(run.id()).get(0).counts();
    assertThat(counts.changed()).isEqualTo(1);
    assertThat(counts.replacedRealTime()).isEqualTo(1);
    assertThat(counts.refused()).isEqualTo(1);
  }

  @Test
  void aLaterAttemptWinsOverAnEarlierOne() throws Exception {
    export(DAY, scan(1, "first"));
    BackfillRun first = lake.runner().run(fill(), LIMITS);
    export(DAY, scan(1, "second"));
    BackfillRun second = lake.runner().run(fill(), LIMITS);

    assertThat(second.version()).isEqualTo(first.version() + 1);
    assertThat(stations()).containsExactly("2026-06-18|1|second");
    assertThat(lake.records().receipts(second.id()).get(0).counts().changed()).isEqualTo(1);
  }

  @Test
  void rejectsRowsAndFilesThatDoNotFit() throws Exception {
    export(DAY, scan(1, "good"), scan(null, "no key"), scan(3, "too late").withDelay(1L << 40));
    Files.writeString(export.resolve("dt=2026-06-18/part-1.parquet"), "not Parquet at all");

    BackfillRun run = lake.runner().run(fill(), LIMITS);

    assertThat(stations()).containsExactly("2026-06-18|1|good");
    assertThat(lake.records().receipts(run.id()).get(0).rejected()).isEqualTo(3);
    assertThat(lake.records().rejects(run.id(), DAY))
        .extracting(Reject::reason)
        .anySatisfy(reason -> assertThat(reason).isEqualTo("event_id is NULL"))
        .anySatisfy(
            reason ->
                assertThat(reason)
                    .isEqualTo("report_delay_seconds is 1099511627776, which does not fit INT"))
        .anySatisfy(reason -> assertThat(reason).startsWith("not a whole Parquet file: "));
    assertThat(lake.records().rejects(run.id(), DAY))
        .allSatisfy(reject -> assertThat(reject.sourceFile().orElseThrow()).contains("part-"));
  }

  @Test
  void tooManyRejectsWriteNothing() throws Exception {
    export(DAY, scan(1, "good"), scan(null, "a"), scan(null, "b"), scan(null, "c"));

    assertThatThrownBy(() -> lake.runner().run(fill(), new BackfillLimits(1, 0, 2)))
        .isInstanceOfSatisfying(
            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REJECT_LIMIT))
        .hasMessageContaining("event_id is NULL");
    assertThat(stations()).isEmpty();
    BackfillRun failed = lake.records().runs().get(0);
    assertThat(failed.state()).isEqualTo(BackfillRun.State.failed);

    BackfillRun resumed = lake.runner().resume(failed.id(), LIMITS);
    assertThat(resumed.state()).isEqualTo(BackfillRun.State.done);
    assertThat(stations()).containsExactly("2026-06-18|1|good");
  }

  @Test
  void aPartitionIsWrittenByOneRunAtATime() throws Exception {
    export(DAY, scan(1, "good"));
    PartitionLocks other =
        new PartitionLocks(lake.catalog().table("dwd_logistics_event"), "other-run");
    other.acquire(List.of("2026-06-17", DAY), run -> true);

    assertThatThrownBy(() -> lake.runner().run(fill(), LIMITS))
        .isInstanceOfSatisfying(
            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_LOCKED))
        .hasMessageContaining("other-run");
    assertThat(lake.records().runs()).isEmpty();

    other.release(List.of("2026-06-17", DAY));
    assertThat(lake.runner().run(fill(), LIMITS).state()).isEqualTo(BackfillRun.State.done);
  }

  @Test
  void refusesWhatItCannotUnderstand() throws Exception {
    export(DAY, scan(1, "good"));
    assertRefused(ErrorCode.DAYS_MISSING, request -> withDays(request, DAY, "2026-06-19"));
    assertRefused(ErrorCode.DAY_INVALID, request -> withDays(request, "18.06.2026"));
    assertRefused(
        ErrorCode.AS_OF_IN_FUTURE,
        request ->
            new BackfillRequest(
                request.target(),
                request.mode(),
                Instant.now().plusSeconds(3600),
                request.input(),
                request.mapping(),
                List.of()));
    assertRefused(
        ErrorCode.MAPPING_UNKNOWN, request -> withMapping(request, folder.resolve("none.sql")));
    Path wrong = folder.resolve("wrong.sql");
    Files.writeString(wrong, "SELECT dt, event_no FROM snapshot");
    assertRefused(ErrorCode.MAPPING_INVALID, request -> withMapping(request, wrong));
    Files.writeString(
        wrong, "SELECT dt, event_id, CAST(${version} AS BIGINT) AS row_version FROM snapshot");
    assertRefused(ErrorCode.MAPPING_INVALID, request -> withMapping(request, wrong));
    assertRefused(
        ErrorCode.SNAPSHOT_UNREADABLE,
        request ->
            BackfillLake.request(
                "dwd_logistics_event", BackfillMode.FILL, folder.resolve("nothing")));
    assertRefused(
        ErrorCode.BACKFILL_TARGET_WITHOUT_VERSIONS,
        request ->
            new BackfillRequest(
                "ads_overview",
                request.mode(),
                AS_OF,
                request.input(),
                request.mapping(),
                List.of()));
    assertThat(stations()).isEmpty();
  }

  @Test
  void takesTablesAndQueriesAsSnapshots() throws Exception {
    realTime("(1, 'from the table')");
    lake.catalog().table("dwd_logistics_event").createTag("yesterday");
    realTime("(2, 'after the tag')");
    Path query = folder.resolve("query.sql");
    Files.writeString(
        query,
        "CREATE TEMPORARY VIEW twice AS SELECT * FROM dwd_logistics_event;\n"
            + "SELECT '2026-06-19' AS dt, event_id + 10 AS event_id, station, is_deleted FROM twice;");
    Path mapping = folder.resolve("mapping.sql");
    Files.writeString(
        mapping,
        "SELECT dt, event_id + 100 AS event_id, station, is_deleted, CAST(${version} AS BIGINT) AS row_version, source_file FROM snapshot");

    for (String input : List.of("table:dwd_logistics_event@yesterday", "query:" + query)) {
      lake.runner()
          .run(
              new BackfillRequest(
                  "dwd_logistics_event", BackfillMode.FILL, AS_OF, input, mapping, List.of()),
              LIMITS);
    }

    assertThat(stations())
        .containsExactly(
            "2026-06-18|101|from the table",
            "2026-06-18|1|from the table",
            "2026-06-18|2|after the tag",
            "2026-06-19|111|from the table",
            "2026-06-19|112|after the tag",
            "2026-06-19|211|from the table");
  }

  private void assertRefused(ErrorCode code, UnaryOperator<BackfillRequest> change) {
    assertThatThrownBy(() -> lake.runner().run(change.apply(fill()), LIMITS))
        .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(lake.records().runs()).isEmpty();
  }

  private static BackfillRequest withDays(BackfillRequest request, String... days) {
    return new BackfillRequest(
        request.target(),
        request.mode(),
        request.asOf(),
        request.input(),
        request.mapping(),
        List.of(days));
  }

  private static BackfillRequest withMapping(BackfillRequest request, Path mapping) {
    return new BackfillRequest(
        request.target(), request.mode(), request.asOf(), request.input(), mapping, request.days());
  }

  private BackfillRequest fill() {
    return BackfillLake.request("dwd_logistics_event", BackfillMode.FILL, export);
  }

  private void realTime(String... idsAndStations) throws Exception {
    lake.sql(
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) SELECT '2026-06-18', id, station, false, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3)) FROM (VALUES "
            + String.join(", ", idsAndStations)
            + ") AS rows_ (id, station)");
  }

  private List<String> stations() throws Exception {
    return lake.query("SELECT dt, event_id, station FROM dwd_logistics_event");
  }

  private void export(String day, Scan... scans) throws Exception {
    Scan.write(export.resolve("dt=" + day + "/part-0.parquet"), scans);
  }
}
