/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.ClusterConfig;
import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.tables.flink.FlinkSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the status says of jobs in each state, on a real cluster. */
class JobsCheckTest {

  private static final Duration SOON = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void jobsThatAreMissingEndedOrFailingAreProblems() throws Exception {
    try (FlinkEngine engine = FlinkEngine.start(0, 4)) {
      LakeConfig config =
          LakeConfig.load(ProjectFile.find(), Map.of())
              .withWarehouse(folder.resolve("warehouse"))
              .withCluster(
                  new ClusterConfig(engine.restAddress(), folder.resolve("checkpoints").toString()))
              .withJobs(
                  Stream.of("missing", "ended", "failing", "running")
                      .collect(
                          Collectors.toMap(
                              Function.identity(), name -> new JobConfig(List.of(), null, null))));
      FlinkCluster cluster = new FlinkCluster(engine.restAddress());
      start(config, "running", "n");
      start(config, "ended", "n");
      start(config, "failing", "1 / (n - n)");
      // Of which the configuration knows nothing.
      start(config, "stranger", "1 / (n - n)");
      cluster.cancel(cluster.runningJob("ended"));
      for (String failing : List.of("failing", "stranger")) {
        String id = cluster.runningJob(failing).id();
        await(failing).atMost(SOON).until(() -> cluster.failing(cluster.job(id)).isPresent());
      }

      Findings findings = new Findings(Duration.ofSeconds(30));
      List<Health.Job> jobs = new JobsCheck(config, findings).run();

      assertThat(jobs)
          .extracting(Health.Job::name)
          .containsExactlyInAnyOrder("missing", "ended", "failing", "running", "stranger");
      assertThat(findings.problems())
          .extracting(problem -> problem.code() + " " + word(problem.message()))
          .containsExactlyInAnyOrder(
              "JOB_MISSING missing",
              "JOB_ENDED ended",
              "JOB_FAILING failing",
              "JOB_FAILING stranger");
      assertThat(findings.problems())
          .filteredOn(problem -> problem.code().equals("JOB_FAILING"))
          .allMatch(problem -> problem.message().contains("/ by zero"));
      assertThat(findings.problems())
          .filteredOn(problem -> !problem.code().equals("JOB_FAILING"))
          .allMatch(problem -> problem.whatToDo().contains("lake stream start "));
    }
  }

  /** The name of the job in a message. */
  private static String word(String message) {
    return message.split(" ")[2];
  }

  private static void start(LakeConfig config, String name, String expression) throws Exception {
    Configuration flink = new Configuration();
    FlinkCluster.submitTo(config.cluster().restAddress(), flink);
    flink.set(PipelineOptions.NAME, name);
    flink.setString("restart-strategy.type", "fixed-delay");
    flink.setString("restart-strategy.fixed-delay.attempts", "1000000");
    flink.setString("restart-strategy.fixed-delay.delay", "200 ms");
    StreamTableEnvironment session =
        FlinkSession.open(config, RuntimeExecutionMode.STREAMING, flink);
    session.executeSql(
        "CREATE TEMPORARY TABLE numbers (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '10')");
    session.executeSql("CREATE TEMPORARY TABLE nowhere (n INT) WITH ('connector' = 'blackhole')");
    session.executeSql("INSERT INTO nowhere SELECT " + expression + " FROM numbers");
  }
}
