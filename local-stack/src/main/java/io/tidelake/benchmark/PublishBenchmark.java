/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.config.LakeConfig;
import io.tidelake.process.FreePorts;
import io.tidelake.publish.PublishedTable;
import io.tidelake.publish.Publisher;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.server.HiveMetastoreServer;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.io.CompactIncrement;
import org.apache.paimon.io.DataFileMeta;
import org.apache.paimon.io.DataFilePathFactory;
import org.apache.paimon.io.DataIncrement;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.table.sink.CommitMessage;
import org.apache.paimon.table.sink.CommitMessageImpl;

/**
 * What the publication of a snapshot costs that replaces one file of a table: of a table of many
 * files, and of one with a hundredth of them. The catalog is a Hive Metastore. The files of a day
 * are hard links of one that was really written; their metadata is like that of any other.
 */
public final class PublishBenchmark {

  private static final int DAYS = 100;
  private static final int ROUNDS = 15;
  private static final int SMALLER = 100;
  private static final int COLUMNS = 12;
  private static final int TABLES = 10;
  private static final int SECONDS = 40;
  private static final int WARM_UP_SECONDS = 10;
  private static final double NANOS = 1e9;

  private final LakeConfig config;
  private final int files;
  private final Path workDir;

  /**
   * @param files of the large table; a multiple of 10,000 gives both tables whole days
   */
  public PublishBenchmark(LakeConfig config, int files, Path workDir) {
    this.config = config;
    this.files = files;
    this.workDir = workDir;
  }

  /**
   * What one table costs, in seconds.
   *
   * @param files of the table
   * @param first publication of the whole table
   * @param restart of a publisher that finds nothing new
   * @param change median of publications of a snapshot that replaces one file
   */
  public record Cost(
      int files,
      @JsonProperty("first-seconds") double first,
      @JsonProperty("restart-seconds") double restart,
      @JsonProperty("change-seconds") double change) {}

  /** What was measured. */
  public record Result(Freshness freshness, List<Cost> costs) {}

  /** Measures the freshness, then the small table and the large one. */
  public Result run() throws Exception {
    int port = FreePorts.next();
    try (ChildProcess metastore =
        HiveMetastoreServer.start(workDir.resolve("hive"), workDir.resolve("logs"), port)) {
      String uri = HiveMetastoreServer.uri(port);
      Freshness freshness = freshness(lake(workDir.resolve("warehouse-fresh"), "lake_fresh", uri));
      List<Cost> costs = new ArrayList<>();
      for (int size : List.of(Math.max(1, files / SMALLER), files)) {
        costs.add(measure(size, uri));
      }
      return new Result(freshness, costs);
    }
  }

  /**
   * How long after its Paimon commit a snapshot is seen by Iceberg readers, while each of ten
   * tables gets a commit a second.
   *
   * @param commits how many were looked at
   */
  public record Freshness(
      int commits,
      @JsonProperty("p50-seconds") double p50,
      @JsonProperty("p95-seconds") double p95,
      @JsonProperty("worst-seconds") double worst) {}

