/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import static io.tidelake.backfill.BackfillLake.AS_OF;
import static io.tidelake.backfill.BackfillLake.LIMITS;
import static io.tidelake.backfill.Scan.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.Scan;
import io.tidelake.backfill.ledger.PartitionLocks;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.model.Reject;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.ChangeCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.paimon.consumer.Consumer;
import org.apache.paimon.consumer.ConsumerManager;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots, limits, clocks, disks and locks that are not as they should be. */
class BadInputTest {

  private static final String TABLE = "dwd_logistics_event";
  private static final String DAY = "2026-06-18";

  private static BatchEngine engine;

  private final long seed = Long.getLong("lake.seed", new Random().nextLong());
  private final Random random = new Random(seed);

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
    lake = BackfillLake.create(folder.resolve("warehouse"), engine, TABLE);
    export = folder.resolve("export");
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  @Test
  void filesThatAreDamagedOrCutOffAreRejectedAsAWhole() throws Exception {
    System.out.printf("Replay with -Dlake.seed=%d%n", seed);
    Scan.write(file("part-0"), scan(1, "good"));
    for (int i = 1; i <= 2; i++) {
      Scan.write(file("part-" + i), many(i * 10_000, 3_000));
      byte[] bytes = Files.readAllBytes(file("part-" + i));
      // In a page of the stations: what comes after them are small pages and the footer.
      int at = bytes.length / 4 + random.nextInt(bytes.length / 2);
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file("part-" + i), bytes);
    }
    Scan.write(file("part-3"), many(50_000, 100));
    byte[] whole = Files.readAllBytes(file("part-3"));
    Files.write(file("part-3"), Arrays.copyOf(whole, 4 + random.nextInt(whole.length - 4)));

    BackfillRun run = lake.runner().run(fill(), LIMITS);

