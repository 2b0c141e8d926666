/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.run.BackfillPlanner;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.cli.CommandRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.server.TestMetastore;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.schema.TablePlan;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatWriter;
import org.apache.paimon.fs.PositionOutputStream;
import org.apache.paimon.fs.local.LocalFileIO;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backfills from tables that a real Hive Metastore knows. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HiveTableBackfillTest {

  private static final String PARQUET =
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  private static final String ORC = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";
  private static final Instant AS_OF = Instant.parse("2026-06-20T00:00:00Z");
  private static final Instant SCANNED = Instant.parse("2026-06-18T08:00:00.123456Z");
  private static final BackfillLimits LIMITS = new BackfillLimits(2, 0, 100);

  /** As Hive declares what the mapping of dwd_logistics_event reads. */
  private static final String[] SCANS = {
    "event_id bigint",
    "fulfillment_id bigint",
    "event_type varchar(20)",
    "event_time timestamp",
    "station string",
    "device_no string",
    "received_at timestamp",
    "report_delay_seconds bigint",
    "is_deleted boolean",
    "tags array<string>"
  };

  @TempDir private static Path shared;
  private static TestMetastore metastore;
  private static BatchEngine engine;
  private static int databases;

  @TempDir private Path folder;
  private String database;
  private LakeConfig config;
  private LakeCatalog catalog;

  @BeforeAll
  static void start() throws Exception {
    metastore = TestMetastore.start(shared);
    engine = BatchEngine.embedded(4);
  }

  @AfterAll
  static void stop() throws Exception {
    engine.close();
    metastore.close();
  }

  @BeforeEach
  void createLake() throws Exception {
    database = "offline_" + ++databases;
    metastore
        .client()
        .createDatabase(new Database(database, "", folder.toUri().toString(), Map.of()));
    config =
        LakeConfig.load(
                ProjectFile.find(), Map.of("hive/uri", metastore.uri(), "open-days", "36500"))
            .withWarehouse(folder.resolve("warehouse"));
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
  }

  @AfterEach
  void closeLake() {
    catalog.close();
  }

  @Test
  void readsThePartitionsThatTheMetastoreKnowsWhereverTheyLie() throws Exception {
    create("scans", List.of(SCANS), List.of("dt date"), folder.resolve("scans"));
    Path elsewhere = folder.resolve("else where/100%/a");
    write(elsewhere.resolve("data"), scans("Event_ID", "STATION"), scan(1, "HZ01"));
    addPartition("scans", List.of("2026-06-17"), elsewhere);

    Path usual = folder.resolve("scans/dt=2026-06-18");
    write(usual.resolve("part-0"), scans("event_id", "station"), scan(2, "HZ02"));
    RowType whole = scans("event_id", "station");
    RowType withoutStation =
        whole.project(whole.getFieldNames().stream().filter(c -> !c.equals("station")).toList());
    write(
        usual.resolve("part-1"),
        withoutStation,
        row(withoutStation, 3L, 30L, null, null, null, null, null, false, null));
    RowType withText = DataTypes.ROW(DataTypes.FIELD(0, "event_id", DataTypes.STRING()));
    write(usual.resolve("part-2"), withText, row(withText, "4"));
    Files.createFile(usual.resolve("part-3"));
    Files.writeString(usual.resolve("_SUCCESS"), "not data");
    addPartition("scans", List.of("2026-06-18"), usual);

    Path dropped = folder.resolve("scans/dt=2026-06-19");
    write(dropped.resolve("part-0"), scans("event_id", "station"), scan(5, "gone"));
    addPartition("scans", List.of("2026-06-19"), dropped);
    metastore.client().dropPartition(database, "scans", List.of("2026-06-19"), false);
    assertThat(dropped.resolve("part-0")).exists();

    addPartition("scans", List.of("2026-06-20"), folder.resolve("scans/missing"));
    // The metastore has created it.
    Files.delete(folder.resolve("scans/missing"));

    BackfillPlan plan = planner().plan(request("dwd_logistics_event", "scans"), LIMITS);
    assertThat(plan.partitions())
        .extracting(BackfillPlan.Partition::dt)
        .containsExactly("2026-06-17", "2026-06-18", "2026-06-20");
    assertThat(plan.counts().inserted()).isEqualTo(3);

    BackfillRun run = runner().run(request("dwd_logistics_event", "scans"), LIMITS);
    assertThat(run.state()).isEqualTo(BackfillRun.State.done);
    assertThat(run.input()).isEqualTo("hive:" + database + ".scans");
    assertThat(rows("SELECT dt, event_id, event_time, station FROM dwd_logistics_event"))
        .containsExactlyInAnyOrder(
            "+I[2026-06-17, 1, " + SCANNED + ", HZ01]",
            "+I[2026-06-18, 2, " + SCANNED + ", HZ02]",
            "+I[2026-06-18, 3, null, null]");
    assertThat(new BackfillRecords(catalog).receipts(run.id()))
        .extracting(Receipt::dt, Receipt::rejected)
        .containsExactly(tuple("2026-06-17", 0L), tuple("2026-06-18", 1L), tuple("2026-06-20", 1L));
    assertThat(rows("SELECT reason FROM ops_backfill_reject WHERE run_id = '" + run.id() + "'"))
        .containsExactlyInAnyOrder(
            "+I[does not fit the Hive table: event_id is STRING instead of BIGINT]",
            "+I[the metastore names this folder, but it is not there]");
  }

  @Test
  void takesPartitionValuesFromTheMetastoreAndNotFromFolders() throws Exception {
    List<String> columns = new ArrayList<>(List.of(SCANS));
    columns.remove("station string");
    create("by_station", columns, List.of("dt string", "station string"), folder.resolve("by"));
    for (String station : List.of("Süd/Nord: 1%", "__HIVE_DEFAULT_PARTITION__")) {
      Path location = folder.resolve("by/p" + station.length());
      RowType type = scans("event_id", "station");
      write(location.resolve("part-0"), type, scan(station.length(), "from the file"));
      addPartition("by_station", List.of("2026-06-18", station), location);
    }
    // Of days that are not asked for nothing is read.
    addPartition("by_station", List.of("2026-06-19", "x"), folder.resolve("by/missing"));

    BackfillRequest request = request("dwd_logistics_event", "by_station", "2026-06-18");
    BackfillRun run = runner().run(request, LIMITS);

    assertThat(new BackfillRecords(catalog).receipts(run.id()))
        .extracting(Receipt::rejected)
        .containsExactly(0L);
    assertThat(rows("SELECT event_id, station FROM dwd_logistics_event"))
        .containsExactlyInAnyOrder("+I[12, Süd/Nord: 1%]", "+I[26, null]");
  }

  @Test
  void fillsATableWithoutPartitionsByTheCommand() throws Exception {
    create(
        "regions",
        List.of(
            "region_id int",
            "region_name char(10)",
            "country_code string",
            "updated_at timestamp",
            "is_deleted boolean"),
        List.of(),
        folder.resolve("regions"));
    RowType type =
        RowType.builder()
            .field("REGION_ID", DataTypes.INT())
            .field("region_name", DataTypes.STRING())
            .field("country_code", DataTypes.BYTES())
            .field("updated_at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
            .field("is_deleted", DataTypes.BOOLEAN())
            .build();
    write(
        folder.resolve("regions/deep/part-0"),
        type,
        row(type, 7, "Øresund", new byte[] {'D', 'K'}, SCANNED, false));

    String printed =
        lake(
            "backfill run dim_region --as-of "
                + AS_OF
                + " --hive "
                + database
                + ".regions --set hive/uri="
                + metastore.uri());

    assertThat(printed).contains("input    hive:" + database + ".regions");
    assertThat(rows("SELECT region_id, region_name, country_code FROM dim_region"))
        .containsExactly("+I[7, Øresund, DK]");
  }

  @Test
  void saysWhatCannotBeRead() throws Exception {
    refused(
        "no_such_table",
        ErrorCode.HIVE_TABLE_UNKNOWN,
        metastore.uri() + " has no table " + database);
    create("empty", List.of(SCANS), List.of("dt string"), folder.resolve("empty"));
    refused("empty", ErrorCode.HIVE_TABLE_UNREADABLE, "it has no files");

    Table orc = table("orc", List.of(SCANS), List.of(), folder.resolve("orc"));
    orc.getSd().setInputFormat(ORC);
    metastore.client().createTable(orc);
    refused("orc", ErrorCode.HIVE_TABLE_UNREADABLE, "read by " + ORC + ", and only Parquet");

    Table mixed = table("mixed", List.of(SCANS), List.of("dt string"), folder.resolve("mixed"));
    metastore.client().createTable(mixed);
    Partition partition = partition("mixed", List.of("2026-06-18"), folder.resolve("mixed/orc"));
    partition.getSd().setInputFormat(ORC);
    metastore.client().add_partition(partition);
    refused("mixed", ErrorCode.SNAPSHOT_UNREADABLE, "none of its 1 files is whole", ORC);

    Table view = table("seen", List.of(SCANS), List.of(), folder.resolve("seen"));
    view.setTableType(TableType.VIRTUAL_VIEW.name());
    view.setViewOriginalText("SELECT 1");
    view.setViewExpandedText("SELECT 1");
    metastore.client().createTable(view);
    refused("seen", ErrorCode.HIVE_TABLE_UNREADABLE, "it is a view");

    Table paimon = table("paimon", List.of(SCANS), List.of(), folder.resolve("paimon"));
    paimon.putToParameters("table_type", "PAIMON");
    metastore.client().createTable(paimon);
    refused("paimon", ErrorCode.HIVE_TABLE_UNREADABLE, "it is a table of the kind PAIMON");

    Table odd = table("odd", List.of("id uniontype<int,string>"), List.of(), folder.resolve("odd"));
    metastore.client().createTable(odd);
    refused(
        "odd", ErrorCode.HIVE_TABLE_UNREADABLE, "its column id has the type uniontype<int,string>");

    assertThatThrownBy(() -> planner().plan(request("dwd_logistics_event", "a.b"), LIMITS))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.HIVE_TABLE_INVALID));
  }

  @Test
  void saysWhenThereIsNoMetastore() throws Exception {
    String uri = config.hive().uri();
    config = LakeConfig.load(ProjectFile.find(), Map.of("hive/uri", "thrift://127.0.0.1:1"));
    assertThat(uri).isNotEqualTo(config.hive().uri());
    refused("any", ErrorCode.METASTORE_UNAVAILABLE, "thrift://127.0.0.1:1", "Connection refused");

    config = LakeConfig.load(ProjectFile.find(), Map.of());
    refused("any", ErrorCode.METASTORE_NOT_CONFIGURED, database + ".any");
  }

  private void refused(String table, ErrorCode code, String... texts) {
    assertThatThrownBy(() -> planner().plan(request("dwd_logistics_event", table), LIMITS))
        .isInstanceOfSatisfying(
            LakeException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessageContainingAll(texts);
  }

  private BackfillRequest request(String target, String table, String... days) {
    return new BackfillRequest(
        target,
        BackfillMode.FILL,
        AS_OF,
        "hive:" + database + "." + table,
        LakeConfig.load(ProjectFile.find(), Map.of()).folders().mapping(target),
        List.of(days));
  }

  private BackfillPlanner planner() {
    return new BackfillPlanner(config, catalog, engine, BackfillProgress.NONE);
  }

  private BackfillRunner runner() {
    return new BackfillRunner(config, catalog, engine, BackfillProgress.NONE);
  }

  private String lake(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(Arrays.asList(line.split(" ")));
    arguments.addAll(
        List.of(
            "--set",
            "open-days=36500",
            "--set",
            "catalog/warehouse=" + folder.resolve("warehouse")));
    assertThat(CommandRun.of(out, err, arguments.toArray(String[]::new)))
        .as(err.toString())
        .isZero();
    return out.toString();
  }

  private List<String> rows(String query) throws Exception {
    try (CloseableIterator<Row> rows = FlinkSession.openBatch(config).executeSql(query).collect()) {
      List<String> texts = new ArrayList<>();
      rows.forEachRemaining(row -> texts.add(row.toString()));
      return texts;
    }
  }

  private void create(String name, List<String> columns, List<String> partitions, Path location)
      throws Exception {
    metastore.client().createTable(table(name, columns, partitions, location));
  }

  private Table table(String name, List<String> columns, List<String> partitions, Path location) {
    Table table = new Table();
    table.setDbName(database);
    table.setTableName(name);
    table.setTableType(TableType.EXTERNAL_TABLE.name());
    table.setParameters(new HashMap<>(Map.of("EXTERNAL", "TRUE")));
    table.setPartitionKeys(fields(partitions));
    table.setSd(storage(fields(columns), location));
    return table;
  }

  private void addPartition(String table, List<String> values, Path location) throws Exception {
    metastore.client().add_partition(partition(table, values, location));
  }

  private Partition partition(String table, List<String> values, Path location) throws Exception {
    Partition partition = new Partition();
    partition.setDbName(database);
    partition.setTableName(table);
    partition.setValues(values);
    partition.setSd(
        storage(metastore.client().getTable(database, table).getSd().getCols(), location));
    return partition;
  }

  private static StorageDescriptor storage(List<FieldSchema> columns, Path location) {
    StorageDescriptor storage = new StorageDescriptor();
    storage.setCols(columns);
    storage.setLocation("file:" + location);
    storage.setInputFormat(PARQUET);
    storage.setOutputFormat("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat");
    SerDeInfo serde = new SerDeInfo();
    serde.setSerializationLib("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
    storage.setSerdeInfo(serde);
    return storage;
  }

  private static List<FieldSchema> fields(List<String> columns) {
    return columns.stream()
        .map(column -> column.split(" "))
        .map(column -> new FieldSchema(column[0], column[1], ""))
        .toList();
  }

  private static RowType scans(String id, String station) {
    DataType time = DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6);
    return RowType.builder()
        .field(id, DataTypes.BIGINT())
        .field("fulfillment_id", DataTypes.BIGINT())
        .field("event_type", DataTypes.STRING())
        .field("event_time", time)
        .field(station, DataTypes.STRING())
        .field("device_no", DataTypes.STRING())
        .field("received_at", time)
        .field("report_delay_seconds", DataTypes.BIGINT())
        .field("is_deleted", DataTypes.BOOLEAN())
        .field("tags", DataTypes.ARRAY(DataTypes.STRING()))
        .build();
  }

  private static GenericRow scan(long id, String station) {
    return row(
        scans("event_id", "station"),
        id,
        10 * id,
        "signed",
        SCANNED,
        station,
        null,
        SCANNED,
        0L,
        false,
        null);
  }

  private static GenericRow row(RowType type, Object... values) {
    Object[] converted = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = PaimonRows.value(values[i], type.getTypeAt(i));
    }
    return GenericRow.of(converted);
  }

  private static void write(Path file, RowType type, GenericRow row) throws Exception {
    Files.createDirectories(file.getParent());
    try (PositionOutputStream out =
            LocalFileIO.create()
                .newOutputStream(new org.apache.paimon.fs.Path(file.toUri()), false);
        FormatWriter writer =
            FileFormat.fromIdentifier("parquet", new Options())
                .createWriterFactory(type)
                .create(out, "zstd")) {
      writer.addElement(row);
    }
  }
}
