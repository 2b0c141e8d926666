package io.tidelake.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.PaimonRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ReadBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a job in trouble: one that fails again and again, or whose state is of no use.
 */
class JobRecoveryTest {

  private static final String JOB = "total";
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private LakeHome home;
  private LakeConfig config;
  private LakeCatalog catalog;
  private FlinkEngine engine;
  private FlinkCluster cluster;

  @BeforeEach
  void createLake() throws Exception {
    home = new LakeHome(Files.createDirectories(folder.resolve("project")));
    Files.createDirectories(home.sources());
    Files.createDirectories(home.pipelines());
    writePipeline("SUM(100 / amount)");
    engine = FlinkEngine.start(0, 2);
    cluster = new FlinkCluster(engine.restAddress());
    config =
        LakeConfig.load(LakeHome.find().config(), Map.of())
            .withWarehouse(folder.resolve("warehouse"))
            .withCluster(
                new LakeConfig.Cluster(
                    engine.restAddress(), folder.resolve("checkpoints").toString()))
            .withJobs(Map.of(JOB, new LakeConfig.Job(List.of("total"), null, null)));
    TableEnvironment session = FlinkSession.openBatch(config);
    session.executeSql(
        """
        CREATE TABLE dwd_number (grp INT NOT NULL, n INT NOT NULL, amount INT, PRIMARY KEY (n) NOT ENFORCED)
        WITH ('bucket' = '1', 'changelog-producer' = 'input')
        """);
    session.executeSql(
        """
        CREATE TABLE dws_total (grp INT NOT NULL, numbers BIGINT, total INT, PRIMARY KEY (grp) NOT ENFORCED)
        WITH ('bucket' = '1')
        """);
    catalog = LakeCatalog.open(config);
  }

  @AfterEach
  void stop() throws Exception {
    catalog.close();
    engine.close();
  }

  @Test
  void whoWaitsForALoopingJobIsToldItsFailure() throws Exception {
    startLooping();

    for (Waiting waiting :
        List.<Waiting>of(
            cluster::checkNoneFailed,
            () -> cluster.awaitFirstCheckpoints(cluster::checkNoneFailed),
            () ->
                new Stillness(catalog, cluster, List.of("dws_total"), line -> {})
                    .await(List.of(JOB), SOON))) {
      assertThatThrownBy(waiting::run)
          .isInstanceOfSatisfying(
              LakeException.class, e -> assertThat(e.code()).isEqualTo("JOB_FAILED"))
          .hasMessageContaining("The job total fails again and again, at last with")
          .hasMessageContaining("ArithmeticException: / by zero");
    }
  }

  @Test
  void aJobThatFailedOnceIsNotFailing() throws Exception {
    insert(1, 1, 10);
    new StreamingJobs(home, config).start(JOB);
    awaitTotals("1 | 1 | 10");
    insert(1, 1, 0);
    FlinkCluster.JobStatus job = cluster.runningJob(JOB);
    await("a failure").atMost(SOON).until(() -> !cluster.failures(job.id()).isEmpty());
    assertThat(cluster.failing(cluster.job(job.id()))).isEmpty();
  }

  @FunctionalInterface
  private interface Waiting {
    void run() throws Exception;
  }

  /** Starts the job and feeds it a record that it cannot survive. */
  private FlinkCluster.JobStatus startLooping() throws Exception {
    insert(1, 1, 10);
    new StreamingJobs(home, config).start(JOB);
    awaitTotals("1 | 1 | 10");
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
        home.pipelines().resolve("total.sql"),
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
