/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ScratchFolder;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.paimon.Snapshot;
import org.apache.paimon.consumer.Consumer;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ReadBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance of real tables. */
class MaintenanceTest {

  private static final String SCANS = "ods_logistics_event";
  private static final String REGIONS = "dim_region";
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  /** The night after the tests, in which their day has closed. */
  private static final Instant TONIGHT =
      TODAY.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(600);

  @TempDir private Path folder;
  private LakeConfig config;
  private LakeCatalog catalog;
  private long version;

  @BeforeEach
  void createTables() {
    config = config(Map.of());
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private LakeConfig config(Map<String, String> overrides) {
    Map<String, String> all = new HashMap<>(overrides);
    all.put("table-options/snapshot.time-retained", "1 ms");
    all.put("table-options/snapshot.num-retained.min", "2");
    return LakeConfig.load(ProjectFile.find(), all).withWarehouse(folder.resolve("warehouse"));
  }

  @Test
  void expiresWhatWritersNeverDo() throws Exception {
    writeScans(6, "2026-06-18");
    assertThat(snapshots(SCANS)).isEqualTo(6);
    Map<String, Long> before = tree();

    MaintenanceReport.Table planned = plan(TONIGHT, SCANS);
    assertThat(tree()).as("a dry run changes nothing").isEqualTo(before);
    MaintenanceReport.Table done = run(TONIGHT, SCANS);

    assertThat(done).as("a dry run tells the truth").isEqualTo(planned);
    assertThat(done.snapshotsExpired()).isEqualTo(4);
    assertThat(done.tagsMade()).containsExactly("day-" + TODAY);
    assertThat(done.failure()).isEmpty();
    int made = 2; // the tag, and a hint where the snapshots begin
    assertThat(done.filesRemoved()).isEqualTo((long) before.size() + made - tree().size());
    assertThat(done.bytesRemoved()).isBetween(1L, sum(before) - 1);
    assertThat(snapshots(SCANS)).isEqualTo(2);
    assertThat(rows(catalog.table(SCANS))).hasSize(6);

    done = run(TONIGHT, SCANS);
    assertThat(done)
        .as("nothing is left to do")
        .isEqualTo(
            new MaintenanceReport.Table(
                SCANS, 0, List.of(), List.of(), List.of(), 0, 0, 0, List.of(), done.failure()));
    assertThat(done.failure()).isEmpty();
  }

  @Test
  void keepsTheLastStateOfEachClosedDayForAWhile() throws Exception {
    writeScans(2, "2026-06-18");
    List<String> then = rows(catalog.table(SCANS));
    run(TONIGHT, SCANS);
    assertThat(run(TONIGHT, REGIONS).tagsMade()).as("nothing was ever written").isEmpty();

    dropDay("2026-06-18");
    writeScans(6, "2026-06-18");
    run(TONIGHT.plusSeconds(1), SCANS);
    assertThat(rows(catalog.table(SCANS))).doesNotContainAnyElementsOf(then);
    assertThat(rows(tagged("day-" + TODAY))).isEqualTo(then);

    // The table rests: the next days end in the same state.
    assertThat(run(TONIGHT.plus(Duration.ofDays(13)), SCANS))
        .satisfies(
            table -> {
              assertThat(table.tagsMade()).containsExactly("day-" + TODAY.plusDays(13));
              assertThat(table.tagsRemoved()).isEmpty();
            });
    MaintenanceReport.Table planned = plan(TONIGHT.plus(Duration.ofDays(14)), SCANS);
    MaintenanceReport.Table done = run(TONIGHT.plus(Duration.ofDays(14)), SCANS);
    assertThat(done).isEqualTo(planned);
    assertThat(done.tagsRemoved()).containsExactly("day-" + TODAY);
    assertThat(done.filesRemoved()).as("files that only the tag had kept").isGreaterThan(2);
    assertThat(rows(catalog.table(SCANS))).hasSize(6);
  }

  @Test
  void doesNotTagADayOfWhichTheLastStateIsGone() throws Exception {
    writeScans(3, "2026-06-18");

    MaintenanceReport.Table done = run(Instant.now(), SCANS);
    assertThat(done.tagsMade()).isEmpty();
    assertThat(done.notes()).as("it held nothing yesterday").isEmpty();

    done = run(Instant.now(), SCANS);
    assertThat(done.tagsMade()).isEmpty();
    assertThat(done.notes())
        .singleElement()
        .asString()
        .startsWith("no day-" + TODAY.minusDays(1) + ": no snapshot from before midnight");
  }

  @Test
  void removesTagsWhoseTimeIsOver() throws Exception {
    writeScans(3, "2026-06-18");
    FileStoreTable table = catalog.table(SCANS);
    table.createTag("backfill-old", 1, Duration.ofHours(1));
    table.createTag("backfill-new", 2, Duration.ofDays(7));
    table.createTag("by-hand", 2, null);
    table.createTag("day-off", 2, null);

    assertThat(run(TONIGHT.plus(Duration.ofDays(1)), SCANS).tagsRemoved())
        .containsExactly("backfill-old");
    assertThat(table.tagManager().allTagNames())
        .containsExactlyInAnyOrder(
            "backfill-new", "by-hand", "day-off", "day-" + TODAY.plusDays(1));
    assertThat(rows(tagged("backfill-new"))).hasSize(2);
  }

  @Test
  void removesOldFilesThatNothingKnows() throws Exception {
    writeScans(2, "2026-06-18");
    Path location = folder.resolve("warehouse/lake.db").resolve(SCANS);
    Path orphan = file(location.resolve("dt=2026-06-18/bucket-0/data-orphan.parquet"));
    Path manifest = file(location.resolve("manifest/manifest-orphan"));
    Path fresh = file(location.resolve("dt=2026-06-18/bucket-0/data-fresh.parquet"));
    Files.setLastModifiedTime(fresh, FileTime.from(TONIGHT.minus(Duration.ofHours(20))));
    List<Path> others =
        List.of(
            file(location.resolve("metadata/v1.metadata.json")),
            file(location.resolve("metadata/snap-1.avro")),
            file(location.resolve("backfill-lock/2026-06-18")));

    assertThat(plan(TONIGHT, SCANS).orphansRemoved()).isEqualTo(2);
    assertThat(orphan).exists();
    MaintenanceReport.Table done = run(TONIGHT, SCANS);

    assertThat(done.orphansRemoved()).isEqualTo(2);
    assertThat(orphan).doesNotExist();
    assertThat(manifest).doesNotExist();
    assertThat(fresh).exists();
    assertThat(others).as("not Paimon's own").allMatch(Files::exists);
    assertThat(rows(catalog.table(SCANS))).hasSize(2);
  }

  @Test
  void dropsDetailsOfOldDaysOnly() throws Exception {
    config = config(Map.of("maintain/details-for", "100 d"));
    String old = TODAY.minusDays(100).toString();
    String kept = TODAY.minusDays(99).toString();
    writeScans(1, old);
    writeScans(2, kept);

    assertThat(plan(TONIGHT, SCANS).daysDropped()).containsExactly(old);
    assertThat(rows(catalog.table(SCANS))).hasSize(3);
    assertThat(run(TONIGHT, SCANS).daysDropped()).containsExactly(old);
    assertThat(rows(catalog.table(SCANS))).hasSize(2);
    assertThat(run(TONIGHT, SCANS).daysDropped()).isEmpty();
    assertThat(run(TONIGHT, "dwd_logistics_event").failure()).as("an empty table").isEmpty();

    KeptDays days = KeptDays.of(config);
    assertThat(days.firstAt(catalog.definition(SCANS), TONIGHT)).hasValue(kept);
    assertThat(days.firstAt(catalog.definition("dws_fulfillment_day"), TONIGHT)).isEmpty();
    assertThat(days.firstAt(catalog.definition(REGIONS), TONIGHT)).isEmpty();
    KeptDays own =
        KeptDays.of(
            config(
                Map.of(
                    "maintain/details-for",
                    "100 d",
                    "maintain/tables/" + SCANS + "/days-for",
                    "forever",
                    "maintain/tables/ads_trend_minute/days-for",
                    "99 d")));
    assertThat(own.firstAt(catalog.definition(SCANS), TONIGHT)).isEmpty();
    assertThat(own.firstAt(catalog.definition("ads_trend_minute"), TONIGHT))
        .hasValue(TODAY.minusDays(98).toString());
    assertThatThrownBy(() -> KeptDays.of(config(Map.of("maintain/details-for", "60 d"))))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.MAINTAIN_INVALID))
        .hasMessageContaining("open for 60 d");
  }

  @Test
  void daysEndAtMidnightOfTheBusinessTimeZone() throws Exception {
    config = config(Map.of("time-zone", "Asia/Shanghai"));
    ZoneId zone = ZoneId.of("Asia/Shanghai");
    writeScans(1, "2026-06-18");
    Snapshot last = catalog.table(SCANS).latestSnapshot().orElseThrow();
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(last.timeMillis()), zone);
    Instant midnight = day.plusDays(1).atStartOfDay(zone).toInstant();

    assertThat(run(midnight.minusSeconds(1), SCANS).tagsMade()).isEmpty();
    assertThat(run(midnight.plusSeconds(1), SCANS).tagsMade()).containsExactly("day-" + day);

    Instant kept = midnight.plus(Duration.ofDays(14)).minusSeconds(1);
    assertThat(run(kept, SCANS).tagsRemoved()).isEmpty();
    assertThat(run(kept.plusSeconds(2), SCANS).tagsRemoved()).containsExactly("day-" + day);

    KeptDays days =
        KeptDays.of(config(Map.of("time-zone", "Asia/Shanghai", "maintain/details-for", "100 d")));
    TableDefinition scans = catalog.definition(SCANS);
    assertThat(days.firstAt(scans, Instant.parse("2026-06-18T15:59:59Z"))).hasValue("2026-03-10");
    assertThat(days.firstAt(scans, Instant.parse("2026-06-18T16:00:00Z"))).hasValue("2026-03-11");
  }

  @Test
  void leavesWhatAReaderHasYetToRead() throws Exception {
    writeScans(6, "2026-06-18");
    catalog.table(SCANS).consumerManager().resetConsumer("slow", new Consumer(3));

    MaintenanceReport.Table done = run(TONIGHT, SCANS);

    assertThat(done.snapshotsExpired()).isEqualTo(2);
    assertThat(done.notes()).containsExactly("the consumer slow keeps all snapshots since 3");
  }

  @Test
  void aDamagedTableDoesNotStopTheOthers() throws Exception {
    writeScans(4, "2026-06-18");
    Files.writeString(
        folder.resolve("warehouse/lake.db").resolve(REGIONS).resolve("tag"), "no folder");
    PaimonRows.write(catalog.table(REGIONS), List.of(region()));

    MaintenanceReport report =
        new Maintenance(config, catalog, Clock.fixed(TONIGHT, ZoneOffset.UTC))
            .run(List.of(REGIONS, SCANS));

    assertThat(report.isComplete()).isFalse();
    assertThat(report.tables().get(0).failure()).isPresent();
    assertThat(report.tables().get(1).failure()).isEmpty();
    assertThat(report.tables().get(1).snapshotsExpired()).isEqualTo(2);
  }

  @Test
  void deletesScratchFoldersOfProcessesThatEnded() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path mine = ScratchFolder.create();
    Path abandoned =
        Files.createDirectories(
            mine.resolveSibling("tidelake-scratch-" + ended.pid() + "-1").resolve("lake.db"));
    try {
      MaintenanceReport report =
          new Maintenance(config, catalog, Clock.systemUTC()).run(List.of(REGIONS));

      assertThat(report.scratchFolders()).contains(abandoned.getParent().toString());
      assertThat(abandoned.getParent()).doesNotExist();
      assertThat(mine).exists();
    } finally {
      Files.delete(mine);
    }
  }

  private MaintenanceReport.Table run(Instant now, String table) {
    return new Maintenance(config, catalog, Clock.fixed(now, ZoneOffset.UTC))
        .run(List.of(table))
        .tables()
        .get(0);
  }

  private MaintenanceReport.Table plan(Instant now, String table) {
    return new Maintenance(config, catalog, Clock.fixed(now, ZoneOffset.UTC))
        .plan(List.of(table))
        .tables()
        .get(0);
  }

  private FileStoreTable tagged(String tag) {
    return catalog.table(SCANS).copy(Map.of("scan.tag-name", tag));
  }

  private void dropDay(String day) throws Exception {
    try (var commit = catalog.table(SCANS).newBatchWriteBuilder().newCommit()) {
      commit.truncatePartitions(List.of(Map.of("dt", day)));
    }
  }

  /** As many commits of one scan each. */
  private void writeScans(int count, String day) throws Exception {
    FileStoreTable table = catalog.table(SCANS);
    for (int i = 0; i < count; i++) {
      version++;
      GenericRow row = new GenericRow(table.rowType().getFieldCount());
      set(row, table, "dt", day);
      set(row, table, "fulfillment_id", 1L);
      set(row, table, "event_type", "outbound");
      set(row, table, "event_id", version);
      set(row, table, "is_deleted", false);
      set(row, table, "row_version", version);
      PaimonRows.write(table, List.of(row));
    }
  }

  private InternalRow region() {
    FileStoreTable table = catalog.table(REGIONS);
    GenericRow row = new GenericRow(table.rowType().getFieldCount());
    set(row, table, "region_id", 1);
    set(row, table, "is_deleted", false);
    set(row, table, "row_version", 1L);
    return row;
  }

  private static void set(GenericRow row, FileStoreTable table, String column, Object value) {
    int index = table.rowType().getFieldIndex(column);
    row.setField(index, PaimonRows.value(value, table.rowType().getTypeAt(index)));
  }

  /** Ids of the scans, those at level 0 too. */
  private static List<String> rows(FileStoreTable table) throws IOException {
    FileStoreTable merged = table.copy(Map.of("deletion-vectors.merge-on-read", "true"));
    ReadBuilder read =
        merged
            .newReadBuilder()
            .withProjection(new int[] {table.rowType().getFieldIndex("event_id")});
    List<String> ids = new ArrayList<>();
    try (RecordReader<InternalRow> reader = read.newRead().createReader(read.newScan().plan())) {
      reader.forEachRemaining(row -> ids.add(String.valueOf(row.getLong(0))));
    }
    return ids;
  }

  private long snapshots(String table) throws IOException {
    return catalog.table(table).snapshotManager().snapshotCount();
  }

  /** A file as a writer left it two days before tonight. */
  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "x");
    return Files.setLastModifiedTime(path, FileTime.from(TONIGHT.minus(2, ChronoUnit.DAYS)));
  }

  /** All files of the lake, and how long they are. */
  private Map<String, Long> tree() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(file.toString(), Files.size(file));
      }
    }
    return sizes;
  }

  private static long sum(Map<String, Long> sizes) {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