    assertThat(stations()).as("seed %d", seed).containsExactly("2026-06-18|1|good");
    Receipt receipt = lake.records().receipts(run.id()).get(0);
    assertThat(receipt.rejected()).isEqualTo(3);
    assertThat(receipt.counts().offered()).isEqualTo(1);
    assertThat(lake.records().rejects(run.id(), DAY))
        .extracting(reject -> Path.of(reject.sourceFile().orElseThrow()).getFileName().toString())
        .containsExactlyInAnyOrder("part-1.parquet", "part-2.parquet", "part-3.parquet");
    assertThat(lake.records().rejects(run.id(), DAY))
        .allSatisfy(reject -> assertThat(reject.reason()).isNotBlank());
  }

  @Test
  void filesWithOtherColumnsAreRejectedAndNamed() throws Exception {
    Scan.write(file("part-0"), scan(1, "good"));
    Scan.write(file("part-1"), scan(2, "good"));
    RowType other =
        RowType.builder()
            .field("event_id", DataTypes.STRING())
            .field("station", DataTypes.STRING())
            .build();
    BackfillLake.writeParquet(
        file("part-2"),
        other,
        List.of(GenericRow.of(BinaryString.fromString("x"), BinaryString.fromString("y"))));

    BackfillRun run = lake.runner().run(fill(), LIMITS);

    assertThat(stations()).hasSize(2);
    assertThat(lake.records().rejects(run.id(), DAY))
        .extracting(Reject::reason)
        .singleElement()
        .asString()
        .startsWith("has other columns than most files: event_id is STRING instead of BIGINT")
        .contains("is_deleted is missing");

    // All of its files: the mapping does not fit.
    Files.delete(file("part-0"));
    Files.delete(file("part-1"));
    assertRefused(ErrorCode.MAPPING_INVALID, "The snapshot has [event_id STRING", this::runFill);
    assertThat(lake.records().runs()).hasSize(1);
  }

  @Test
  void anEmptySnapshotIsRefused() throws Exception {
    Scan.write(file("part-0"));
    assertRefused(ErrorCode.SNAPSHOT_EMPTY, export.toString(), this::runFill);
    assertThat(lake.records().runs()).isEmpty();
  }

  @Test
  void aSnapshotThatLosesADayBeforeItsRunGoesOnIsRefused() throws Exception {
    Scan.write(file("part-0"), scan(1, "good"));
    Scan.write(export.resolve("dt=2026-06-19/part-0.parquet"), scan(2, "good"));
    String id = interrupted("another process", DAY, "2026-06-19");
    Files.delete(export.resolve("dt=2026-06-19/part-0.parquet"));
    lake.runner().abandonByForce(id);

    assertRefused(
        ErrorCode.DAYS_MISSING, "no rows of 2026-06-19", () -> lake.runner().resume(id, LIMITS));

    assertThat(stations()).isEmpty();
    Scan.write(export.resolve("dt=2026-06-19/part-0.parquet"), scan(2, "good"));
    assertThat(lake.runner().resume(id, LIMITS).state()).isEqualTo(BackfillRun.State.done);
    assertThat(stations()).hasSize(2);
  }

  @Test
  void aTableWithoutPartitionsTakesTheFilesOfAllFolders() throws Exception {
    RowType type =
        RowType.builder()
            .field("carrier_id", DataTypes.INT())
            .field("carrier_name", DataTypes.STRING())
            .field("service_level", DataTypes.STRING())
            .field("updated_at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
            .field("is_deleted", DataTypes.BOOLEAN())
            .build();
    for (int id = 1; id <= 2; id++) {
      BackfillLake.writeParquet(
          export.resolve("dt=2026-06-1" + id).resolve("part-0.parquet"),
          type,
          List.of(GenericRow.of(id, BinaryString.fromString("C" + id), null, null, false)));
    }

    try (BackfillLake whole = BackfillLake.createWhole(folder.resolve("whole"), engine)) {
      BackfillRun run =
          whole
              .runner()
              .run(BackfillLake.request("dim_carrier", BackfillMode.FILL, export), LIMITS);

      assertThat(whole.query("SELECT carrier_id, carrier_name FROM dim_carrier"))
          .containsExactly("1|C1", "2|C2");
      assertThat(whole.records().receipts(run.id()).get(0).counts().inserted()).isEqualTo(2);
    }
  }

  @Test
  void aWrongDurationIsRefusedBeforeAnythingIsWritten() {
    assertRefused(
        ErrorCode.CONFIG_INVALID,
        "'backfill/undo-for' is 'a week'",
        () ->
            new BackfillRunner(
                LakeConfig.load(ProjectFile.find(), Map.of("backfill/undo-for", "a week"))
                    .withWarehouse(folder.resolve("warehouse")),
                lake.catalog(),
                engine,
                BackfillProgress.NONE));
  }

  @Test
  void rejectsOfAllFilesOfADayCountTogether() throws Exception {
    for (int i = 0; i < 3; i++) {
      Scan.write(file("part-" + i), scan(i, "good"), scan(null, "no key " + i));
    }
    Files.writeString(file("part-3"), "not Parquet");

    assertRefused(
        ErrorCode.REJECT_LIMIT,
        "event_id is NULL",
        () -> lake.runner().run(fill(), new BackfillLimits(2, 0, 3)));
    assertRefused(
        ErrorCode.REJECT_LIMIT,
        "not a whole Parquet file",
        () -> lake.runner().run(fill(), new BackfillLimits(2, 0, 0)));
    assertThat(stations()).isEmpty();
    assertThat(lake.runner().run(fill(), new BackfillLimits(2, 0, 4)).state())
        .isEqualTo(BackfillRun.State.done);
    assertThat(stations()).hasSize(3);
  }

  @Tag("soak")
  @Test
  void rowsPassAtTheGivenRateOverAllDays() throws Exception {
    Scan.write(file("part-0"), many(0, 40));
    Scan.write(export.resolve("dt=2026-06-19/part-0.parquet"), many(100, 40));

    BackfillRun run = lake.runner().run(fill(), new BackfillLimits(4, 16, 0));

    // 40 rows at 8 rows/s each, since two days are written at a time.
    assertThat(lake.records().receipts(run.id()))
        .extracting(Receipt::durationMillis)
        .allMatch(millis -> millis >= 39 * 1000 / 8);
  }

  @Test
  void locksThatNobodyWouldGiveBackAreTakenOver() throws Exception {
    Scan.write(file("part-0"), scan(1, "good"));
    FileStoreTable table = lake.catalog().table(TABLE);
    // Killed before it was recorded.
    String unrecorded = "20260101-000000000-" + TABLE;
    writeLock(DAY, unrecorded, endedProcess(), PartitionLocks.host());
    ConsumerManager consumers = new ConsumerManager(table.fileIO(), table.location());
    consumers.resetConsumer(unrecorded, new Consumer(1));

    BackfillRun run = lake.runner().run(fill(), LIMITS);

    assertThat(run.state()).isEqualTo(BackfillRun.State.done);
    assertThat(consumers.listAllIds()).isEmpty();
    // Killed after it was done.
    writeLock(DAY, run.id(), endedProcess(), PartitionLocks.host());
    assertThat(lake.runner().run(fill(), LIMITS).state()).isEqualTo(BackfillRun.State.done);
    // Its process is unknown: it may be at work.
    writeLock(DAY, unrecorded, endedProcess(), "elsewhere");
    assertRefused(ErrorCode.PARTITION_LOCKED, "on elsewhere", this::runFill);
  }

  @Test
  void aRunOfAnotherMachineIsGivenUpByForceOnly() throws Exception {
    Scan.write(file("part-0"), scan(1, "good"));
    String id = interrupted("elsewhere", DAY);

    assertThatThrownBy(() -> lake.runner().abandon(id))
        .isInstanceOfSatisfying(
            LakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_LOCKED);
              assertThat(e.remedy()).contains("lake backfill abandon " + id + " --force");
            });
    assertRefused(ErrorCode.PARTITION_LOCKED, id, () -> lake.runner().resume(id, LIMITS));

    BackfillRun abandoned = lake.runner().abandonByForce(id);

    assertThat(abandoned.state()).isEqualTo(BackfillRun.State.failed);
    assertThat(abandoned.message()).contains("abandoned");
    assertThat(lake.runner().resume(id, LIMITS).state()).isEqualTo(BackfillRun.State.done);
    assertThat(stations()).containsExactly("2026-06-18|1|good");
  }

  @Test
  void aProcessWhoseRunWasGivenUpStopsBeforeItsNextDay() throws Exception {
    PartitionLocks locks = new PartitionLocks(lake.catalog().table(TABLE), "run");
    locks.acquire(List.of(DAY), run -> true);
    locks.checkHeld(DAY);
    writeLock(DAY, "run", 1, "elsewhere");

    assertRefused(ErrorCode.LOCK_LOST, "given the run run up", () -> locks.checkHeld(DAY));
    locks.release(List.of(DAY));
    assertThat(lockFile(DAY)).as("the lock of the other process").exists();
  }

  @Test
  void undosAreInOrderWhenTheClockWasSetBack() {
    Instant start = Instant.parse("2026-06-20T12:00:00Z");
    BackfillRun backfill = run("backfill", 0, Optional.empty(), start);
    BackfillRun undo = run("undo", 1, Optional.of("backfill"), start.plusSeconds(60));
    BackfillRun broughtBack = run("again", 2, Optional.of("undo"), start.minusSeconds(3600));
    for (BackfillRun run : List.of(backfill, undo, broughtBack)) {
      lake.records().save(run);
      lake.records().save(new Receipt(run.id(), TABLE, DAY, 1, 2, ChangeCounts.NONE, 0, start, 1));
    }

    assertThat(RunHistory.of(lake.records(), TABLE).isUndone(backfill, DAY)).isFalse();
  }

  @Tag("soak")
  @Test
  void aFullDiskFailsTheRunAndNothingOfTheDayIsVisible() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeTrue(
        isRoot() && command("mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", disk.toString()),
        "only root can mount a small disk");
    try (BackfillLake small = BackfillLake.create(disk.resolve("warehouse"), engine, TABLE)) {
      Scan.write(file("part-0"), many(0, 60_000));
      Scan.write(export.resolve("dt=2026-06-17/part-0.parquet"), scan(1, "fits"));

      assertRefused(
          ErrorCode.BACKFILL_FAILED,
          "the disk of " + disk.resolve("warehouse") + " has ",
          () -> small.runner().run(fill(), new BackfillLimits(1, 0, 0)));

      assertThat(small.query("SELECT dt, event_id, station FROM " + TABLE))
          .containsExactly("2026-06-17|1|fits");
      assertThat(command("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
      BackfillRun failed = small.records().runs().get(0);
      assertThat(small.runner().resume(failed.id(), LIMITS).state())
          .isEqualTo(BackfillRun.State.done);
      assertThat(small.query("SELECT COUNT(*) FROM " + TABLE)).containsExactly("60001");
    } finally {
      assertThat(command("umount", disk.toString())).isTrue();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static boolean command(String... words) throws Exception {
    return new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
  }

  private static long endedProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  /** A run that was interrupted in its first day. */
  private String interrupted(String host, String... days) throws Exception {
    BackfillRun run = run("20260620-000000000-" + TABLE, 0, Optional.empty(), AS_OF, days);
    lake.records().save(run);
    for (String day : days) {
      writeLock(day, run.id(), 1, host);
    }
    return run.id();
  }

  private BackfillRun run(
      String id, int attempt, Optional<String> undone, Instant startedAt, String... days) {
    BackfillRequest request = fill();
    return BackfillRun.started(
        id,
        TABLE,
        BackfillMode.FILL,
        BackfillMode.FILL.version(Backfill.checkAsOf(AS_OF), attempt),
        request.mapping().toString(),
        request.input(),
        undone,
        days.length == 0 ? List.of(DAY) : List.of(days),
        "someone@somewhere",
        startedAt);
  }

  private void writeLock(String day, String run, long process, String host) throws Exception {
    Files.createDirectories(lockFile(day).getParent());
    Files.writeString(lockFile(day), run + "\t" + process + "\t" + host);
  }

  private Path lockFile(String day) {
    return Path.of(lake.catalog().table(TABLE).location().toUri().getPath())
        .resolve("backfill-lock")
        .resolve(day);
  }

  private Scan[] many(int firstId, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> scan(firstId + i, hex() + hex() + hex()))
        .toArray(Scan[]::new);
  }

  private String hex() {
    return Long.toHexString(random.nextLong());
  }

  private Path file(String name) {
    return export.resolve("dt=" + DAY).resolve(name + ".parquet");
  }

  private BackfillRequest fill() {
    return BackfillLake.request(TABLE, BackfillMode.FILL, export);
  }

  private void runFill() throws InterruptedException {
    lake.runner().run(fill(), LIMITS);
  }

  private static void assertRefused(ErrorCode code, String message, ThrowingCallable what) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private List<String> stations() throws Exception {
    return lake.query("SELECT dt, event_id, station FROM " + TABLE);
  }
}
