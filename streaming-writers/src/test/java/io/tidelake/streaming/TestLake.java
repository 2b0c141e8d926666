/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.ClusterConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.merge.law.Version;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.deadletter.DeadLetterReplay;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.flink.QuickJobs;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.maintenance.Maintenance;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.types.DataTypeRoot;
import org.apache.paimon.types.RowType;
import org.apache.paimon.utils.TypeUtils;

/**
 * All tables of the project in a folder of a test, with the project's own configuration.
 *
 * <p>In batch, call {@link #insert}, {@link #runLayersInBatch} and {@link #rows}. In streaming,
 * {@link #start} the jobs on an engine, {@link #insert}, and {@link #awaitRows}.
 */
public final class TestLake implements AutoCloseable {

  /** All jobs but the capture: the tests write ODS and DIM themselves. */
  static final List<String> JOBS = List.of(StreamingJobs.COMPACTION, "facts", "marts");

  /** Columns that an inserted row has values for, whether or not its table has them. */
  private static final Set<String> IMPLIED = Set.of("is_deleted", "log_position", "updated_at");

  /** Everything that is computed from ODS and DIM. */
  static final List<String> DERIVED_TABLES =
      List.of(
          "dwd_fulfillment_wide",
          "dwd_logistics_event",
          "dwd_domestic_fulfillment",
          "dwd_import_fulfillment",
          "dwd_export_fulfillment",
          "dws_fulfillment_day",
          "dws_carrier_hour",
          "ads_overview",
          "ads_trend_minute");

  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final Path folder;
  private final LakeConfig config;
  private final LakeCatalog catalog;
  private String engineAddress;
  private long nextLogPosition;

  private TestLake(Path folder, LakeConfig config) {
    this.folder = folder;
    this.config = config;
    this.catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
  }

  /**
   * Creates all tables in a folder; a job that fails is not restarted, so that the test sees it.
   */
  public static TestLake create(Path folder) {
    return create(folder, Map.of());
  }

  /**
   * The same with other values of the configuration.
   *
   * @param values over those of the file, see {@link LakeConfig#load}
   */
  public static TestLake create(Path folder, Map<String, String> values) {
    Map<String, String> overrides = new HashMap<>(QuickJobs.settings(JOBS));
    overrides.putAll(values);
    overrides.put("catalog/warehouse", folder.resolve("warehouse").toString());
    overrides.put("flink/restart-strategy.type", "disable");
    // The days of the scenarios are fixed, and the clock goes on.
    overrides.put("open-days", "36500");
    return new TestLake(folder, LakeConfig.load(ProjectFile.find(), overrides));
  }

  public LakeCatalog catalog() {
    return catalog;
  }

  /** Maintenance of this lake's tables at an instant. */
  Maintenance maintenance(Instant now) {
    return new Maintenance(config, catalog, Clock.fixed(now, ZoneOffset.UTC));
  }

  /** The repairs of the configuration. */
  public Repairs repairs() {
    return new Repairs(config);
  }

  /** A replay of this lake's dead letters. */
  public DeadLetterReplay deadLetterReplay() {
    return new DeadLetterReplay(config);
  }

  /** The streaming jobs of this lake on an engine. */
  StreamingJobs jobs(FlinkEngine engine) throws Exception {
    return new StreamingJobs(
        config.withCluster(new ClusterConfig(engine.restAddress(), checkpoints().toString())));
  }

  /** Folder of the checkpoints of all jobs. */
  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** Starts all jobs but the capture, each where its newest checkpoint left off. */
  void start(FlinkEngine engine) throws Exception {
    engineAddress = engine.restAddress();
    for (String job : JOBS) {
      jobs(engine).start(job);
    }
  }

  /** Starts all jobs but the capture from the tables alone. */
  void startFromNothing(FlinkEngine engine) throws Exception {
    engineAddress = engine.restAddress();
    for (String job : JOBS) {
      jobs(engine).startFromNothing(job);
    }
  }

  /**
   * Inserts source rows, a commit per table, as change capture would: a column that is not named is
   * NULL, {@code is_deleted} is FALSE, and the version follows from {@code updated_at}. Written
   * without Flink, whose batch jobs take seconds each.
   *
   * @param lines one row a line: {@code <table>: <column> = <SQL literal>, …}; times as UTC text
   */
  public void insert(String lines) throws Exception {
    Map<String, List<Map<String, String>>> rows = new LinkedHashMap<>();
    for (String line : lines.lines().filter(text -> !text.isBlank()).toList()) {
      String[] parts = line.strip().split(": ", 2);
      rows.computeIfAbsent(parts[0], table -> new ArrayList<>()).add(values(parts[1]));
    }
    for (Map.Entry<String, List<Map<String, String>>> table : rows.entrySet()) {
      FileStoreTable paimon = catalog.table(table.getKey());
      PaimonRows.write(
          paimon, table.getValue().stream().map(values -> row(values, paimon.rowType())).toList());
    }
  }

  private Map<String, String> values(String assignments) {
    Map<String, String> values = new HashMap<>();
    values.put("is_deleted", "FALSE");
    values.put("log_position", String.valueOf(nextLogPosition++));
    for (String assignment : assignments.split(",\\s*(?=\\w+ = )")) {
      String[] parts = assignment.split(" = ", 2);
      values.put(parts[0], parts[1].replaceAll("^'|'$", ""));
    }
    long updatedAt = ChronoUnit.MICROS.between(Instant.EPOCH, instant(values.get("updated_at")));
    int afterTheUpdate = values.get("is_deleted").equals("TRUE") ? 1 : 0;
    values.putIfAbsent("row_version", String.valueOf(Version.realTime(updatedAt, afterTheUpdate)));
    return values;
  }

