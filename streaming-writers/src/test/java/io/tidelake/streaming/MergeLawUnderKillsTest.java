/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.ClusterConfig;
import io.tidelake.config.Folders;
import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.Arrival.Group;
import io.tidelake.streaming.Arrival.Origin;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.table.source.SnapshotNotExistPlan;
import org.apache.paimon.table.source.StreamTableScan;
import org.apache.paimon.table.source.TableScan;
import org.apache.paimon.types.RowKind;
import org.apache.paimon.types.RowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The merge law through Flink SQL on a real table: a streaming writer, batch runs and the
 * compaction job work on it at once. The streaming writer and the compaction job have an engine
 * each, batch runs go to either, and the engines are killed with SIGKILL at random moments of batch
 * runs.
 *
 * <p>A run is replayed with {@code -Dlake.seed=<seed>}: the same records in the same order, the
 * same kills after the same waits, though not at the same moments of the jobs.
 */
@Tag("soak")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class MergeLawUnderKillsTest {

  private static final int REAL_TIME_RECORDS = 3_500;
  private static final int REPEATED_RECORDS = 500;
  private static final int RUNS = 6;
  private static final int REPEATED_RUNS = 2;
  private static final int KILLS = 2;
  private static final int KILLED_WITHIN_MILLIS = 800;
  private static final int RECORDS_A_COMMIT = 25;
  private static final Duration BETWEEN_COMMITS = Duration.ofMillis(300);

  /**
   * How Paimon's sink restarts its job once, when a kill came between a checkpoint and the commit
   * of what the checkpoint holds.
   */
  private static final String RESTART_AFTER_RECOVERY =
      "intentionally thrown after committing the restored checkpoints";

  private static final Duration STARTED_WITHIN = Duration.ofSeconds(90);
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final long seed = Long.getLong("lake.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final RandomArrivals arrivals = new RandomArrivals(random);
  private final List<List<Arrival>> runs = arrivals.runs(RUNS);
  private final List<Arrival> realTime = new ArrayList<>(arrivals.realTime(REAL_TIME_RECORDS));

  @TempDir private Path folder;
  private LakeConfig config;
  private LakeCatalog catalog;
  private ScheduledExecutorService clock;
  private Engine streaming;
  private Engine compaction;

  /** An engine with its streaming jobs, which is killed and started again. */
  private final class Engine {

    private final String name;
    private final List<String> jobs;
    private Future<EngineProcess> process;
    private int kills;

    Engine(String name, String... jobs) {
      this.name = name;
      this.jobs = List.of(jobs);
      this.process = clock.submit(this::start);
    }

    /** Starts the engine, and its jobs each where its newest checkpoint left off. */
    private EngineProcess start() throws Exception {
      EngineProcess started = EngineProcess.start(Path.of("target", "engines", name + "-" + kills));
      StreamingJobs starter =
          new StreamingJobs(
              config.withCluster(
                  new ClusterConfig(
                      started.restAddress(), folder.resolve("checkpoints").toString())));
      jobs.forEach(starter::start);
      return started;
    }

    EngineProcess process() throws Exception {
      return process.get(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    FlinkCluster cluster() throws Exception {
      return process().cluster();
    }

    String stateOf(String job) throws Exception {
      return cluster().jobs().stream()
          .filter(status -> status.id().equals(job))
          .map(FlinkCluster.JobStatus::state)
          .findFirst()
          .orElse("not known yet");
    }

    /** Makes sure that no job has failed by itself, even if it was restarted. */
    void assertNothingFailed() throws Exception {
      FlinkCluster cluster = cluster();
      for (FlinkCluster.JobStatus job : cluster.jobs()) {
        assertThat(cluster.lastFailure(job.id()))
            .as("failure of " + job.name())
            .satisfiesAnyOf(
                failure -> assertThat(failure).isEmpty(),
                failure -> assertThat(failure).contains(RESTART_AFTER_RECOVERY));
      }
    }

    /** Kills the engine with all that runs on it, and begins to start it again. */
    void kill() throws Exception {
      // A kill must not hide a failure.
      assertNothingFailed();
      for (String job : jobs) {
        cluster().runningJob(job);
      }
      process().kill();
      kills++;
      process = clock.submit(this::start);
    }

    /** Waits until each streaming job has completed more checkpoints than it had. */
    void awaitCheckpoints(int more) throws Exception {
      FlinkCluster cluster = cluster();
      for (String job : jobs) {
        String id = cluster.runningJob(job).id();
        long before = cluster.checkpoints(id).completed();
        await(more + " more checkpoints of " + job)
            .atMost(STARTED_WITHIN)
            .until(() -> cluster.checkpoints(id).completed() >= before + more);
      }
    }
  }

  @BeforeEach
  void createTables() throws Exception {
    System.out.printf("Replay with -Dlake.seed=%d%n", seed);
    config =
        LakeConfig.load(
                ProjectFile.find(),
                Map.of("catalog/warehouse", folder.resolve("warehouse").toString()))
            .withFolders(Folders.in(Path.of(getClass().getResource("/merge-law").toURI())))
            .withJobs(
                Map.of(
                    "writer",
                    new JobConfig(List.of("dwd_parcel"), null, null),
                    "reader",
                    new JobConfig(List.of("dwd_parcel_copy"), null, null),
                    StreamingJobs.COMPACTION,
                    new JobConfig(null, null, null)))
            .withSchedules(Map.of());
    catalog = LakeCatalog.open(config);
    TablePlan.of(config, catalog).apply(catalog);
    Pipeline.createSources(config, FlinkSession.openBatch(config));
    clock = Executors.newScheduledThreadPool(4);
    streaming = new Engine("streaming", "writer", "reader");
    compaction = new Engine("compaction", StreamingJobs.COMPACTION);
  }

  @AfterEach
  void stop() throws Exception {
    for (Engine engine : List.of(streaming, compaction)) {
      engine.process().close();
    }
    clock.shutdownNow();
    assertThat(clock.awaitTermination(1, TimeUnit.MINUTES)).as("clock stopped").isTrue();
    catalog.close();
  }

  @Test
  void tableAndItsChangelogHoldTheGreatestVersions() throws Exception {
    realTime.addAll(realTime.subList(0, REPEATED_RECORDS));
    Collections.shuffle(realTime, random);
    runs.forEach(this::write);
    streaming.awaitCheckpoints(1);
    compaction.awaitCheckpoints(1);
    AtomicInteger offered = new AtomicInteger();
    Future<?> feeding =
        clock.scheduleWithFixedDelay(
            () -> write(nextRealTime(offered)),
            0,
            BETWEEN_COMMITS.toMillis(),
            TimeUnit.MILLISECONDS);
    runBackfillsAndKill();
    await("all real-time records to be written")
        .atMost(SETTLED_WITHIN)
        .until(() -> offered.get() >= realTime.size() || feeding.isDone());
    assertThat(feeding.cancel(false)).as("real-time records could be written").isTrue();

    Map<Long, String> expected = expectedRows();
    await("all jobs to have caught up")
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertSame("dwd_parcel", rows("dwd_parcel"), expected);
              assertSame("dwd_parcel_copy", rows("dwd_parcel_copy"), expected);
            });

    // What was right for a moment and then went wrong was not right.
    streaming.awaitCheckpoints(2);
    compaction.awaitCheckpoints(2);
    streaming.awaitCheckpoints(2);
    assertSame("dwd_parcel", rows("dwd_parcel"), expected);
    assertSame("dwd_parcel_copy", rows("dwd_parcel_copy"), expected);
    assertSame("changelog of dwd_parcel", foldedChangelog("dwd_parcel"), expected);
    streaming.assertNothingFailed();
    compaction.assertNothingFailed();
  }

  /** The next records; from the first one on again when the kills outlast them. */
  private List<Arrival> nextRealTime(AtomicInteger offered) {
    return IntStream.range(0, RECORDS_A_COMMIT)
        .mapToObj(i -> realTime.get(offered.getAndIncrement() % realTime.size()))
        .toList();
  }

  /**
   * Runs every batch run once and some twice, in any order. Kills engines meanwhile, until each
   * engine and enough batch runs were; a run that was killed is run again.
   */
  private void runBackfillsAndKill() throws Exception {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, RUNS).forEach(order::add);
    IntStream.range(0, REPEATED_RUNS).forEach(i -> order.add(random.nextInt(RUNS)));
    Collections.shuffle(order, random);
    Deque<Integer> waiting = new ArrayDeque<>(order);
    int killedRuns = 0;
    while (!waiting.isEmpty()
        || streaming.kills < KILLS
        || compaction.kills < KILLS
        || killedRuns < KILLS) {
      int run = waiting.isEmpty() ? random.nextInt(RUNS) : waiting.peek();
      Engine engine = random.nextBoolean() ? streaming : compaction;
      String job = submit(run, engine);
      boolean doomed =
          random.nextBoolean() && (engine.kills < KILLS || waiting.isEmpty() && killedRuns < KILLS);
      if (doomed && killDuring(job, engine, random.nextInt(KILLED_WITHIN_MILLIS))) {
        killedRuns++;
      } else {
        if (!doomed) {
          awaitFinished(job, engine);
        }
        waiting.poll();
      }
    }
  }

  /**
   * Kills an engine some time after a batch job was submitted to it.
   *
   * @return false when the batch job had finished before
   */
  private boolean killDuring(String job, Engine engine, long millis) throws Exception {
    return clock
        .schedule(
            () -> {
              String state = engine.stateOf(job);
              engine.kill();
              System.out.printf(
                  "Killed the engine of %s, %d ms after it got a batch run, now %s%n",
                  engine.jobs, millis, state);
              return !state.equals("FINISHED");
            },
            millis,
            TimeUnit.MILLISECONDS)
        .get(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS);
  }

  private static void awaitFinished(String job, Engine engine) {
    await("batch run")
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              engine.assertNothingFailed();
              return engine.stateOf(job).equals("FINISHED");
            });
  }

  private String submit(int run, Engine engine) throws Exception {
    Configuration flink = new Configuration();
    FlinkCluster.submitTo(engine.process().restAddress(), flink);
    StreamTableEnvironment session = FlinkSession.open(config, RuntimeExecutionMode.BATCH, flink);
    SqlScript backfill =
        SqlScript.read(
            config.folders().pipelines().resolve("dwd_parcel_backfill.sql"),
            Map.of("run", String.valueOf(run)));
    return session
        .executeSql(backfill.statements().get(0))
        .getJobClient()
        .orElseThrow()
        .getJobID()
        .toString();
  }

  /** Appends arrivals in one commit, without Flink, whose batch jobs take seconds each. */
  private void write(List<Arrival> arrivals) {
    BatchWriteBuilder builder = catalog.table("ods_arrival").newBatchWriteBuilder();
    try (BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      for (Arrival arrival : arrivals) {
        write.write(arrival.toRow());
      }
      commit.commit(write.prepareCommit());
    } catch (Exception e) {
      throw new IllegalStateException("Cannot write arrivals", e);
    }
  }

  private Map<Long, String> expectedRows() {
    Map<Long, Map<Group, Arrival>> parcels =
        Arrival.fold(
            Stream.concat(realTime.stream(), runs.stream().flatMap(Collection::stream)).toList());
    List<Arrival> orderWinners =
        parcels.values().stream()
            .map(groups -> groups.get(Group.ORDER))
            .filter(Objects::nonNull)
            .toList();
    assertThat(orderWinners).extracting(Arrival::origin).contains(Origin.values());
    assertThat(orderWinners)
        .as("one that is known to be empty")
        .anyMatch(winner -> winner.groups().get(Group.ORDER).stream().allMatch(Objects::isNull));
    Map<Long, String> rows = new TreeMap<>();
    parcels.forEach(
        (parcel, groups) -> {
          Map<Group, String> row = new TreeMap<>();
          for (Group group : Group.values()) {
            Arrival winner = groups.get(group);
            row.put(group, winner == null ? "untouched" : winner.groups().get(group).toString());
          }
          rows.put(parcel, row.toString());
        });
    return rows;
  }

  /** Fails with the parcels that differ only: there are hundreds. */
  private void assertSame(String what, Map<Long, String> actual, Map<Long, String> expected) {
    Map<Long, String> wrong = new TreeMap<>(actual);
    wrong.entrySet().removeAll(expected.entrySet());
    Map<Long, String> missing = new TreeMap<>(expected);
    missing.entrySet().removeAll(actual.entrySet());
    assertThat(wrong).as("%s, seed %d", what, seed).isEqualTo(missing);
  }

  private Map<Long, String> rows(String name) throws IOException {
    FileStoreTable table = catalog.table(name);
    ReadBuilder read = table.newReadBuilder();
    Map<Long, String> rows = new TreeMap<>();
    try (RecordReader<InternalRow> reader =
        read.newRead().createReader(read.newScan().plan().splits())) {
      reader.forEachRemaining(
          row ->
              assertThat(rows.put(row.getLong(0), text(row, table.rowType())))
                  .as("second row of a parcel")
                  .isNull());
    }
    return rows;
  }

  /**
   * The whole changelog since the first snapshot, applied to an empty map; each change must fit
   * what the changes before it made.
   */
  private Map<Long, String> foldedChangelog(String name) throws IOException {
    FileStoreTable table = catalog.table(name);
    ReadBuilder read = table.newReadBuilder();
    StreamTableScan scan = read.newStreamScan();
    scan.restore(1L);
    Map<Long, String> rows = new TreeMap<>();
    for (TableScan.Plan plan = scan.plan();
        plan != SnapshotNotExistPlan.INSTANCE;
        plan = scan.plan()) {
      try (RecordReader<InternalRow> reader = read.newRead().createReader(plan.splits())) {
        reader.forEachRemaining(row -> apply(row, text(row, table.rowType()), rows));
      }
    }
    return rows;
  }

  private static void apply(InternalRow change, String row, Map<Long, String> rows) {
    long parcel = change.getLong(0);
    RowKind kind = change.getRowKind();
    assertThat(kind).as("change of parcel " + parcel).isNotEqualTo(RowKind.DELETE);
    String before = kind == RowKind.UPDATE_BEFORE ? rows.remove(parcel) : rows.put(parcel, row);
    assertThat(before)
        .as("parcel %d before %s %s", parcel, kind, row)
        .isEqualTo(kind == RowKind.UPDATE_BEFORE ? row : null);
  }

  /** The groups of a row: their values, or that they have no version. */
  private static String text(InternalRow row, RowType type) {
    List<Object> values =
        IntStream.range(0, type.getFieldCount())
            .mapToObj(i -> InternalRow.createFieldGetter(type.getTypeAt(i), i).getFieldOrNull(row))
            .collect(Collectors.toCollection(ArrayList::new));
    Map<Group, String> groups = new TreeMap<>();
    groups.put(Group.ORDER, text(values.get(1), values.subList(2, 4)));
    groups.put(Group.SCAN, text(values.get(4), values.subList(5, 7)));
    groups.put(Group.DELETION, text(values.get(7), values.subList(8, 9)));
    return groups.toString();
  }

  private static String text(Object version, List<Object> values) {
    if (version != null) {
      return values.toString();
    }
    return values.stream().allMatch(Objects::isNull) ? "untouched" : "no version but " + values;
  }
}
