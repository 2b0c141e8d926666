/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.view.View;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataTypes;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Paimon tables, published and read back with Iceberg's own Java reader. */
class PublisherTest {

  private static final String TABLE = "dwd_parcel";

  @TempDir private Path folder;
  private PublishedLake lake;

  @BeforeEach
  void open() throws Exception {
    lake = new PublishedLake(folder);
  }

  @AfterEach
  void close() throws Exception {
    lake.close();
  }

  @Test
  void showsEveryType() throws Exception {
    FileStoreTable table =
        lake.create(
            TABLE,
            PublishedLake.everyType().primaryKey("dt", "id").partitionKeys("dt"),
            Map.of("bucket", "1", "merge-engine", "deduplicate", "sequence.field", "version"));
    List<GenericRow> rows = new ArrayList<>();
    for (long id = 0; id < 20; id++) {
      rows.add(PublishedLake.row(table, everyValue("2026-06-1" + id % 3, id, id)));
    }
    rows.add(PublishedLake.row(table, Map.of("dt", "2026-06-10", "id", 100L)));
    lake.write(table, rows);
    lake.compact(table, false);
    lake.write(table, List.of(PublishedLake.row(table, everyValue("2026-06-10", 3, 77))));
    lake.compact(table, false);

    lake.publish();

    assertThat(lake.icebergRows(TABLE)).isEqualTo(lake.paimonRows(TABLE)).hasSize(21);
  }

