/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.run.BackfillRunner;
import io.tidelake.cli.Lake;
import io.tidelake.config.ClusterConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.demo.Comparison;
import io.tidelake.demo.SelfCheck;
import io.tidelake.merge.law.Version;
import io.tidelake.process.FreePorts;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.process.Jvm;
import io.tidelake.stack.server.FlinkEngineServer;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.RowChange;
import io.tidelake.workload.SourceTable;
import io.tidelake.workload.Truth;
import io.tidelake.workload.Workload;
import io.tidelake.workload.WorkloadExport;
import io.tidelake.workload.WorkloadOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backfills by the {@code lake} command, each in a process of its own, while a stream writes the
 * same tables and a compaction job works on them. The order system's rows reach ODS with a fifth of
 * them lost; the job {@code facts} streams them into the wide fact; backfills bring back what was
 * lost, into the wide fact and, by jobs on the stream's own cluster, into ODS; one is undone, and
 * brought back. Their processes, the engine of the stream and the engine of the compaction are
 * ended with SIGKILL at random moments, among them: before a run is recorded, between a commit and
 * its receipt, right after a tag.
 *
 * <p>At the end every row is what the order system knows. Each partition was committed once. The
 * receipts of days that the stream leaves alone are those of an undisturbed run on a copy of the
 * lake; of the day that it writes, the numbers that do not depend on who came first are right.
 *
 * <p>A run is replayed with {@code -Dlake.seed=<seed>}: the same rows, losses and kinds of kills,
 * though not at the same moments of the jobs.
 */
@Tag("soak")
class BackfillUnderKillsTest {

  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String SCANS = "dwd_logistics_event";
  private static final String ODS_SCANS = "ods_logistics_event";
  private static final List<String> QUIET_DAYS = List.of("2026-06-17", "2026-06-18");
  private static final String LIVE_DAY = "2026-06-19";
  private static final Map<String, String> SETTINGS =
      Map.of("open-days", "36500", "backfill/rows-per-second", "120");

  private static final BackfillLimits LIMITS = new BackfillLimits(2, 0, 1000);
  private static final int LOST_PERCENT = 20;
  private static final int CHANGES_A_COMMIT = 20;
  private static final Duration BETWEEN_COMMITS = Duration.ofMillis(400);
  private static final int KILLED_WITHIN_MILLIS = 9_000;
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(90);
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(3);
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  /** Where the jobs of a backfill run: in its process, or in the engine of the stream. */
  private static final List<String> EMBEDDED = List.of();

  private static final List<String> CLUSTER = List.of("--cluster");
  private static final String ENGINE_OF_STREAM = "engine of facts";

  /** See MergeLawUnderKillsTest. */
  private static final String RESTART_AFTER_RECOVERY =
      "intentionally thrown after committing the restored checkpoints";

  /** When a process of a backfill is killed. */
  private enum Moment {
    AT_ANY_TIME,
    WHEN_IT_HOLDS_A_LOCK,
    WHEN_IT_HAS_COMMITTED,
    WHEN_IT_HAS_A_TAG
  }

