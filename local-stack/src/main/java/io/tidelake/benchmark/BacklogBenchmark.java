/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackOptions;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.SourceRow;
import io.tidelake.workload.SourceTable;
import io.tidelake.workload.Truth;
import io.tidelake.workload.WorkloadOptions;
import io.tidelake.workload.WorkloadWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.table.api.TableEnvironment;

/**
 * How fast a backlog in Kafka is worked off: by the whole chain, and by a bare Flink job that
 * copies the same topics into one plain table, on the same machine, one after the other.
 */
public final class BacklogBenchmark {

  private static final Duration NO_PROGRESS_FOR = Duration.ofMinutes(2);
  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(20);
  private static final Duration COPY_WITHIN = Duration.ofMinutes(15);

  private final Path project;
  private final WorkloadOptions workload;
  private final Path workDir;

  /**
   * The rates of one run.
   *
   * @param changes row changes in the backlog
   * @param bareCopyPerSecond changes a second of the bare copy
   * @param odsPerSecond changes a second until ODS showed all of them
   * @param chainPerSecond changes a second until every layer was done
   */
  public record Result(
      long changes, double bareCopyPerSecond, double odsPerSecond, double chainPerSecond) {

    /** The whole chain's rate as a share of the bare copy's. */
    @JsonProperty
    public double ratio() {
      return chainPerSecond / bareCopyPerSecond;
    }
  }

  /**
   * @param workload makes the backlog
   * @param workDir an empty folder
   */
  public BacklogBenchmark(Path project, WorkloadOptions workload, Path workDir) {
    this.project = project;
    this.workload = workload;
    this.workDir = workDir;
  }

  /** Fills Kafka, then measures both. */
  public Result run() throws Exception {
    try (LocalStack stack =
        LocalStack.start(workDir, StackOptions.of(project, "3g"), System.err::println)) {
      LakeConfig config = LakeConfig.load(project, stack.addresses().configuration());
      new WorkloadWriter(
              stack.addresses().jdbcUrl(),
              config.source().timeZone(),
              Double.MAX_VALUE,
              (rows, time) -> {})
          .write(workload);
      Truth truth = Truth.of(workload);
      awaitBacklog(config, truth.changes());
      System.err.println(truth.changes() + " changes are in Kafka");
      double copySeconds = copy(stack, config);
      System.err.printf("bare copy: %.1f s%n", copySeconds);
      List<TableDefinition> tables = TableFiles.of(config).read();
      try (LakeCatalog catalog = LakeCatalog.open(config)) {
        TablePlan.of(tables, catalog).apply(catalog);
        return chain(config, catalog, tables, truth, copySeconds);
      }
    }
  }

  private static void awaitBacklog(LakeConfig config, long changes) throws Exception {
    long last = -1;
    Instant moved = Instant.now();
    Map<String, Object> kafka = Map.of("bootstrap.servers", config.source().bootstrapServers());
    try (SourceTopics topics = new SourceTopics(kafka, KAFKA_WITHIN)) {
      while (true) {
        long messages =
            topics(config).stream()
                .flatMap(topic -> topics.ends(topic).values().stream())
                .mapToLong(end -> end)
                .sum();
        if (messages >= changes) {
          return;
        }
        moved = messages > last ? Instant.now() : moved;
        last = messages;
        failWhenStuck(moved, messages + " of " + changes + " changes are in Kafka");
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  /** Copies all topics, each message once, into a deduplicate table that compacts by itself. */
  private double copy(LocalStack stack, LakeConfig config) throws Exception {
    Configuration flink = new Configuration();
    flink.set(DeploymentOptions.TARGET, "remote");
    flink.set(DeploymentOptions.ATTACHED, true);
    flink.set(RestOptions.ADDRESS, "127.0.0.1");
    flink.set(RestOptions.PORT, stack.addresses().port("flink"));
    TableEnvironment session = FlinkSession.open(config, RuntimeExecutionMode.STREAMING, flink);
    session.executeSql("CREATE DATABASE bare");
    session.executeSql(
        """
        CREATE TABLE bare.copied (
          topic STRING, message_key STRING, payload STRING, PRIMARY KEY (topic, message_key) NOT ENFORCED
        ) WITH ('bucket' = '1', 'file.format' = 'parquet')
        """);
    session.executeSql(
        """
        CREATE TEMPORARY TABLE all_topics (
          topic STRING METADATA VIRTUAL, message_key STRING, payload STRING
        ) WITH (
          'connector' = 'kafka', 'topic' = '%s', 'properties.bootstrap.servers' = '%s',
          'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
          'key.format' = 'raw', 'key.fields' = 'message_key', 'value.format' = 'raw',
          'value.fields-include' = 'EXCEPT_KEY')
        """
            .formatted(String.join(";", topics(config)), config.source().bootstrapServers()));
    Instant start = Instant.now();
    session
        .executeSql("INSERT INTO bare.copied SELECT topic, message_key, payload FROM all_topics")
        .await(COPY_WITHIN.toSeconds(), TimeUnit.SECONDS);
    return seconds(start, Instant.now());
  }

  private Result chain(
      LakeConfig config,
      LakeCatalog catalog,
      List<TableDefinition> tables,
      Truth truth,
      double copySeconds)
      throws Exception {
    StreamingJobs jobs = new StreamingJobs(config);
    FlinkCluster flink = new FlinkCluster(config.cluster().restAddress());
    // The others wait for input; the clock starts with the capture, like the copy's.
    config.jobs().keySet().stream().filter(job -> !job.equals("capture")).forEach(jobs::start);
    Instant start = Instant.now();
    jobs.start("capture");
    Map<String, Long> before = new HashMap<>();
    Instant moved = Instant.now();
    Instant odsDone = null;
    while (true) {
      flink.checkNoneFailed();
      // The lake's own records never rest: its clock goes on.
      Map<String, Long> now =
          tables.stream()
              .filter(table -> !OpsTable.isOne(table.name()))
              .collect(
                  Collectors.toMap(TableDefinition::name, t -> catalog.latestSnapshotId(t.name())));
      if (!now.equals(before)) {
        before = now;
        moved = Instant.now();
      }
      if (odsDone == null && odsComplete(catalog, truth)) {
        odsDone = Instant.now();
        System.err.printf("ODS complete: %.1f s%n", seconds(start, odsDone));
      }
      if (odsDone != null && seconds(moved, Instant.now()) > 8) {
        System.err.printf("all layers done: %.1f s%n", seconds(start, moved));
        return new Result(
            truth.changes(),
            truth.changes() / copySeconds,
            truth.changes() / seconds(start, odsDone),
            truth.changes() / seconds(start, moved));
      }
      failWhenStuck(moved, "ODS is not complete");
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private static boolean odsComplete(LakeCatalog catalog, Truth truth) {
    return truth.missingRows(catalog).stream().noneMatch(table -> table.startsWith("ods_"));
  }

  private static void failWhenStuck(Instant moved, String what) {
    if (Duration.between(moved, Instant.now()).compareTo(NO_PROGRESS_FOR) > 0) {
      throw new LakeException(
          ErrorCode.BENCHMARK_STUCK,
          "Nothing has moved for " + NO_PROGRESS_FOR.toSeconds() + " s: " + what + ".",
          "Look at the logs in the work directory.");
    }
  }

  private static List<String> topics(LakeConfig config) {
    return SourceRow.TABLES.stream()
        .map(kind -> config.source().topicPrefix() + "." + SourceTable.of(kind).name())
        .toList();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}