  @Test
  void copiesNoDataAndNamesTheSnapshot() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 10);
    lake.publish();
    writeAndCompact(table, 5, 10);
    lake.write(table, parcels(table, 100, 3));

    try (Publisher publisher = lake.publisher()) {
      publisher.publishOnce();
      long first = lake.icebergTable(TABLE).currentSnapshot().snapshotId();
      writeAndCompact(table, 12, 10);
      publisher.publishOnce();

      Snapshot shown = lake.icebergTable(TABLE).currentSnapshot();
      assertThat(shown.parentId()).as("one commit").isEqualTo(first);
      assertThat(shown.summary())
          .containsEntry("paimon.snapshot-id", "" + table.latestSnapshot().orElseThrow().id());
      publisher.publishOnce();
      assertThat(lake.icebergTable(TABLE).currentSnapshot()).isEqualTo(shown);
    }
    assertSame();
    assertThat(locations())
        .allMatch(file -> file.startsWith("file://" + table.location().toUri().getPath()));
  }

  @Test
  void doesNotShowLevelZero() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    lake.write(table, parcels(table, 0, 5));
    lake.publish();
    assertThat(lake.icebergRows(TABLE)).isEmpty();

    lake.compact(table, false);
    lake.publish();
    assertThat(lake.icebergRows(TABLE)).hasSize(5);
    assertSame();
  }

  @Test
  void mergesTheRowsOfTablesWithoutVectors() throws Exception {
    FileStoreTable table =
        createParcels(Map.of("deletion-vectors.enabled", "false", "changelog-producer", "lookup"));
    writeAndCompact(table, 0, 10);
    lake.write(table, parcels(table, 5, 10));
    lake.delete(table, parcels(table, 0, 3));
    lake.publish();

    assertThat(lake.icebergRows(TABLE)).hasSize(12);
    assertSame();
    assertThat(locations()).allMatch(file -> file.contains("/iceberg/lake/" + TABLE + "/"));

    lake.compact(table, true);
    lake.publish();
    assertSame();
    assertThat(locations()).as("one sorted run").noneMatch(file -> file.contains("/iceberg/"));
  }

  @Test
  void followsTheSchema() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 6);
    lake.publish();
    int id = lake.icebergTable(TABLE).schema().findField("name").fieldId();

    lake.alter(
        TABLE,
        SchemaChange.renameColumn("name", "label"),
        SchemaChange.addColumn(
            "weight", DataTypes.INT(), "Grams", SchemaChange.Move.first("weight")),
        SchemaChange.updateColumnType("number", DataTypes.BIGINT()));
    lake.publish();
    assertSame();
    Schema schema = lake.icebergTable(TABLE).schema();
    assertThat(schema.findField("label").fieldId()).isEqualTo(id);
    assertThat(schema.findField("weight").doc()).isEqualTo("Grams");

    table = lake.table(TABLE);
    lake.write(
        table,
        List.of(
            PublishedLake.row(
                table, Map.of("dt", DAY, "id", 2L, "weight", 7, "number", 5_000_000_000L))));
    lake.compact(table, false);
    lake.alter(TABLE, SchemaChange.dropColumn("label"));
    lake.publish();
    assertSame();

    // Iceberg has no promotion from a number to a text: such files are written again.
    lake.alter(TABLE, SchemaChange.updateColumnType("weight", DataTypes.STRING()));
    lake.publish();
    assertSame();
  }

  @Test
  void followsWhatHappensToPartitionsAndTables() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 10);
    String otherDay = "2026-06-19";
    lake.write(table, parcels(table, otherDay, 50, 4));
    lake.compact(table, false);
    try (Publisher publisher = lake.publisher()) {
      publisher.publishOnce();
      assertSame();

      lake.dropPartition(table, Map.of("dt", otherDay));
      publisher.publishOnce();
      assertThat(lake.icebergRows(TABLE)).hasSize(10);

      lake.overwrite(table, Map.of("dt", DAY), parcels(table, 70, 2));
      publisher.publishOnce();
      assertSame();
      lake.compact(table, false);
      publisher.publishOnce();
      assertThat(lake.icebergRows(TABLE)).hasSize(2);

      table.rollbackTo(2);
      publisher.publishOnce();
      assertThat(lake.icebergRows(TABLE)).hasSize(10);
      assertSame();

      lake.drop(TABLE);
      table = createParcels(Map.of());
      writeAndCompact(table, 3, 4);
      publisher.publishOnce();
      assertThat(lake.icebergRows(TABLE)).hasSize(4);
      assertSame();

      lake.drop(TABLE);
      publisher.publishOnce();
      assertThat(lake.iceberg().tableNames()).isEmpty();
    }
  }

  @Test
  void dropsWhatWasDroppedWhileItDidNotRun() throws Exception {
    writeAndCompact(createParcels(Map.of()), 0, 2);
    lake.publish();
    lake.drop(TABLE);
    lake.publish();
    assertThat(lake.iceberg().tableNames()).isEmpty();
    assertThat(folder.resolve("warehouse/iceberg/lake/" + TABLE)).doesNotExist();
  }

  @Test
  void showsTags() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 3);
    table.createTag("first");
    writeAndCompact(table, 2, 3);
    table.createTag("backfill-hidden");
    lake.publish();
    assertThat(lake.icebergRowsOfTag(TABLE, "first")).hasSize(3);
    assertThat(lake.icebergTable(TABLE).refs()).containsOnlyKeys("main", "first");
    assertSame();

    table.deleteTag("first");
    table.createTag("first");
    table.createTag("second", 2);
    writeAndCompact(table, 9, 1);
    lake.publish();
    assertThat(lake.icebergRowsOfTag(TABLE, "first")).hasSize(5);
    assertThat(lake.icebergRowsOfTag(TABLE, "second")).hasSize(3);
    assertSame();

    table.deleteTag("first");
    table.deleteTag("second");
    lake.publish();
    assertThat(lake.icebergTable(TABLE).refs()).containsOnlyKeys("main");
  }

  @Test
  void carriesStatisticsOver() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 5);
    lake.write(table, parcels(table, "2026-06-19", 1000, 5));
    lake.compact(table, false);
    lake.publish();

    Table shown = lake.icebergTable(TABLE);
    assertThat(files(shown.newScan().filter(Expressions.equal("id", 3L)))).hasSize(1);
    assertThat(files(shown.newScan().filter(Expressions.greaterThan("number", 2_000_000))))
        .isEmpty();
    assertThat(files(shown.newScan().filter(Expressions.notNull("flag")))).isEmpty();
    assertThat(files(shown.newScan().filter(Expressions.isNull("name")))).isEmpty();
    assertThat(files(shown.newScan().filter(Expressions.equal("dt", DAY)))).hasSize(1);
    assertThat(files(shown.newScan())).hasSize(2);
  }

  @Test
  void keepsFilesFromExpiry() throws Exception {
    FileStoreTable table =
        createParcels(Map.of("snapshot.num-retained.min", "1", "snapshot.num-retained.max", "1"));
    try (PublishedLake hasty = new PublishedLake(folder, Map.of("publisher/keep-for", "100 ms"))) {
      writeAndCompact(table, 0, 5);
      lake.publish();
      List<String> shown = lake.icebergRows(TABLE);
      Table before = lake.icebergTable(TABLE);
      for (int i = 0; i < 5; i++) {
        writeAndCompact(table, i, 5);
      }
      assertThat(lake.icebergRows(before)).as("no publisher runs").isEqualTo(shown);

      try (Publisher publisher = hasty.publisher()) {
        publisher.publishOnce();
        assertThat(lake.icebergRows(before)).as("just replaced").isEqualTo(shown);
        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () -> {
                  publisher.publishOnce();
                  writeAndCompact(table, 0, 5);
                  assertThat(table.snapshotManager().earliestSnapshotId()).isGreaterThan(9);
                });
        publisher.publishOnce();
      }
      assertSame();
    }
  }

  @Test
  void keepsIcebergsMetadataSmall() throws Exception {
    FileStoreTable table = createParcels(Map.of("deletion-vectors.enabled", "false"));
    try (PublishedLake hasty = new PublishedLake(folder, Map.of("publisher/keep-for", "50 ms"));
        Publisher publisher = hasty.publisher()) {
      for (int i = 0; i < 30; i++) {
        lake.write(table, parcels(table, i, 3));
        publisher.publishOnce();
      }
      TableMetadata metadata = lake.icebergMetadata(TABLE);
      assertThat(metadata.snapshots()).hasSizeLessThan(25);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                publisher.publishOnce();
                assertThat(writtenFiles()).hasSizeLessThan(130);
              });
    }
    assertSame();
  }

  private List<Path> writtenFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("warehouse/iceberg/lake"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void reportsWhatItCannotPublishAndPublishesTheOthers() throws Exception {
    lake.create(
        "dwd_odd",
        org.apache.paimon.schema.Schema.newBuilder()
            .column("id", DataTypes.BIGINT().notNull())
            .column("at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3))
            .column("exact", DataTypes.TIMESTAMP(9))
            .primaryKey("id"),
        Map.of("bucket", "1", "file.format.per.level", ""));
    writeAndCompact(createParcels(Map.of()), 0, 4);

    try (Publisher publisher = lake.publisher()) {
      PublishedTable odd = one(publisher.publishOnce(), "dwd_odd");
      assertThat(odd.code()).isEqualTo("TABLE_NOT_PUBLISHABLE");
      assertThat(odd.message())
          .contains("at TIMESTAMP(3) WITH LOCAL TIME ZONE", "exact TIMESTAMP(9)");
    }
    assertSame();
    PublisherStatus status = Publisher.status(lake.config());
    assertThat(one(status.tables(), "dwd_odd").code()).isEqualTo("TABLE_NOT_PUBLISHABLE");
    assertThat(one(status.tables(), TABLE).isUpToDate()).isTrue();
    assertThat(status.publisher()).contains("process " + ProcessHandle.current().pid());
  }

  private static PublishedTable one(List<PublishedTable> tables, String name) {
    return tables.stream().filter(table -> table.table().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void makesIcebergsMetadataAnewWhenItIsDamaged() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 4);
    lake.publish();

    Files.delete(metadataFile());
    lake.publish();
    assertSame();

    truncate(metadataFile());
    lake.publish();
    assertSame();

    for (ManifestFile manifest : manifests()) {
      truncate(path(manifest.path()));
    }
    lake.publish();
    assertSame();

    Files.delete(path(lake.icebergTable(TABLE).currentSnapshot().manifestListLocation()));
    lake.publish();
    assertSame();

    LateClock clock = new LateClock();
    try (Publisher publisher = Publisher.open(lake.config(), event -> {}, clock)) {
      publisher.publishOnce();
      for (ManifestFile manifest : manifests()) {
        Files.delete(path(manifest.path()));
      }
      clock.late = Duration.ofMinutes(2);
      publisher.publishOnce();
      assertSame();
    }
  }

  /** A clock that can be set forward. */
  private static final class LateClock extends Clock {

    private Duration late = Duration.ZERO;

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(late);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private List<ManifestFile> manifests() {
    Table table = lake.icebergTable(TABLE);
    return table.currentSnapshot().allManifests(table.io());
  }

  private Path metadataFile() {
    return path(lake.icebergMetadata(TABLE).metadataFileLocation());
  }

  private static Path path(String location) {
    return Path.of(location.substring("file://".length()));
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  @Test
  void sendsNoReaderToDamagedFiles() throws Exception {
    FileStoreTable table = createParcels(Map.of());
    writeAndCompact(table, 0, 4);
    lake.publish();
    List<String> shown = lake.icebergRows(TABLE);
    List<String> before = locations();
    Path copy = folder.resolve("copy");

    writeAndCompact(table, 2, 4);
    for (Path file : filesOf(table, "data-", ".parquet")) {
      if (!before.contains("file://" + file)) {
        refused(file, copy, "DATA_FILE_DAMAGED");
      }
    }
    for (Path index : filesOf(table, "index-", "")) {
      refused(index, copy, "DATA_FILE_DAMAGED");
    }
    for (Path manifest : filesOf(table, "manifest-", "")) {
      if (manifest
          .getFileName()
          .toString()
          .equals(table.latestSnapshot().orElseThrow().deltaManifestList())) {
        refused(manifest, copy, "PUBLICATION_FAILED");
      }
    }
    assertThat(lake.icebergRows(TABLE)).isEqualTo(shown);

    lake.publish();
    assertSame();
  }

  /** Half of a file must not be published; the whole file is there again afterwards. */
  private void refused(Path file, Path copy, String code) throws Exception {
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    truncate(file);
    try (Publisher publisher = lake.publisher()) {
      assertThat(one(publisher.publishOnce(), TABLE).code()).as("%s", file).isEqualTo(code);
    }
    Files.delete(file);
    Files.copy(copy, file);
  }

  private static List<Path> filesOf(FileStoreTable table, String prefix, String suffix)
      throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(table.location().toUri().getPath()))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> !file.getFileName().toString().startsWith("index-manifest"))
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .toList();
    }
  }

  @Test
  void refusesASecondPublisher() throws Exception {
    try (Publisher first = lake.publisher()) {
      assertThat(first.publishOnce()).isEmpty();
      assertThatThrownBy(() -> lake.publisher())
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.PUBLISHER_RUNNING));
    }
  }

  @Test
  void showsCleanViews() throws Exception {
    createParcels(Map.of("sequence.field", "version"));
    lake.publish();
    ViewCatalog views = (ViewCatalog) lake.iceberg().catalog();
    View view = views.loadView(lake.iceberg().identifier(TABLE + "_clean"));
    assertThat(view.sqlFor("trino").sql())
        .startsWith("SELECT\n  \"dt\",\n  \"id\",\n  \"name\"")
        .endsWith("FROM \"lake\".\"lake\".\"dwd_parcel\"");
    assertThat(view.schema().findField("version")).isNull();

    lake.alter(TABLE, SchemaChange.addColumn("is_deleted", DataTypes.BOOLEAN()));
    lake.publish();
    assertThat(views.loadView(lake.iceberg().identifier(TABLE + "_clean")).sqlFor("trino").sql())
        .endsWith("WHERE \"is_deleted\" IS NOT TRUE");

    lake.drop(TABLE);
    lake.publish();
    assertThat(views.listViews(lake.iceberg().namespace())).isEmpty();
  }

  @Test
  void goesOnAfterKills() throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.printf("goesOnAfterKills: replay with -Dlake.seed=%d%n", seed);
    Random random = new Random(seed);
    FileStoreTable table = createParcels(Map.of("deletion-vectors.enabled", "false"));
    FileStoreTable other =
        lake.create("dwd_other", PublishedLake.everyType().primaryKey("id"), Map.of("bucket", "1"));
    for (int kill = 0; kill < 4; kill++) {
      Process publisher = PublisherProcess.start(folder);
      try {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3000 + random.nextInt(1500));
        while (System.nanoTime() < until) {
          lake.write(table, parcels(table, random.nextInt(50), 5));
          lake.write(other, parcels(other, random.nextInt(50), 5));
          lake.compact(other, false);
        }
      } finally {
        publisher.destroyForcibly().waitFor();
      }
      for (String name : lake.iceberg().tableNames()) {
        assertThat(lake.icebergRows(name)).as("readable after a kill").isNotNull();
      }
    }
    lake.publish();
    assertSame();
    assertThat(lake.icebergRows("dwd_other")).isEqualTo(lake.paimonRows("dwd_other")).isNotEmpty();
  }

  @Test
  void goesOnWhenTheCatalogComesBack() throws Exception {
    Server database = database(0);
    int port = database.getPort();
    String uri =
        "jdbc:h2:tcp://127.0.0.1:%d/%s;DATABASE_TO_LOWER=TRUE"
            .formatted(port, folder.resolve("remote"));
    Map<String, String> options =
        Map.of("publisher/catalog/type", "jdbc", "publisher/catalog/uri", uri);
    try (PublishedLake remote = new PublishedLake(folder.resolve("second"), options);
        Publisher publisher = remote.publisher()) {
      FileStoreTable table =
          remote.create(TABLE, PublishedLake.everyType().primaryKey("id"), Map.of("bucket", "1"));
      remote.write(table, parcels(table, 0, 5));
      remote.compact(table, false);
      assertThat(publisher.publishOnce()).allMatch(PublishedTable::isUpToDate);

      database.stop();
      remote.write(table, parcels(table, 3, 5));
      remote.compact(table, false);
      assertThat(one(publisher.publishOnce(), TABLE).code()).isEqualTo("PUBLICATION_FAILED");

      database = database(port);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(publisher.publishOnce()).allMatch(PublishedTable::isUpToDate));
      remote.iceberg().reopen();
      assertThat(remote.icebergRows(TABLE)).isEqualTo(remote.paimonRows(TABLE)).hasSize(8);
    } finally {
      database.stop();
    }
  }

  /** Hive's client puts the whole stack trace into its message. */
  @Test
  void aMetastoreThatIsAwayIsToldInOneLine() {
    Map<String, String> options =
        Map.of("publisher/catalog/type", "hive", "publisher/catalog/uri", "thrift://127.0.0.1:1");
    LakeConfig away = PublishedLake.config(folder.resolve("away"), options);
    assertThatThrownBy(() -> IcebergLake.open(away))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("thrift://127.0.0.1:1")
        .hasMessageEndingWith("Connection refused");
  }

  @Test
  void publishesToRestCatalogs() throws Exception {
    String jdbcUrl = PublishedLake.jdbcUrl(folder.resolve("behind-rest"));
    String location = folder.resolve("third/warehouse").toUri().toString();
    RestCatalogServer server = new RestCatalogServer(0, jdbcUrl, location);
    int port = server.port();
    Map<String, String> options =
        Map.of(
            "publisher/catalog/type", "rest", "publisher/catalog/uri", "http://127.0.0.1:" + port);
    try (PublishedLake rest = new PublishedLake(folder.resolve("third"), options);
        Publisher publisher = rest.publisher()) {
      FileStoreTable table =
          rest.create(
              TABLE,
              PublishedLake.everyType().primaryKey("dt", "id").partitionKeys("dt"),
              Map.of("bucket", "1", "merge-engine", "deduplicate"));
      rest.write(table, parcels(table, 0, 10));
      rest.compact(table, false);
      publisher.publishOnce();
      assertThat(rest.icebergRows(TABLE)).isEqualTo(rest.paimonRows(TABLE)).hasSize(10);

      rest.write(table, parcels(table, 5, 10));
      rest.compact(table, false);
      table.createTag("evening");
      rest.alter(
          TABLE,
          SchemaChange.addColumn("station", DataTypes.STRING()),
          SchemaChange.renameColumn("name", "buyer"));
      publisher.publishOnce();
      assertThat(rest.icebergRows(TABLE)).isEqualTo(rest.paimonRows(TABLE)).hasSize(15);
      assertThat(rest.icebergMetadata(TABLE).refs()).containsKey("evening");

      server.close();
      rest.dropPartition(rest.table(TABLE), Map.of("dt", DAY));
      assertThat(one(publisher.publishOnce(), TABLE).code()).isEqualTo("PUBLICATION_FAILED");
      server = new RestCatalogServer(port, jdbcUrl, location);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(publisher.publishOnce()).allMatch(PublishedTable::isUpToDate));
      assertThat(rest.icebergRows(TABLE)).isEmpty();

      rest.drop(TABLE);
      publisher.publishOnce();
      assertThat(rest.iceberg().tableNames()).isEmpty();
    } finally {
      server.close();
    }
  }

  private Server database(int port) throws Exception {
    return Server.createTcpServer(
            "-tcpPort", "" + port, "-ifNotExists", "-baseDir", folder.toString())
        .start();
  }

  private static final String DAY = "2026-06-18";

  private FileStoreTable createParcels(Map<String, String> options) throws Exception {
    Map<String, String> all = new HashMap<>(Map.of("bucket", "1", "merge-engine", "deduplicate"));
    all.putAll(options);
    return lake.create(
        TABLE, PublishedLake.everyType().primaryKey("dt", "id").partitionKeys("dt"), all);
  }

  private void writeAndCompact(FileStoreTable table, long first, int count) throws Exception {
    lake.write(table, parcels(table, first, count));
    lake.compact(table, false);
  }

  private static List<GenericRow> parcels(FileStoreTable table, long first, int count) {
    return parcels(table, DAY, first, count);
  }

  private static List<GenericRow> parcels(FileStoreTable table, String day, long first, int count) {
    List<GenericRow> rows = new ArrayList<>();
    for (long id = first; id < first + count; id++) {
      rows.add(
          PublishedLake.row(
              table,
              Map.of(
                  "dt",
                  day,
                  "id",
                  id,
                  "version",
                  VERSION.incrementAndGet(),
                  "name",
                  "n" + id,
                  "number",
                  (int) id)));
    }
    return rows;
  }

  private static final AtomicLong VERSION = new AtomicLong();

  private void assertSame() throws Exception {
    assertThat(lake.icebergRows(TABLE)).isEqualTo(lake.paimonRows(TABLE));
  }

  private List<String> locations() throws IOException {
    return files(lake.icebergTable(TABLE).newScan());
  }

  private static List<String> files(TableScan scan) throws IOException {
    List<String> locations = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      tasks.forEach(task -> locations.add(task.file().location()));
    }
    return locations;
  }

  private static Map<String, Object> everyValue(String dt, long id, long version) {
    Map<String, Object> values = new HashMap<>();
    values.put("dt", dt);
    values.put("id", id);
    values.put("version", version);
    values.put("name", "Straße " + id + " 😀");
    values.put("amount", new BigDecimal(id + ".25"));
    values.put("great", new BigDecimal("123456789012345678901234567." + (100 + id)));
    values.put("seen_at", Instant.parse("2026-06-18T09:12:33.123456Z").plusSeconds(id));
    values.put("local_at", LocalDateTime.parse("2026-06-18T09:12:33.123").plusDays(id));
    values.put("exact_at", LocalDateTime.parse("2026-06-18T09:12:33.123456"));
    values.put("day", LocalDate.parse("2026-06-18").plusDays(id));
    values.put("flag", id % 2 == 0);
    values.put("ratio", id / 3.0);
    values.put("share", id / 7.0f);
    values.put("tiny", (byte) id);
    values.put("small", (short) (id * 100));
    values.put("number", (int) id * 1000);
    values.put("raw", new byte[] {1, (byte) id});
    values.put("counts", Map.of("a", id, "b", 2L));
    values.put("words", List.of("x" + id, "y"));
    return values;
  }
}