  private Freshness freshness(LakeConfig lake) throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(lake);
        Publisher publisher = Publisher.open(lake, System.err::println)) {
      List<FileStoreTable> tables = new ArrayList<>();
      List<CommitMessageImpl> last = new ArrayList<>();
      for (int i = 0; i < TABLES; i++) {
        tables.add(create(catalog, "dwd_fresh_" + i));
        last.add(write(tables.get(i), 1).get(0));
      }
      Thread publishing = new Thread(() -> run(publisher), "publish");
      publishing.start();
      List<Double> ages = new ArrayList<>();
      Map<String, Map<Long, Long>> waiting = new HashMap<>();
      long begin = System.nanoTime();
      for (int second = 0; second <= SECONDS; second++) {
        for (int i = 0; i < TABLES && second < SECONDS; i++) {
          last.set(i, replaceOne(tables.get(i), last.get(i)));
          long id = tables.get(i).latestSnapshot().orElseThrow().id();
          waiting
              .computeIfAbsent(tables.get(i).name(), name -> new HashMap<>())
              .put(id, System.nanoTime());
          collect(publisher, waiting, second, ages);
        }
        // What is not seen after the last second counts with the time until then.
        long end = begin + TimeUnit.SECONDS.toNanos(second + 1L);
        while (System.nanoTime() < end) {
          collect(publisher, waiting, second, ages);
          Thread.sleep(5);
        }
      }
      publishing.interrupt();
      publishing.join();
      waiting.values().stream()
          .flatMap(table -> table.values().stream())
          .forEach(committed -> ages.add((System.nanoTime() - committed) / NANOS));
      ages.sort(null);
      return new Freshness(
          ages.size(),
          ages.get(ages.size() / 2),
          ages.get(ages.size() * 95 / 100),
          ages.get(ages.size() - 1));
    }
  }

  private static void run(Publisher publisher) {
    try {
      publisher.run();
    } catch (InterruptedException e) {
      // The measurement is over.
    }
  }

  private static void collect(
      Publisher publisher, Map<String, Map<Long, Long>> waiting, int second, List<Double> ages) {
    Map<String, Long> shown = publisher.shownSnapshots();
    waiting.forEach(
        (table, commits) ->
            commits
                .entrySet()
                .removeIf(
                    commit -> {
                      boolean isSeen = commit.getKey() <= shown.getOrDefault(table, 0L);
                      if (isSeen && second >= WARM_UP_SECONDS) {
                        ages.add((System.nanoTime() - commit.getValue()) / NANOS);
                      }
                      return isSeen;
                    }));
  }

  private LakeConfig lake(Path warehouse, String namespace, String metastore) {
    return config
        .withWarehouse(warehouse)
        .withPublisher(
            config
                .publisher()
                .withCatalog(Map.of("type", "hive", "uri", metastore))
                .withNamespace(namespace));
  }

  private Cost measure(int size, String metastore) throws Exception {
    LakeConfig lake = lake(workDir.resolve("warehouse-" + size), "lake_" + size, metastore);
    try (LakeCatalog catalog = LakeCatalog.open(lake)) {
      FileStoreTable table = create(catalog, "dwd_many_files");
      List<CommitMessageImpl> days = write(table, size);
      double first = publish(lake);
      double restart = publish(lake);
      try (Publisher running = Publisher.open(lake, System.err::println)) {
        publish(running);
        List<Double> changes = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          int day = round * 7 % days.size();
          days.set(day, replaceOne(table, days.get(day)));
          changes.add(publish(running));
        }
        changes.sort(null);
        return new Cost(size, first, restart, changes.get(ROUNDS / 2));
      }
    }
  }

  private static double publish(LakeConfig lake) throws Exception {
    try (Publisher publisher = Publisher.open(lake, System.err::println)) {
      return publish(publisher);
    }
  }

  private static double publish(Publisher publisher) throws InterruptedException {
    long begin = System.nanoTime();
    List<PublishedTable> tables = publisher.publishOnce();
    double seconds = (System.nanoTime() - begin) / NANOS;
    if (!tables.stream().allMatch(PublishedTable::isUpToDate)) {
      throw new IllegalStateException("Not published: " + tables);
    }
    return seconds;
  }

  private FileStoreTable create(LakeCatalog catalog, String name) {
    List<io.tidelake.tables.model.Column> columns = new ArrayList<>();
    columns.add(new io.tidelake.tables.model.Column("dt", "STRING NOT NULL", "Day", null));
    for (int i = 0; i < COLUMNS; i++) {
      columns.add(new io.tidelake.tables.model.Column("measure_" + i, "BIGINT", "Measure", null));
    }
    Map<String, String> options = new HashMap<>(config.tableOptions());
    options.keySet().removeIf(option -> option.endsWith(".per.level"));
    options.put("bucket", "-1");
    TableDefinition definition =
        new TableDefinition(name, "", columns, List.of(), List.of("dt"), options);
    TablePlan.of(List.of(definition), catalog).apply(catalog);
    return catalog.table(definition.name());
  }

  /** One commit; returns what it adds, by day. */
  private List<CommitMessageImpl> write(FileStoreTable table, int size) throws Exception {
    BatchWriteBuilder builder = table.newBatchWriteBuilder();
    List<CommitMessageImpl> days = new ArrayList<>();
    try (BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      int written = Math.min(DAYS, size);
      for (int day = 0; day < written; day++) {
        for (int row = 0; row < 10; row++) {
          GenericRow values = new GenericRow(COLUMNS + 1);
          values.setField(0, BinaryString.fromString("day-%03d".formatted(day)));
          for (int i = 0; i < COLUMNS; i++) {
            values.setField(i + 1, (long) row * i);
          }
          write.write(values);
        }
      }
      for (CommitMessage message : write.prepareCommit()) {
        days.add(linked(table, (CommitMessageImpl) message, size / written));
      }
      commit.commit(List.copyOf(days));
    }
    return days;
  }

  private static CommitMessageImpl linked(
      FileStoreTable table, CommitMessageImpl message, int copies) throws IOException {
    DataFileMeta file = message.newFilesIncrement().newFiles().get(0);
    List<DataFileMeta> all = new ArrayList<>();
    all.add(file);
    for (int copy = 1; copy < copies; copy++) {
      all.add(link(table, message, file, "data-%d-%s".formatted(copy, file.fileName())));
    }
    return message(message, all, List.of());
  }

  private static DataFileMeta link(
      FileStoreTable table, CommitMessageImpl message, DataFileMeta file, String name)
      throws IOException {
    DataFilePathFactory paths =
        table
            .store()
            .pathFactory()
            .createDataFilePathFactory(message.partition(), message.bucket());
    DataFileMeta renamed = file.rename(name);
    Files.createLink(
        Path.of(paths.toPath(renamed).toUri().getPath()),
        Path.of(paths.toPath(file).toUri().getPath()));
    return renamed;
  }

  private static CommitMessageImpl message(
      CommitMessageImpl like, List<DataFileMeta> added, List<DataFileMeta> removed) {
    return new CommitMessageImpl(
        like.partition(),
        like.bucket(),
        like.totalBuckets(),
        new DataIncrement(List.of(), List.of(), List.of()),
        new CompactIncrement(removed, added, List.of()));
  }

  /** Commits a day with another last file; returns what the day holds then. */
  private static CommitMessageImpl replaceOne(FileStoreTable table, CommitMessageImpl day)
      throws Exception {
    List<DataFileMeta> before = day.compactIncrement().compactAfter();
    DataFileMeta removed = before.get(before.size() - 1);
    DataFileMeta added = link(table, day, removed, "data-" + UUID.randomUUID() + ".parquet");
    try (BatchTableCommit commit = table.newBatchWriteBuilder().newCommit()) {
      commit.commit(List.of(message(day, List.of(added), List.of(removed))));
    }
    List<DataFileMeta> after =
        new ArrayList<>(IntStream.range(0, before.size() - 1).mapToObj(before::get).toList());
    after.add(added);
    return message(day, after, List.of());
  }
}
