/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.config.LakeConfig;
import io.tidelake.process.BackgroundTask;
import io.tidelake.process.FreePorts;
import io.tidelake.project.ProjectFile;
import io.tidelake.publish.PublishedTable;
import io.tidelake.publish.Publisher;
import io.tidelake.query.trino.TrinoAddress;
import io.tidelake.query.trino.TrinoSession;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import io.tidelake.workload.Truth;
import io.tidelake.workload.WorkloadOptions;
import io.tidelake.workload.WorkloadTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.manifest.BucketEntry;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;

/**
 * A lake with a workload in it, published to a Hive Metastore and shown by a Trino. Made once for
 * all tests of this JVM, since the servers take long to start; they end with the JVM.
 */
public final class QueryLake {

  /** A tag of {@code dwd_fulfillment_wide} from the middle of the workload. */
  public static final String TAG = "half-way";

  /** A query that takes minutes. */
  public static final String LONG_QUERY =
      "SELECT count(*) FROM TABLE(sequence(1, 10000000)) AS a (x)"
          + " CROSS JOIN TABLE(sequence(1, 100000)) AS b (y) WHERE x * y % 7 = 3";

  /** Its business time zone. */
  static final String TIME_ZONE = "America/New_York";

  private static final List<String> PIPELINES =
      List.of("dws_fulfillment_day", "dws_carrier_hour", "fulfillment_split");

  private static QueryLake shared;

  private final Path folder;
  private final LakeConfig config;
  private final int trinoPort;
  private final WorkloadTables tables;
  private ChildProcess trino;

  private QueryLake() throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("QueryLake seed " + seed);
    folder = Files.createTempDirectory("query-lake");
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
    int hivePort = FreePorts.next();
    trinoPort = FreePorts.next();
    config =
        LakeConfig.load(
            ProjectFile.find(),
            Map.of(
                "catalog/warehouse",
                folder.resolve("warehouse").toString(),
                "publisher/catalog/uri",
                HiveMetastoreServer.uri(hivePort),
                // Neither engine must take times for those of UTC.
                "time-zone",
                TIME_ZONE,
                // The days of the workload are fixed, and the clock goes on.
                "open-days",
                "36500"));
    Path logs = folder.resolve("logs");
    BackgroundTask<ChildProcess> starting = BackgroundTask.start("trino-start", this::startTrino);
    HiveMetastoreServer.start(folder.resolve("hive"), logs, hivePort);
    tables = new WorkloadTables(WorkloadOptions.of(seed, 150));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      fill(catalog);
    }
    publish();
    trino = starting.result();
  }

  /** The lake of this JVM. */
  public static synchronized QueryLake shared() throws Exception {
    if (shared == null) {
      shared = new QueryLake();
    }
    return shared;
  }

  /** Its configuration. */
  public LakeConfig config() {
    return config;
  }

  /** What is in it. */
  public Truth truth() {
    return tables.truth();
  }

  /** Its Trino, as {@code host:port}. */
  public String server() {
    return "127.0.0.1:" + trinoPort;
  }

  /** A session with its Trino. */
  public TrinoSession session(String user) {
    return TrinoSession.open(address(user));
  }

  /** The address of its Trino for a user. */
  public TrinoAddress address(String user) {
    return new TrinoAddress(
        server(),
        user,
        Optional.empty(),
        config.publisher().trinoCatalog(),
        config.publishedNamespace(),
        config.timeZone(),
        Map.of());
  }

  /** Kills Trino, as a machine that goes down would. */
  void killTrino() {
    trino.kill();
    trino.close();
  }

  /** Starts Trino again, at the same address. */
  void restartTrino() throws Exception {
    trino = startTrino();
  }

  private ChildProcess startTrino() throws Exception {
    return TrinoServer.start(
        config,
        folder.resolve("trino"),
        folder.resolve("logs"),
        trinoPort,
        TrinoJdk.ofThisMachine().require());
  }

  private void fill(LakeCatalog catalog) throws Exception {
    TablePlan.of(config, catalog).apply(catalog);
    tables.advanceToReassignment();
    tables.write(catalog);
    compact(catalog);
    catalog.table("dwd_fulfillment_wide").createTag(TAG);
    tables.finish();
    tables.write(catalog);
    compact(catalog);
    StreamTableEnvironment session = FlinkSession.openBatch(config);
    StatementSet job = session.createStatementSet();
    for (String pipeline : PIPELINES) {
      Pipeline.read(config, pipeline).addTo(job, session);
    }
    job.execute().await();
    compact(catalog);
  }

  /** As the compaction job does: what was replaced is marked, not rewritten. */
  private void compact(LakeCatalog catalog) throws Exception {
    for (String name : catalog.tableNames()) {
      FileStoreTable table =
          catalog.table(name).copy(Map.of(CoreOptions.WRITE_ONLY.key(), "false"));
      BatchWriteBuilder builder = table.newBatchWriteBuilder();
      try (IOManager files = IOManager.create(folder.resolve("compaction").toString());
          BatchTableWrite write = builder.newWrite();
          BatchTableCommit commit = builder.newCommit()) {
        write.withIOManager(files);
        for (BucketEntry bucket : table.newSnapshotReader().bucketEntries()) {
          write.compact(bucket.partition(), bucket.bucket(), false);
        }
        commit.commit(write.prepareCommit());
      }
    }
  }

  private void publish() throws Exception {
    try (Publisher publisher = Publisher.open(config, System.out::println)) {
      for (PublishedTable table : publisher.publishOnce()) {
        if (!table.isUpToDate()) {
          throw new IllegalStateException("Not published: " + table);
        }
      }
    }
  }
}
