/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.config.LakeConfig;
import io.tidelake.demo.CommitCurve;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.BackgroundTask;
import io.tidelake.process.FreePorts;
import io.tidelake.publish.PublishedTable;
import io.tidelake.publish.Publisher;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultWriter;
import io.tidelake.query.trino.TrinoAddress;
import io.tidelake.query.trino.TrinoSession;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackOptions;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.server.TrinoJdk;
import io.tidelake.stack.server.TrinoServer;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.WorkloadOptions;
import io.tidelake.workload.WorkloadWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.config.TableConfigOptions;

/**
 * The query examples in Trino: on the lake's tables as they are published, and on native Iceberg
 * tables with the same rows and partitions, which Trino has written itself. First right after a
 * compaction, then while the stream writes into the lake's tables.
 */
public final class QueryBenchmark {

  private static final String NATIVE = "native";
  private static final String COPIES = "copies";
  private static final String TAG = "before";
  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String JOIN_OF_ALL_ROWS = "reassigned";
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 5, 1);
  private static final int DAYS = 10;
  private static final Instant AS_OF = Instant.parse("2026-06-01T00:00:00Z");
  private static final WorkloadOptions BEFORE = WorkloadOptions.of(1, 300);
  private static final WorkloadOptions MEANWHILE = WorkloadOptions.of(2, 100_000);
  private static final double CHANGES_PER_SECOND = 500;
  private static final List<String> JOBS = List.of("capture", "facts", StreamingJobs.COMPACTION);
  private static final Duration STREAMED_BEFORE = Duration.ofSeconds(20);
  private static final Duration PUBLISHED_WITHIN = Duration.ofMinutes(5);
  private static final int ALL_DAYS_ARE_OPEN = 36_500;
  private static final int ROUNDS = 3;
  private static final QueryLimits NO_LIMITS = new QueryLimits(0, Duration.ZERO);
  private static final double NANOS = 1e9;

  private final Path project;
  private final int rows;
  private final Path workDir;

  /**
   * What one example took, the median of all rounds.
   *
   * @param example its name
   * @param lakeSeconds on the lake's tables
   * @param nativeSeconds on the native ones
   */
  public record Timing(
      String example,
      @JsonProperty("lake-seconds") double lakeSeconds,
      @JsonProperty("native-seconds") double nativeSeconds) {}

  /**
   * All examples at one time.
   *
   * @param when what the lake did meanwhile
   */
  public record Comparison(String when, List<Timing> examples) {

    public Comparison {
      examples = List.copyOf(examples);
    }

    /** Time of all examples on the lake's tables, as a multiple of that on the native ones. */
    @JsonProperty
    public double ratio() {
      return examples.stream().mapToDouble(Timing::lakeSeconds).sum()
          / examples.stream().mapToDouble(Timing::nativeSeconds).sum();
    }
  }

  /**
   * @param rows how many the wide fact gets from a snapshot, besides those of a few streamed orders
   * @param workDir an empty folder
   */
  public QueryBenchmark(Path project, int rows, Path workDir) {
    this.project = project;
    this.rows = rows;
    this.workDir = workDir;
  }

  /** Fills the lake, copies it, and measures twice. */
  public List<Comparison> run() throws Exception {
    Path jdk = TrinoJdk.ofThisMachine().require();
    try (LocalStack stack =
        LocalStack.start(
            workDir.resolve("stack"), StackOptions.of(project, "3g"), System.err::println)) {
      Map<String, String> values = new HashMap<>(stack.addresses().configuration());
      // All days of the snapshot are closed: the run computes the layers above in batch.
      values.put("open-days", "1");
      LakeConfig config = LakeConfig.load(project, values);
      int port = FreePorts.next();
      try (LakeCatalog catalog = LakeCatalog.open(config);
          ChildProcess trino =
              TrinoServer.startWithWritableCatalog(
                  config, NATIVE, workDir.resolve("trino"), workDir.resolve("logs"), port, jdk);
          TrinoSession lake =
              session(port, config.publisher().trinoCatalog(), config.publishedNamespace());
          TrinoSession copies = session(port, NATIVE, COPIES)) {
        TablePlan.of(config, catalog).apply(catalog);
        fill(config, catalog, stack.addresses().jdbcUrl());
        copy(config, lake, copies);
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.add(compare("after a compaction", true, lake, copies));
        start(config);
        BackgroundTask<Void> writing = write(stack.addresses().jdbcUrl(), MEANWHILE);
        try {
          TimeUnit.SECONDS.sleep(STREAMED_BEFORE.toSeconds());
          comparisons.add(compare("while the stream writes", false, lake, copies));
        } finally {
          writing.cancel(true);
        }
        new FlinkCluster(config.cluster().restAddress()).checkNoneFailed();
        return comparisons;
      }
    }
  }

  private static TrinoSession session(int port, String catalog, String schema) {
    return TrinoSession.open(
        new TrinoAddress(
            "127.0.0.1:" + port,
            "lake",
            Optional.empty(),
            catalog,
            schema,
            ZoneOffset.UTC,
            Map.of()));
  }

  private static BackgroundTask<Void> write(String jdbcUrl, WorkloadOptions orders) {
    return BackgroundTask.start(
        "order-system",
        () -> {
          new WorkloadWriter(jdbcUrl, ZoneOffset.UTC, CHANGES_PER_SECOND, new CommitCurve())
              .write(orders);
          return null;
        });
  }

  private void start(LakeConfig config) throws InterruptedException {
    // The stream writes days of long ago: for it, unlike the backfill, no day is closed.
    StreamingJobs jobs = new StreamingJobs(config.withOpenDays(ALL_DAYS_ARE_OPEN));
    JOBS.forEach(jobs::start);
    FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
    flink.awaitFirstCheckpoints(flink::checkNoneFailed);
  }

  /** A few orders by stream, most rows from a snapshot, a tag between them. */
  private void fill(LakeConfig config, LakeCatalog catalog, String jdbcUrl) throws Exception {
    start(config);
    write(jdbcUrl, BEFORE).result();
    TimeUnit.SECONDS.sleep(STREAMED_BEFORE.toSeconds());
    FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
    for (String job : JOBS) {
      flink.cancel(flink.runningJob(job));
    }
    Path snapshot = workDir.resolve("snapshot");
    TableDefinition wide = catalog.definition(WIDE);
    RepeatedSnapshot.write(wide, snapshot, FIRST_DAY, DAYS, rows);
    try (BatchEngine engine = BatchEngine.embedded(2)) {
      new BackfillRunner(config, catalog, engine, BackfillProgress.NONE)
          .run(
              new BackfillRequest(
                  WIDE,
                  BackfillMode.FILL,
                  AS_OF,
                  "parquet:" + snapshot,
                  config.folders().mapping(WIDE),
                  List.of()),
              new BackfillLimits(2, 0, 0));
    }
    System.err.println(rows + " rows are backfilled");
    TableEnvironment session = FlinkSession.openBatch(config);
    // Else the procedure answers when its job has begun.
    session.getConfig().set(TableConfigOptions.TABLE_DML_SYNC, true);
    for (String table : tables()) {
      session
          .executeSql(
              "CALL sys.compact(`table` => '%s.%s', compact_strategy => 'full')"
                  .formatted(config.database(), table))
          .await();
    }
    catalog.table(WIDE).createTag(TAG);
    System.err.println("all tables are compacted");
    awaitPublished(config);
  }

  private void awaitPublished(LakeConfig config) throws Exception {
    Instant end = Instant.now().plus(PUBLISHED_WITHIN);
    while (!Publisher.status(config).tables().stream().allMatch(PublishedTable::isUpToDate)) {
      if (Instant.now().isAfter(end)) {
        throw new LakeException(
            ErrorCode.NOT_PUBLISHED,
            "After " + PUBLISHED_WITHIN.toSeconds() + " s not all tables are published.",
            "Look at the log of the publisher in the work directory.");
      }
      TimeUnit.SECONDS.sleep(1);
    }
    // A tag is seen with the next look at its table.
    TimeUnit.SECONDS.sleep(5);
  }

  /** The tables that the examples ask. */
  private TreeSet<String> tables() {
    TreeSet<String> tables = new TreeSet<>();
    QueryExample.all(LakeConfig.load(project, Map.of()).folders()).stream()
        .flatMap(example -> example.tables().stream())
        .filter(table -> !table.contains("."))
        .forEach(table -> tables.add(table.replaceFirst("_clean$", "")));
    return tables;
  }

  private void copy(LakeConfig config, TrinoSession lake, TrinoSession copies) {
    String lakeSchema = config.publisher().trinoCatalog() + "." + config.publishedNamespace();
    execute(
        copies,
        "CREATE SCHEMA %s.%s WITH (location = 'file://%s')"
            .formatted(NATIVE, COPIES, workDir.toAbsolutePath().resolve(COPIES)));
    for (String table : tables()) {
      List<String> columns = columns(lake, table);
      execute(
          copies,
          "CREATE TABLE %s WITH (format = 'PARQUET', partitioning = ARRAY[%s]) AS SELECT * FROM %s.%s"
              .formatted(table, columns.contains("dt") ? "'dt'" : "", lakeSchema, table));
      List<String> clean = columns(lake, table + "_clean");
      if (!clean.isEmpty()) {
        execute(
            copies,
            "CREATE VIEW %s_clean AS SELECT %s FROM %s WHERE is_deleted IS NOT TRUE"
                .formatted(table, String.join(", ", clean), table));
      }
    }
    long copied = (Long) execute(copies, "SELECT count(*) FROM " + WIDE).get(0).get(0);
    if (copied < rows) {
      throw new IllegalStateException(
          "%s has %d rows in Trino, though %d were backfilled".formatted(WIDE, copied, rows));
    }
    System.err.println(
        "native Iceberg tables have the same rows, %d of them in %s".formatted(copied, WIDE));
  }

  private static List<String> columns(TrinoSession session, String table) {
    return execute(
            session,
            "SELECT column_name FROM information_schema.columns WHERE table_name = '%s' ORDER BY ordinal_position"
                .formatted(table))
        .stream()
        .map(row -> row.get(0).toString())
        .toList();
  }

  private Comparison compare(String when, boolean areSame, TrinoSession lake, TrinoSession copies) {
    Map<String, String> given =
        Map.of(
            "tag",
            TAG,
            "parcel",
            execute(copies, "SELECT max(fulfillment_id) FROM " + WIDE).get(0).get(0).toString());
    String version =
        "VERSION AS OF "
            + execute(
                    copies,
                    "SELECT snapshot_id FROM \"%s$snapshots\" ORDER BY committed_at DESC LIMIT 1"
                        .formatted(WIDE))
                .get(0)
                .get(0);
    List<Timing> timings = new ArrayList<>();
    for (QueryExample example : QueryExample.all(LakeConfig.load(project, Map.of()).folders())) {
      Map<String, String> values = new HashMap<>(given);
      if (example.name().equals(JOIN_OF_ALL_ROWS)) {
        // All days do not fit into what a query may hold in the memory of the local stack's Trino.
        values.put("first_day", FIRST_DAY.plusDays(DAYS - 2).toString());
      }
      values.keySet().retainAll(example.parameters().keySet());
      List<String> statements = SqlScript.read(example.file(), example.values(values)).statements();
      // Trino cannot make a tag.
      List<String> copied =
          statements.stream()
              .map(sql -> sql.replace("VERSION AS OF '" + TAG + "'", version))
              .toList();
      if (areSame && !rows(lake, statements).equals(rows(copies, copied))) {
        throw new IllegalStateException(example.name() + " has other rows on the copies");
      }
      List<Double> onLake = new ArrayList<>();
      List<Double> onCopies = new ArrayList<>();
      for (int round = 0; round <= ROUNDS; round++) {
        double first = seconds(lake, statements);
        double second = seconds(copies, copied);
        if (round > 0) {
          onLake.add(first);
          onCopies.add(second);
        }
      }
      onLake.sort(null);
      onCopies.sort(null);
      Timing timing = new Timing(example.name(), onLake.get(ROUNDS / 2), onCopies.get(ROUNDS / 2));
      System.err.println(when + ": " + timing);
      timings.add(timing);
    }
    return new Comparison(when, timings);
  }

  private static double seconds(TrinoSession session, List<String> statements) {
    long start = System.nanoTime();
    rows(session, statements);
    return (System.nanoTime() - start) / NANOS;
  }

  /** The result of the last statement. */
  private static List<List<Object>> rows(TrinoSession session, List<String> statements) {
    List<List<Object>> rows = List.of();
    for (String sql : statements) {
      rows = execute(session, sql);
    }
    return rows;
  }

  private static List<List<Object>> execute(TrinoSession session, String sql) {
    List<List<Object>> rows = new ArrayList<>();
    session.run(
        sql,
        NO_LIMITS,
        new ResultWriter() {
          @Override
          public void begin(List<ResultColumn> columns) {}

          @Override
          public void row(List<Object> values) {
            rows.add(values);
          }

          @Override
          public void end() {}
        },
        progress -> {});
    return rows;
  }
}
