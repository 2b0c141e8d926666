/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.config.ClusterConfig;
import io.tidelake.config.Folders;
import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.state.JobState;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.PaimonRows;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.options.ExpireConfig;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.OutOfRangeException;
import org.apache.paimon.table.source.ReadBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a job in trouble: one that fails again and again, or whose state is of no use.
 */
class JobRecoveryTest {

  private static final String JOB = "total";
  private static final Duration SOON = Duration.ofMinutes(3);

  private static FlinkEngine engine;

  @TempDir private Path folder;
  private Folders folders;
  private LakeConfig config;
  private LakeCatalog catalog;
  private FlinkCluster cluster;
  private StreamingJobs jobs;
  private JobHealing healing;

  @BeforeAll
  static void startEngine() throws Exception {
    engine = FlinkEngine.start(0, 4);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void createLake() throws Exception {
    folders = Folders.in(folder.resolve("project"));
    Files.createDirectories(folders.sources());
    Files.createDirectories(folders.pipelines());
    writePipeline("SUM(100 / amount)");
    cluster = new FlinkCluster(engine.restAddress());
    use(
        LakeConfig.load(ProjectFile.find(), Map.of())
            .withFolders(folders)
            .withWarehouse(folder.resolve("warehouse"))
            .withCluster(
                new ClusterConfig(engine.restAddress(), folder.resolve("checkpoints").toString()))
            .withJobs(Map.of(JOB, new JobConfig(List.of("total"), null, null))));
    TableEnvironment session = FlinkSession.openBatch(config);
    session.executeSql(
        """
        CREATE TABLE dwd_number (grp INT NOT NULL, n INT NOT NULL, amount INT, PRIMARY KEY (n) NOT ENFORCED)
        WITH ('bucket' = '1', 'changelog-producer' = 'input', 'continuous.discovery-interval' = '100 ms')
        """);
    session.executeSql(
        """
        CREATE TABLE dws_total (grp INT NOT NULL, numbers BIGINT, total INT, PRIMARY KEY (grp) NOT ENFORCED)
        WITH ('bucket' = '1')
        """);
    catalog = LakeCatalog.open(config);
    insert(1, 1, 10);
  }

  @AfterEach
  void endJob() throws Exception {
    for (FlinkCluster.JobStatus job : cluster.jobs()) {
      cluster.cancel(job);
    }
    catalog.close();
  }

  @Tag("soak")
  @Test
  void whoWaitsForALoopingJobIsToldItsFailure() throws Exception {
    startLooping();
    for (Waiting waiting :
        List.<Waiting>of(
            () -> cluster.checkNotFailing(cluster.runningJob(JOB)),
            () ->
                new Stillness(catalog, cluster, List.of("dws_total"), line -> {})
                    .await(List.of(JOB), SOON))) {
      assertThatThrownBy(waiting::run)
          .isInstanceOfSatisfying(
              LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_FAILED))
          .hasMessageContaining("The job total fails again and again, at last with")
          .hasMessageContaining("ArithmeticException: / by zero");
    }
    assertThatThrownBy(cluster::checkNoneFailed).hasMessageContaining("/ by zero");
    // Healing does not touch what it cannot heal.
    assertThat(healing.heal(line -> {}))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(JobHealing.Outcome.FAILS);
              assertThat(finding.reason()).contains("/ by zero");
            });
  }

  @Test
  void aJobThatFailedOnceIsNotFailing() throws Exception {
    startWithTotals("1 | 1 | 10");
    insert(1, 1, 0);
    FlinkCluster.JobStatus job = cluster.runningJob(JOB);
    await("a failure").atMost(SOON).until(() -> !cluster.failures(job.id()).isEmpty());
    assertThat(cluster.failing(cluster.job(job.id()))).isEmpty();
  }

  @Tag("soak")
  @Test
  void aLoopingJobStopsAtOnceAndGoesOnFromItsCheckpoint() throws Exception {
    FlinkCluster.JobStatus job = startLooping();
    await("restart")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> cluster.job(job.id()).state().equals("RESTARTING"));

    StreamingJobs.Stopped stopped = jobs.stop(JOB, true);

    assertThat(stopped).isEqualTo(new StreamingJobs.Stopped(JOB, "RESTARTING", Optional.empty()));
    assertThat(cluster.job(job.id()).state()).isEqualTo("CANCELED");
    assertThat(jobs.start(JOB).checkpoint()).isPresent();
  }

  @Tag("soak")
  @Test
  void aSavepointThatFailsSaysWhyAndTheJobCanBeEndedWithout() throws Exception {
    startWithTotals("1 | 1 | 10");
    LakeConfig elsewhere =
        config.withCluster(new ClusterConfig(engine.restAddress(), "/proc/checkpoints"));

    assertThatThrownBy(() -> new StreamingJobs(elsewhere).stop(JOB, true))
        .isInstanceOfSatisfying(
            LakeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SAVEPOINT_FAILED);
              assertThat(e.remedy()).contains("lake stream stop total --without-savepoint");
            })
        .hasMessageContaining("Failed to create savepoint directory")
        .hasMessageContaining("/proc/checkpoints");
    assertThat(cluster.runningJob(JOB).state()).isEqualTo("RUNNING");

    assertThat(jobs.stop(JOB, false))
        .isEqualTo(new StreamingJobs.Stopped(JOB, "RUNNING", Optional.empty()));
    assertThat(jobs.start(JOB).checkpoint()).isPresent();
    awaitCheckpoint();
    assertThat(jobs.stop(JOB, true).savepoint()).hasValueSatisfying(this::isNewest);
  }

  @Test
  void aJobThatIsMadeOfSomethingElseRebuildsItsState() throws Exception {
    startWithTotals("1 | 1 | 10");
    jobs.stop(JOB, false);
    assertThat(jobs.start(JOB).from()).as("nothing has changed").contains("/chk-");
    jobs.stop(JOB, false);

    writePipeline("SUM(200 / amount)");
    assertRebuilds("pipeline total has changed");
    awaitTotals("1 | 1 | 20");
    awaitCheckpoint();
    jobs.stop(JOB, false);

    Map<String, String> flink = new HashMap<>(config.flink());
    flink.put("parallelism.default", "2");
    flink.put("execution.checkpointing.interval", "2 s");
    use(config.withFlink(flink));
    assertRebuilds("parallelism.default was 1 and is 2");
    awaitCheckpoint();
    jobs.stop(JOB, false);

    FlinkSession.openBatch(config).executeSql("ALTER TABLE dwd_number ADD note STRING");
    FlinkSession.openBatch(config)
        .executeSql("ALTER TABLE dws_total SET ('snapshot.time-retained' = '2 h')");
    StreamingJobs.Started started = assertRebuilds("table dwd_number has changed");
    assertThat(started.reason()).doesNotContain("dws_total", "parallelism");
    awaitCheckpoint();
    jobs.stop(JOB, false);

    Files.delete(currentRun().resolve("fingerprint.json"));
    assertRebuilds("it is not known what its checkpoints were made with");
  }

  @Tag("soak")
  @Test
  void stateThatDoesNotFitTheJobIsDiscarded() throws Exception {
    startWithTotals("1 | 1 | 10");
    jobs.stop(JOB, false);
    Files.writeString(
        folders.pipelines().resolve("total.sql"),
        "INSERT INTO dws_total SELECT grp, COUNT(*), MAX(amount) FROM (SELECT DISTINCT grp, amount FROM dwd_number) GROUP BY grp;");
    // As if the fingerprint had overlooked it.
    new ObjectMapper()
        .writeValue(
            currentRun().resolve("fingerprint.json").toFile(),
            new JobFingerprints(config).of(JOB).parts());

    StreamingJobs.Started started = jobs.start(JOB);

    assertThat(started.checkpoint()).isEmpty();
    assertThat(started.reason()).contains("its checkpoint is of no use");
    insert(1, 2, 30);
    awaitTotals("1 | 2 | 30");
  }

  @Tag("soak")
  @Test
  void fromNothingDiscardsTheStateEvenIfTheJobDiesBeforeItsFirstCheckpoint() throws Exception {
    startWithTotals("1 | 1 | 10");
    jobs.stop(JOB, false);
    Path old = currentRun();
    LakeConfig with = config;
    Map<String, String> flink = new HashMap<>(config.flink());
    flink.put("execution.checkpointing.interval", "1 h");
    // The first one comes after a random time between this and the interval.
    flink.put("execution.checkpointing.min-pause", "1 h");
    use(config.withFlink(flink));

    assertThatThrownBy(
            () ->
                new StreamingJobs(
                        config.withCluster(
                            new ClusterConfig("localhost:1", config.cluster().checkpoints())))
                    .startFromNothing(JOB))
        .isInstanceOf(LakeException.class);
    assertThat(jobs.latestCheckpoint(JOB)).as("nothing was submitted").isPresent();

    StreamingJobs.Started started = jobs.startFromNothing(JOB);
    await("it runs")
        .atMost(SOON)
        .until(() -> cluster.job(started.id().toString()).state().equals("RUNNING"));
    jobs.stop(JOB, false);

    assertThat(jobs.latestCheckpoint(JOB)).isEmpty();
    assertThat(old).as("not removed: the new job had none").isDirectory();
    use(with);
    StreamingJobs.Started again = jobs.start(JOB);
    assertThat(again.reason()).isEqualTo("there is no checkpoint");
    healing.watchStart(again, line -> {});
    assertThat(old).doesNotExist();
    awaitTotals("1 | 1 | 10");
  }

  @Tag("soak")
  @Test
  void checkpointsOfEarlierJobsGoWhenTheNewOneHasItsOwnAndSavepointsStay() throws Exception {
    startWithTotals("1 | 1 | 10");
    String first = cluster.runningJob(JOB).id();
    String savepoint = jobs.stop(JOB, true).savepoint().orElseThrow();
    StreamingJobs.Started second = jobs.start(JOB);
    assertThat(currentRun().resolve(first)).isDirectory();

    assertThat(healing.watchStart(second, line -> {})).isEqualTo(second);

    assertThat(currentRun().resolve(first)).doesNotExist();
    assertThat(currentRun().resolve(second.id().toString())).isDirectory();
    assertThat(Path.of(URI.create(savepoint))).isDirectory();
    assertThat(healing.heal(line -> {}))
        .containsExactly(new JobHealing.Finding(JOB, JobHealing.Outcome.RUNS, ""));
  }

  @Tag("soak")
  @Test
  void aStartFromAnExpiredSnapshotRebuilds() throws Exception {
    stopAndLosePlace();
    List<String> told = new ArrayList<>();

    StreamingJobs.Started started = jobs.start(JOB);
    assertThat(started.checkpoint()).isPresent();
    StreamingJobs.Started rebuilt = healing.watchStart(started, told::add);

    assertThat(rebuilt.id()).isNotEqualTo(started.id());
    assertThat(rebuilt.reason()).contains("its checkpoint is of no use", "has expired");
    assertThat(told).first().asString().contains("total is started again from the tables");
    awaitTotals("1 | 4 | 40");
  }

  @Tag("soak")
  @Test
  void aJobThatLoopsForItsLostPlaceIsHealed() throws Exception {
    stopAndLosePlace();
    assertThat(healing.heal(line -> {}))
        .as("it was stopped")
        .containsExactly(new JobHealing.Finding(JOB, JobHealing.Outcome.ABSENT, ""));
    String id = jobs.start(JOB).id().toString();
    await("loop").atMost(SOON).until(() -> cluster.failing(cluster.job(id)).isPresent());

    assertThat(healing.heal(line -> {}))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome()).isEqualTo(JobHealing.Outcome.REBUILT);
              assertThat(finding.reason()).contains("has expired");
            });
    assertThat(cluster.job(id).state()).isEqualTo("CANCELED");
    awaitTotals("1 | 4 | 40");
  }

  /** Paimon's compaction keeps the definitions that it was planned with, and fails with others. */
  @Tag("soak")
  @Test
  void aCompactionOfATableThatWasChangedIsHealed() throws Exception {
    use(config.withJobs(Map.of(StreamingJobs.COMPACTION, new JobConfig(List.of(), null, null))));
    FlinkSession.openBatch(config).executeSql("ALTER TABLE dwd_number SET ('write-only' = 'true')");
    String id = jobs.start(StreamingJobs.COMPACTION).id().toString();
    await("checkpoint").atMost(SOON).until(() -> cluster.checkpoints(id).completed() > 0);
    TableEnvironment session = FlinkSession.openBatch(config);
    session.executeSql("ALTER TABLE dwd_number ADD (note STRING)");
    session.executeSql("INSERT INTO dwd_number VALUES (1, 2, 10, 'new')").await();
    await("failures").atMost(SOON).until(() -> cluster.failing(cluster.job(id)).isPresent());

    List<JobFailure> failures = cluster.failures(id);
    assertThat(healing.heal(line -> {}))
        .as("after %s", failures)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.outcome())
                  .as(finding.reason())
                  .isEqualTo(JobHealing.Outcome.REBUILT);
              assertThat(finding.reason()).contains("larger than the base schema id");
            });
    String again = cluster.runningJob(StreamingJobs.COMPACTION).id();
    await("checkpoint").atMost(SOON).until(() -> cluster.checkpoints(again).completed() > 2);
    assertThat(cluster.failures(again)).isEmpty();
  }

  /** The second time, the task manager ends before the engine has looked at it once. */
  @Tag("soak")
  @Test
  void jobsGoOnWhenTheEnginesTaskManagerHasEndedTwice() throws Exception {
    startWithTotals("1 | 1 | 10");
    engine.endTaskManager();
    for (int number : List.of(0, 1)) {
      await(number + " task managers")
          .pollInterval(Duration.ofMillis(10))
          .atMost(SOON)
          .until(() -> engine.taskManagers() == number);
    }
    engine.endTaskManager();
    insert(1, 2, 10);
    awaitTotals("1 | 2 | 20");
  }

  @Tag("soak")
  @Test
  void whatAHealingThatDiedHadBegunIsDoneByTheNext() throws Exception {
    startWithTotals("1 | 1 | 10");
    JobState state = jobs.state(JOB);
    state.requestRebuild(state.begin(new JobFingerprints(config).of(JOB), Map.of()), "a test");
    jobs.stop(JOB, false);

    assertThat(healing.heal(line -> {}))
        .containsExactly(new JobHealing.Finding(JOB, JobHealing.Outcome.REBUILT, "a test"));
    awaitCheckpoint();
    assertThat(healing.heal(line -> {}))
        .containsExactly(new JobHealing.Finding(JOB, JobHealing.Outcome.RUNS, ""));
  }

  @Test
  void lostStateIsToldByTypes() {
    assertThat(failure(new OffsetOutOfRangeException(Map.of(new TopicPartition("carrier", 0), 7L))))
        .as("a gap is not passed without a person")
        .isFalse();
    assertThat(failure(new OutOfRangeException("any text"))).isTrue();
    assertThat(failure(new FileNotFoundException("any text"))).isTrue();
    assertThat(failure(new ConnectException("The snapshot with id 7 has expired"))).isFalse();
    assertThat(failure(new IllegalStateException("There is no operator for the state"))).isFalse();
  }

  private static boolean failure(Exception cause) {
    return JobFailure.of(new RuntimeException("One or more fetchers", cause)).isOfLostState();
  }

  private void use(LakeConfig with) {
    config = with;
    jobs = new StreamingJobs(config);
    healing = new JobHealing(config);
  }

  private void startWithTotals(String... totals) throws Exception {
    jobs.start(JOB);
    awaitTotals(totals);
    awaitCheckpoint();
  }

  private StreamingJobs.Started assertRebuilds(String reason) {
    StreamingJobs.Started started = jobs.start(JOB);
    assertThat(started.checkpoint()).isEmpty();
    assertThat(started.reason()).contains(reason);
    return started;
  }

  /** Stops the job, and has the snapshot expire at which it is to go on. */
  private void stopAndLosePlace() throws Exception {
    startWithTotals("1 | 1 | 10");
    jobs.stop(JOB, false);
    for (int number = 2; number <= 4; number++) {
      insert(1, number, 10);
    }
    FileStoreTable table = catalog.table("dwd_number");
    table
        .newExpireSnapshots()
        .config(
            ExpireConfig.builder()
                .snapshotRetainMin(1)
                .snapshotRetainMax(1)
                .changelogRetainMin(1)
                .changelogRetainMax(1)
                .build())
        .expire();
    assertThat(table.snapshotManager().earliestSnapshotId()).isEqualTo(4);
  }

  private void isNewest(String savepoint) {
    assertThat(jobs.latestCheckpoint(JOB).map(checkpoint -> checkpoint.replaceAll("^file:/*", "/")))
        .hasValue(savepoint.replaceAll("^file:/*", "/"));
  }

  private void awaitCheckpoint() throws Exception {
    String id = cluster.runningJob(JOB).id();
    await("checkpoint").atMost(SOON).until(() -> cluster.checkpoints(id).completed() > 0);
  }

  private Path currentRun() {
    return Path.of(jobs.state(JOB).run().orElseThrow().folder().getPath());
  }

  @FunctionalInterface
  private interface Waiting {
    void run() throws Exception;
  }

  /** Starts the job and feeds it a record that it cannot survive. */
  private FlinkCluster.JobStatus startLooping() throws Exception {
    startWithTotals("1 | 1 | 10");
    insert(1, 2, 0);
    FlinkCluster.JobStatus job = cluster.runningJob(JOB);
    await("failures").atMost(SOON).until(() -> cluster.failing(cluster.job(job.id())).isPresent());
    return cluster.job(job.id());
  }

  private void insert(int group, int number, int amount) throws Exception {
    PaimonRows.write(catalog.table("dwd_number"), List.of(GenericRow.of(group, number, amount)));
  }

  private void writePipeline(String total) throws Exception {
    Files.writeString(
        folders.pipelines().resolve("total.sql"),
        "INSERT INTO dws_total SELECT grp, COUNT(*), %s FROM dwd_number GROUP BY grp;"
            .formatted(total));
  }

  private void awaitTotals(String... rows) {
    await("totals")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(totals()).containsExactlyInAnyOrder(rows));
  }

  private List<String> totals() throws Exception {
    FileStoreTable table = catalog.table("dws_total");
    ReadBuilder read = table.newReadBuilder();
    List<String> rows = new ArrayList<>();
    try (RecordReader<InternalRow> reader =
        read.newRead().createReader(read.newScan().plan().splits())) {
      reader.forEachRemaining(
          row -> rows.add(row.getInt(0) + " | " + row.getLong(1) + " | " + row.getInt(2)));
    }
    return rows;
  }
}