  private final long seed = Long.getLong("lake.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final WorkloadOptions workload =
      new WorkloadOptions(seed, 160, LocalDate.parse(QUIET_DAYS.get(0)), 3, 40);
  private final Map<String, Integer> kills = new TreeMap<>();
  private final AtomicInteger processes = new AtomicInteger();
  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicInteger logPosition = new AtomicInteger();

  @TempDir private Path folder;
  private LakeConfig config;
  private LakeCatalog catalog;
  private BackfillRecords records;
  private Instant asOf;
  private ScheduledExecutorService clock;
  private BatchEngine undisturbed;
  private Engine streaming;
  private Engine compaction;

  /** An engine with a streaming job, which is killed and started again. */
  private final class Engine {

    private final String job;
    private Future<ChildProcess> process;
    private String address;
    private FlinkCluster cluster;

    Engine(String job) {
      this.job = job;
      this.process = clock.submit(this::start);
    }

    private ChildProcess start() throws Exception {
      int port = FreePorts.next();
      ChildProcess started = FlinkEngineServer.start(logs(), port, "512m");
      address = "127.0.0.1:" + port;
      cluster = new FlinkCluster(address);
      new StreamingJobs(
              config.withCluster(
                  new ClusterConfig(address, folder.resolve("checkpoints").toString())))
          .start(job);
      return started;
    }

    ChildProcess process() throws Exception {
      return process.get(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS);
    }

    void kill() throws Exception {
      assertNotFailed();
      sigkill(process());
      count("engine of " + job);
      process = clock.submit(this::start);
    }

    void assertNotFailed() throws Exception {
      process();
      String failure = cluster.lastFailure(cluster.runningJob(job).id());
      assertThat(failure)
          .as("failure of " + job)
          .satisfiesAnyOf(
              nothing -> assertThat(nothing).isEmpty(),
              wanted -> assertThat(wanted).contains(RESTART_AFTER_RECOVERY));
    }

    /** What was committed before has been read, and written, when three more are complete. */
    void awaitCheckpoints() throws Exception {
      process();
      String id = cluster.runningJob(job).id();
      long before = cluster.checkpoints(id).completed();
      await("three checkpoints of " + job)
          .atMost(SETTLED_WITHIN)
          .until(() -> cluster.checkpoints(id).completed() >= before + 3);
    }
  }

  @BeforeEach
  void createLake() throws Exception {
    System.out.printf("Replay with -Dlake.seed=%d%n", seed);
    config =
        LakeConfig.load(ProjectFile.find(), SETTINGS).withWarehouse(folder.resolve("warehouse"));
    catalog = LakeCatalog.open(config);
    List<TableDefinition> all = TableFiles.of(config).read();
    TablePlan.of(
            all.stream()
                .filter(
                    table ->
                        table.name().matches("(ods|dim|ops_backfill)_.*")
                            || Set.of(WIDE, SCANS, "ops_dead_letter", "ops_lake_clock")
                                .contains(table.name()))
                .toList(),
            catalog)
        .apply(catalog);
    records = new BackfillRecords(catalog);
    asOf = new WorkloadExport(all).write(workload, folder.resolve("export")).asOf();
    clock = Executors.newScheduledThreadPool(3);
    undisturbed = BatchEngine.embedded(2);
    feed(Fed.BEFORE);
    streaming = new Engine("facts");
    compaction = new Engine(StreamingJobs.COMPACTION);
  }

  @AfterEach
  void stop() throws Exception {
    clock.shutdown();
    assertThat(clock.awaitTermination(STARTED_WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (Engine engine : List.of(streaming, compaction)) {
      engine.process().close();
    }
    undisturbed.close();
    catalog.close();
    System.out.printf("Killed with seed %d: %s%n", seed, kills);
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void endsAsIfNothingHadHappened() throws Exception {
    endsAsIfNothingHadHappened(5, 2);
  }

  @Test
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void endsAsIfNothingHadHappenedAfterManyKills() throws Exception {
    endsAsIfNothingHadHappened(32, 3);
  }

  /**
   * @param least how many kills there are at least
   * @param inACommand how many there are while one command is at work, at most
   */
  private void endsAsIfNothingHadHappened(int least, int inACommand) throws Exception {
    streaming.awaitCheckpoints();
    Future<?> live = feedLiveDay();
    do {
      fillUndoAndBringBack(least - 1, inACommand);
    } while (killed() < least - inACommand);
    try (Reference reference = new Reference()) {
      BackfillRun scans =
          killWhile(least - killed(), ODS_SCANS, run(ODS_SCANS, "logistics_event"), CLUSTER);
      reference.check(scans, ODS_SCANS, reference.run(ODS_SCANS, "logistics_event"));
    }
    while (killed() < least) {
      // A process was faster than its killer.
      fillUndoAndBringBack(least, inACommand);
    }
    assertThat(live.isDone()).as("the live day could not be written").isFalse();
    live.cancel(false);
    feed(Fed.LIVE);

    Truth truth = Truth.of(workload);
    await("all layers to hold what the order system knows, seed " + seed)
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertHolds(WIDE, "fulfillment_id", truth.fulfillments());
              assertHolds(SCANS, "event_id", truth.scans());
            });
    // What was right for a moment and then went wrong was not right.
    streaming.awaitCheckpoints();
    assertHolds(WIDE, "fulfillment_id", truth.fulfillments());
    assertHolds(SCANS, "event_id", truth.scans());
    streaming.assertNotFailed();
    compaction.assertNotFailed();
    assertNothingIsHeld();
  }

  /** Fills the wide fact, undoes that, and undoes the undo. */
  private void fillUndoAndBringBack(int most, int inACommand) throws Exception {
    Map<Long, String> before = quietRows();
    try (Reference reference = new Reference()) {
      BackfillRun filled =
          killWhile(kills(most, inACommand), WIDE, run(WIDE, "fulfillment_wide"), EMBEDDED);
      String undisturbedRun =
          reference.check(filled, WIDE, reference.run(WIDE, "fulfillment_wide"));

      BackfillRun undo = killWhile(kills(most, inACommand), WIDE, undo(filled.id()), EMBEDDED);
      undisturbedRun = reference.check(undo, WIDE, reference.undo(undisturbedRun));
      Map<Long, String> after = quietRows();
      assertThat(after.keySet()).containsAll(before.keySet());
      after.forEach(
          (id, row) ->
              assertThat(row)
                  .as("fulfillment order %d after the undo, seed %d", id, seed)
                  .isEqualTo(before.getOrDefault(id, "deleted")));

      BackfillRun broughtBack = killWhile(kills(most, inACommand), WIDE, undo(undo.id()), EMBEDDED);
      reference.check(broughtBack, WIDE, reference.undo(undisturbedRun));
    }
  }

  private int kills(int most, int inACommand) {
    return Math.max(0, Math.min(inACommand, most - killed()));
  }

  private int killed() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void count(String what) {
    kills.merge(what, 1, Integer::sum);
  }

  // Backfills in processes of their own

  private List<String> run(String target, String exported) {
    return List.of(
        "run", target, "--parquet", export(exported).toString(), "--as-of", asOf.toString());
  }

  private static List<String> undo(String run) {
    return List.of("undo", run);
  }

  private Path export(String name) {
    return folder.resolve("export").resolve(name);
  }

  /** Runs a command of {@code lake backfill} to its end, through some kills. */
  private BackfillRun killWhile(
      int killsLeft, String target, List<String> command, List<String> where) throws Exception {
    Set<String> earlier = records.runs().stream().map(BackfillRun::id).collect(Collectors.toSet());
    List<String> next = command;
    int left = killsLeft;
    while (true) {
      ChildProcess process = start(next, where);
      int engines = kills.getOrDefault(ENGINE_OF_STREAM, 0);
      boolean ended = left == 0 || !kill(process, target);
      left = Math.max(0, left - 1);
      if (ended && process.awaitEnd(ENDED_WITHIN).orElse(-1) != 0) {
        List<String> log = process.lastLines(30);
        process.close();
        // Its jobs have ended with the engine.
        ended = where.equals(EMBEDDED) || kills.getOrDefault(ENGINE_OF_STREAM, 0) == engines;
        assertThat(ended).as("%s failed:%n%s", next, String.join("\n", log)).isFalse();
      }
      process.close();
      Optional<BackfillRun> run =
          records.runs().stream().filter(started -> !earlier.contains(started.id())).findFirst();
      if (run.isPresent() && run.get().state() == BackfillRun.State.done) {
        return run.get();
      }
      assertThat(ended).as("%s ended well, and is not done", next).isFalse();
      next = run.isEmpty() ? command : List.of("resume", run.get().id());
    }
  }

  private ChildProcess start(List<String> command, List<String> where) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add("backfill");
    arguments.addAll(command);
    arguments.addAll(where);
    streaming.process();
    arguments.addAll(List.of("--set", "cluster/rest-address=" + streaming.address));
    arguments.addAll(List.of("--project", ProjectFile.find().toString()));
    SETTINGS.forEach((path, value) -> arguments.addAll(List.of("--set", path + "=" + value)));
    arguments.addAll(List.of("--set", "catalog/warehouse=" + config.catalog().get("warehouse")));
    return ChildProcess.startJava(
        "backfill-" + processes.incrementAndGet(),
        logs(),
        Jvm.likeThis("512m").with(Map.of(Installation.PROPERTY, Installation.root().toString())),
        Lake.class.getName(),
        arguments);
  }

  /**
   * Kills the process of a backfill, or an engine while it is at work.
   *
   * @return false when it was not killed: it had ended before, or an engine was killed
   */
  private boolean kill(ChildProcess process, String target) throws Exception {
    int victim = random.nextInt(4);
    Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
    long millis = random.nextInt(KILLED_WITHIN_MILLIS);
    FileStoreTable table = catalog.table(target);
    Path files = Path.of(table.location().toUri().getPath());
    long latest = catalog.latestSnapshotId(target);
    long tags = count(files.resolve("tag"));
    long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    BooleanSupplier reached =
        switch (moment) {
          case AT_ANY_TIME -> () -> System.nanoTime() >= at;
          case WHEN_IT_HOLDS_A_LOCK -> () -> holdsALock(process, files.resolve("backfill-lock"));
          case WHEN_IT_HAS_COMMITTED ->
              () ->
                  snapshots(table, latest).stream()
                      .anyMatch(snapshot -> snapshot.commitUser().startsWith("backfill "));
          case WHEN_IT_HAS_A_TAG -> () -> count(files.resolve("tag")) > tags;
        };
    await(moment.toString())
        .atMost(ENDED_WITHIN)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> reached.getAsBoolean() || !process.isAlive());
    if (!process.isAlive()) {
      return false;
    }
    if (victim == 0) {
      streaming.kill();
      return false;
    }
    if (victim == 1) {
      compaction.kill();
      return false;
    }
    sigkill(process);
    count("backfill " + moment);
    return true;
  }