  private static Set<String> union(Collection<String> columns, Collection<String> others) {
    Set<String> all = new HashSet<>(columns);
    all.addAll(others);
    return all;
  }

  private static InternalRow row(Map<String, String> values, RowType type) {
    assertThat(values.keySet()).isSubsetOf(union(type.getFieldNames(), IMPLIED));
    GenericRow row = new GenericRow(type.getFieldCount());
    for (int i = 0; i < type.getFieldCount(); i++) {
      String value = values.get(type.getFieldNames().get(i));
      if (value != null) {
        row.setField(
            i,
            type.getTypeAt(i).is(DataTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE)
                ? Timestamp.fromInstant(instant(value))
                : TypeUtils.castFromString(value, type.getTypeAt(i)));
      }
    }
    return row;
  }

  private static Instant instant(String text) {
    return Instant.parse(text.replace(' ', 'T') + "Z");
  }

  /**
   * Recomputes every layer from ODS and DIM in batch, from empty tables: a batch insert does not
   * take away rows that an earlier one wrote.
   */
  void runLayersInBatch() throws Exception {
    for (String table : DERIVED_TABLES) {
      try (BatchTableCommit commit = catalog.table(table).newBatchWriteBuilder().newCommit()) {
        commit.truncateTable();
      }
    }
    compact();
    runInBatch("dwd_fulfillment_wide", "dwd_logistics_event");
    runInBatch("fulfillment_split", "dws_fulfillment_day", "dws_carrier_hour", "ads_trend_minute");
    runInBatch("ads_overview");
  }

  /** Runs pipelines in one batch job, and makes what they wrote readable. */
  public void runInBatch(String... pipelines) throws Exception {
    StreamTableEnvironment environment = FlinkSession.openBatch(config);
    StatementSet job = environment.createStatementSet();
    for (String pipeline : pipelines) {
      Pipeline.read(config, pipeline).addTo(job, environment);
    }
    job.execute().await();
    compact();
  }

  /**
   * Compacts what was written since the last time, as the compaction job would: writers leave their
   * rows at level 0, where batch reads do not look.
   */
  public void compact() throws Exception {
    for (String name : catalog.tableNames()) {
      FileStoreTable table =
          catalog.table(name).copy(Map.of(CoreOptions.WRITE_ONLY.key(), "false"));
      if (table
          .latestSnapshot()
          .filter(last -> last.commitKind() == Snapshot.CommitKind.APPEND)
          .isPresent()) {
        List<BinaryRow> partitions = table.newSnapshotReader().partitions();
        BatchWriteBuilder builder = table.newBatchWriteBuilder();
        try (IOManager files = IOManager.create(folder.resolve("compaction").toString());
            BatchTableWrite write = builder.newWrite();
            BatchTableCommit commit = builder.newCommit()) {
          write.withIOManager(files);
          for (BinaryRow partition : partitions) {
            write.compact(partition, 0, true);
          }
          commit.commit(write.prepareCommit());
        }
      }
    }
  }

  /**
   * What a batch read of a table answers, as sorted text: a row a line, values separated by {@code
   * " | "}. Row kinds are left out, because a read may answer updates. Read without Flink, since a
   * test asks dozens of times and each Flink job takes seconds.
   *
   * @param columns names separated by commas; {@code *} for all
   * @param dt the partition; NULL for the whole table
   */
  public List<String> rows(String table, String columns, String dt) {
    FileStoreTable paimon = catalog.table(table);
    RowType type = paimon.rowType();
    List<String> names =
        columns.equals("*") ? type.getFieldNames() : List.of(columns.split(",\\s*"));
    ReadBuilder read =
        paimon
            .newReadBuilder()
            .withProjection(names.stream().mapToInt(type::getFieldIndex).toArray());
    if (dt != null) {
      read.withPartitionFilter(Map.of("dt", dt));
    }
    RowType answered = read.readType();
    List<String> rows = new ArrayList<>();
    try (RecordReader<InternalRow> reader =
        read.newRead().createReader(read.newScan().plan().splits())) {
      reader.forEachRemaining(row -> rows.add(text(row, answered)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table, e);
    }
    return rows.stream().sorted().toList();
  }

  /** Waits until a table holds the expected rows; fails with those it has and the jobs. */
  void awaitRows(String table, String columns, String dt, List<String> expected) {
    List<String> sorted = expected.stream().sorted().toList();
    await(table)
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(
            () ->
                assertThat(rows(table, columns, dt))
                    .as(() -> "%s of %s in %s%n%s".formatted(columns, table, dt, jobStates()))
                    .isEqualTo(sorted));
  }

  private String jobStates() {
    FlinkCluster cluster = new FlinkCluster(engineAddress);
    return cluster.jobs().stream()
        .map(job -> job.name() + " is " + job.state() + " " + cluster.lastFailure(job.id()))
        .collect(Collectors.joining("\n"));
  }

  private static String text(InternalRow row, RowType type) {
    return IntStream.range(0, type.getFieldCount())
        .mapToObj(i -> InternalRow.createFieldGetter(type.getTypeAt(i), i).getFieldOrNull(row))
        .map(value -> value instanceof Timestamp time ? time.toInstant() : value)
        .map(value -> value == null ? "NULL" : value.toString())
        .collect(Collectors.joining(" | "));
  }

  @Override
  public void close() throws Exception {
    catalog.close();
  }
}