  private static boolean holdsALock(ChildProcess process, Path locks) {
    String holder = "\t" + process.pid().orElse(-1) + "\t";
    try (Stream<Path> files = Files.exists(locks) ? Files.list(locks) : Stream.empty()) {
      for (Path lock : files.toList()) {
        if (Files.readString(lock).contains(holder)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Snapshot> snapshots(FileStoreTable table, long after) {
    Long latest = table.snapshotManager().latestSnapshotId();
    List<Snapshot> snapshots = new ArrayList<>();
    for (long id = after + 1; latest != null && id <= latest; id++) {
      snapshots.add(table.snapshotManager().snapshot(id));
    }
    return snapshots;
  }

  private static long count(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      // Paimon's files in the making begin with a dot.
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sigkill(ChildProcess process) throws InterruptedException {
    process.kill();
    assertThat(process.awaitEnd(STARTED_WITHIN)).as("ended by SIGKILL").isPresent();
    process.close();
  }

  private Path logs() {
    return Path.of("target", "kills").toAbsolutePath();
  }

  // What must come out

  /** The lake as it is now, in a copy where nothing disturbs a backfill. */
  private final class Reference implements AutoCloseable {

    private final LakeConfig copy =
        config.withWarehouse(folder.resolve("copy-" + copies.incrementAndGet()));

    Reference() throws Exception {
      streaming.awaitCheckpoints();
      copy(Path.of(config.catalog().get("warehouse")), Path.of(copy.catalog().get("warehouse")));
    }

    @Override
    public void close() throws IOException {
      FileUtils.deleteDirectory(new File(copy.catalog().get("warehouse")));
    }

    String run(String target, String exported) throws Exception {
      return with(
          runner ->
              runner.run(
                  new BackfillRequest(
                      target,
                      BackfillMode.FILL,
                      asOf,
                      "parquet:" + export(exported),
                      LakeConfig.load(ProjectFile.find(), Map.of())
                          .folders()
                          .mappings()
                          .resolve(target + ".sql"),
                      List.of()),
                  LIMITS));
    }

    String undo(String run) throws Exception {
      return with(runner -> runner.undo(run, LIMITS));
    }

    private String with(Command command) throws Exception {
      try (LakeCatalog tables = LakeCatalog.open(copy)) {
        return command
            .with(new BackfillRunner(copy, tables, undisturbed, BackfillProgress.NONE))
            .id();
      }
    }

    /**
     * Compares a run with the undisturbed one.
     *
     * @return the undisturbed run
     */
    String check(BackfillRun run, String target, String expected) {
      Map<String, Receipt> receipts = byDay(records.receipts(run.id()));
      try (LakeCatalog tables = LakeCatalog.open(copy)) {
        Map<String, Receipt> wanted = byDay(new BackfillRecords(tables).receipts(expected));
        assertThat(receipts.keySet())
            .isEqualTo(wanted.keySet())
            .containsAll(QUIET_DAYS)
            .contains(LIVE_DAY);
        for (String day : QUIET_DAYS) {
          assertThat(receipts.get(day).counts())
              .as("%s of %s, seed %d", day, run.id(), seed)
              .isEqualTo(wanted.get(day).counts());
          assertThat(receipts.get(day).rejected()).isEqualTo(wanted.get(day).rejected());
        }
        ChangeCounts live = receipts.get(LIVE_DAY).counts();
        assertThat(live.replacedRealTime()).isZero();
        assertThat(live.inserted() + live.changed() + live.refused() + live.unchanged())
            .isEqualTo(live.offered());
        if (run.undoneRun().isEmpty()) {
          assertThat(live.offered()).isEqualTo(wanted.get(LIVE_DAY).counts().offered());
        }
      }
      receipts.forEach((day, receipt) -> assertCommittedOnce(run, target, receipt));
      return expected;
    }
  }

  /** What is done with a runner. */
  private interface Command {
    BackfillRun with(BackfillRunner runner) throws Exception;
  }

  private static Map<String, Receipt> byDay(List<Receipt> receipts) {
    return receipts.stream().collect(Collectors.toMap(Receipt::dt, Function.identity()));
  }

  private void assertCommittedOnce(BackfillRun run, String target, Receipt receipt) {
    String user = "backfill " + run.id() + " " + receipt.dt() + "_";
    long commits =
        snapshots(catalog.table(target), 0).stream()
            .filter(snapshot -> snapshot.commitUser().startsWith(user))
            .count();
    assertThat(commits)
        .as("commits of %s", user)
        .isEqualTo(receipt.snapshotAfter() - receipt.snapshotBefore());
  }

  /** Snapshots that a run holds would never expire. */
  private void assertNothingIsHeld() {
    for (String target : List.of(WIDE, ODS_SCANS)) {
      Path table = Path.of(catalog.table(target).location().toUri().getPath());
      assertThat(count(table.resolve("consumer"))).as("consumers of " + target).isZero();
    }
  }

  /**
   * Snapshots first, and then what they name, which a lake keeps that is written meanwhile. Without
   * the hints, which may be newer.
   */
  private static void copy(Path from, Path to) throws IOException {
    copy(from, to, file -> isSnapshot(file) && file.getFileName().toString().startsWith("snap"));
    copy(from, to, file -> !isSnapshot(file));
  }

  private static boolean isSnapshot(Path file) {
    return file.getParent().endsWith("snapshot");
  }

  private static void copy(Path from, Path to, Predicate<Path> which) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).filter(which).toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      try {
        Files.copy(file, target);
      } catch (NoSuchFileException e) {
        // A file in the making, or of a compaction that was given up.
      }
    }
  }

  private void assertHolds(String table, String key, Map<Long, Map<String, Object>> expected) {
    Comparison comparison =
        SelfCheck.withTruth(FlinkSession.openBatch(config), table, key, expected);
    assertThat(comparison.agrees()).as("%s, seed %d", comparison, seed).isTrue();
  }

  /** The values of the wide fact's quiet days, versions left out; a deleted row is just that. */
  private Map<Long, String> quietRows() throws Exception {
    streaming.awaitCheckpoints();
    Map<Long, String> rows = new TreeMap<>();
    String days = QUIET_DAYS.stream().collect(Collectors.joining("', '", "'", "'"));
    SelfCheck.rows(
            FlinkSession.openBatch(config), "SELECT * FROM " + WIDE + " WHERE dt IN (" + days + ")")
        .forEach(
            row -> {
              Map<String, Object> values = new LinkedHashMap<>();
              row.getFieldNames(true).stream()
                  .filter(name -> !name.endsWith("_version"))
                  .forEach(name -> values.put(name, row.getField(name)));
              boolean nobodyKnowsIt =
                  Boolean.TRUE.equals(values.get("is_deleted"))
                      && values.values().stream().filter(Objects::nonNull).count() == 3;
              rows.put(
                  (Long) row.getField("fulfillment_id"),
                  nobodyKnowsIt ? "deleted" : values.toString());
            });
    return rows;
  }

  // The order system's changes, as change capture would write them

  /** Which changes. */
  private enum Fed {
    /** All of the dimensions, and those of days that no stream writes later. */
    BEFORE,
    /** Those of the day that is written while backfills run. */
    LIVE
  }

  private void feed(Fed part) throws Exception {
    write(changes(part));
  }

  /** Again and again: repeats change nothing. */
  private Future<?> feedLiveDay() {
    List<RowChange> live = changes(Fed.LIVE);
    AtomicInteger next = new AtomicInteger();
    return clock.scheduleWithFixedDelay(
        () -> {
          List<RowChange> some =
              IntStream.range(0, CHANGES_A_COMMIT)
                  .mapToObj(i -> live.get(next.getAndIncrement() % live.size()))
                  .toList();
          try {
            write(some);
          } catch (Exception e) {
            throw new IllegalStateException("Cannot write the live day", e);
          }
        },
        0,
        BETWEEN_COMMITS.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private List<RowChange> changes(Fed part) {
    List<RowChange> changes = new ArrayList<>();
    new Workload(workload).forEachRemaining(changes::addAll);
    return changes.stream()
        .filter(change -> (part == Fed.LIVE) == isLive(change))
        .filter(change -> !isLost(change))
        .toList();
  }

  private static boolean isLive(RowChange change) {
    return LIVE_DAY.equals(String.valueOf(change.row().values().get("order_date")));
  }

  /** A row is lost with all of its changes. */
  private boolean isLost(RowChange change) {
    return SourceTable.of(change.row().getClass()).isFact()
        && new Random(
                    Objects.hash(seed, change.row().getClass().getSimpleName(), change.row().key()))
                .nextInt(100)
            < LOST_PERCENT;
  }

  private void write(List<RowChange> changes) throws Exception {
    Map<String, List<GenericRow>> rows = new HashMap<>();
    for (RowChange change : changes) {
      String table = SourceTable.of(change.row().getClass()).mirror();
      rows.computeIfAbsent(table, name -> new ArrayList<>()).add(row(table, change));
    }
    for (Map.Entry<String, List<GenericRow>> table : rows.entrySet()) {
      PaimonRows.write(catalog.table(table.getKey()), table.getValue());
    }
  }

  private GenericRow row(String table, RowChange change) {
    Map<String, Object> values = change.row().values();
    boolean deleted = change.operation() == RowChange.Operation.DELETE;
    if (values.containsKey("order_date")) {
      values.put("dt", values.get("order_date").toString());
    }
    values.put("is_deleted", deleted);
    values.put(
        "row_version",
        Version.realTime(
            ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) values.get("updated_at")),
            deleted ? 1 : 0));
    values.put("log_position", (long) logPosition.incrementAndGet());
    List<DataField> fields = catalog.table(table).rowType().getFields();
    return GenericRow.of(
        fields.stream()
            .map(field -> PaimonRows.value(values.get(field.name()), field.type()))
            .toArray());
  }
}
