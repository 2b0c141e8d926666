/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.config.LakeConfig;
import io.tidelake.merge.law.Version;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
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

/**
 * What column groups with versions cost against a plain deduplicate table of the same rows: the
 * time to write, compact and read back order-like rows (a fifth of them updates) of 12 columns in 4
 * groups, and the size on disk. Both tables have the options of the project. Rows are made while
 * the clock stands. The layouts take turns, after a round that does not count.
 */
public final class MergeLawBenchmark {

  private static final int COMMITS = 40;
  private static final int UPDATE_EVERY = 5;
  private static final int ROUNDS = 3;
  private static final long SEED = 7;
  private static final double NANOS = 1e9;

  private static final List<String> COLUMNS =
      List.of(
          "order_id BIGINT NOT NULL",
          "merchant_id BIGINT",
          "receiver_address STRING",
          "goods_amount DECIMAL(12, 2)",
          "ordered_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
          "payment_no STRING",
          "paid_amount DECIMAL(12, 2)",
          "warehouse_id INT",
          "carrier_id INT",
          "waybill_no STRING",
          "signed_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
          "signed_station STRING");

  private static final String[] STREETS = {
    "Binhai", "Canal", "Changjiang", "Dongfeng", "Garden", "Harbour", "Jiefang", "Lakeside",
    "Mill", "Nanjing", "Orchard", "Park", "Renmin", "Station", "Willow", "Zhongshan"
  };
  private static final String[] CITIES = {
    "Chengdu", "Guangzhou", "Hangzhou", "Ningbo", "Shanghai", "Shenzhen", "Suzhou", "Wuhan"
  };
  private static final long FIRST_MICROS = 1_781_740_800_000_000L;

  /** Each group's version, and its columns as a sequence group names them. */
  private static final List<List<String>> GROUPS =
      List.of(
          List.of("order_version", "merchant_id,receiver_address,goods_amount,ordered_at"),
          List.of("payment_version", "payment_no,paid_amount"),
          List.of("parcel_version", "warehouse_id,carrier_id,waybill_no"),
          List.of("signed_version", "signed_at,signed_station"));

  private final LakeConfig config;
  private final int rowsPerCommit;
  private final int updatesPerCommit;
  private final Path folder;
  private int tables;

  /**
   * What one layout took, over all rounds.
   *
   * @param write seconds of writing
   * @param compact seconds of the compaction of all files into one
   * @param read seconds of reading all rows back
   * @param bytes size of the compacted files
   */
  public record Cost(double write, double compact, double read, long bytes) {

    private static final Cost NONE = new Cost(0, 0, 0, 0);

    private Cost plus(Cost other) {
      return new Cost(
          write + other.write, compact + other.compact, read + other.read, bytes + other.bytes);
    }

    double seconds() {
      return write + compact + read;
    }
  }

  /**
   * Both layouts, in one run.
   *
   * @param deletionVectors whether the tables have deletion vectors, as those of the lake do
   * @param deduplicate the plain table
   * @param columnGroups the table with versions
   */
  public record Comparison(boolean deletionVectors, Cost deduplicate, Cost columnGroups) {

    /** Time with versions, as a multiple of the plain table's. */
    @JsonProperty
    public double timeRatio() {
      return columnGroups.seconds() / deduplicate.seconds();
    }

    /** Size with versions, as a multiple of the plain table's. */
    @JsonProperty
    public double sizeRatio() {
      return (double) columnGroups.bytes / deduplicate.bytes;
    }
  }

  /**
   * @param config has the options of the tables
   * @param rows how many rows to write into each table; rounded down to a multiple of 200
   * @param folder an empty folder
   */
  public MergeLawBenchmark(LakeConfig config, int rows, Path folder) {
    this.config = config.withWarehouse(folder.resolve("warehouse"));
    this.rowsPerCommit = rows / COMMITS;
    this.updatesPerCommit = rowsPerCommit / UPDATE_EVERY;
    this.folder = folder;
  }

  /** Measures both layouts, without deletion vectors and with them. */
  public List<Comparison> run() throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      return List.of(compare(catalog, false), compare(catalog, true));
    }
  }

  private Comparison compare(LakeCatalog catalog, boolean deletionVectors) throws Exception {
    Cost deduplicate = Cost.NONE;
    Cost columnGroups = Cost.NONE;
    for (int round = 0; round <= ROUNDS; round++) {
      Cost plain = measure(create(catalog, deletionVectors, false), false);
      Cost versioned = measure(create(catalog, deletionVectors, true), true);
      if (round > 0) {
        deduplicate = deduplicate.plus(plain);
        columnGroups = columnGroups.plus(versioned);
      }
    }
    return new Comparison(deletionVectors, deduplicate, columnGroups);
  }

  private Cost measure(FileStoreTable table, boolean versioned) throws Exception {
    Random random = new Random(SEED);
    long write = 0;
    for (int commit = 0; commit < COMMITS; commit++) {
      List<GenericRow> rows = rows(commit, versioned, random);
      long start = System.nanoTime();
      write(table, rows);
      write += System.nanoTime() - start;
    }
    long start = System.nanoTime();
    compact(table);
    long compacted = System.nanoTime();
    read(table);
    long read = System.nanoTime();
    return new Cost(
        write / NANOS, (compacted - start) / NANOS, (read - compacted) / NANOS, bytes(table));
  }

  private FileStoreTable create(LakeCatalog catalog, boolean deletionVectors, boolean versioned) {
    Map<String, String> all = new HashMap<>(config.tableOptions());
    all.put(CoreOptions.BUCKET.key(), "1");
    all.put(CoreOptions.DELETION_VECTORS_ENABLED.key(), String.valueOf(deletionVectors));
    List<Column> columns = new ArrayList<>();
    for (String column : COLUMNS) {
      String[] parts = column.split(" ", 2);
      columns.add(new Column(parts[0], parts[1], "", null));
    }
    if (versioned) {
      all.put(CoreOptions.MERGE_ENGINE.key(), "partial-update");
      GROUPS.forEach(
          group -> {
            columns.add(new Column(group.get(0), "BIGINT", "", null));
            all.put("fields." + group.get(0) + ".sequence-group", group.get(1));
          });
    }
    TableDefinition definition =
        new TableDefinition(
            "benchmark_" + tables++, "", columns, List.of("order_id"), List.of(), all);
    TablePlan.of(List.of(definition), catalog).apply(catalog);
    return catalog.table(definition.name());
  }

  /** Rows of one commit: updates of older orders, then new ones. */
  private List<GenericRow> rows(int commit, boolean versioned, Random random) {
    int updates = commit == 0 ? 0 : updatesPerCommit;
    int firstNew = commit * rowsPerCommit - Math.max(0, commit - 1) * updatesPerCommit;
    return IntStream.range(0, rowsPerCommit)
        .mapToObj(
            i ->
                row(
                    i < updates ? random.nextInt(firstNew) : firstNew + i - updates,
                    commit,
                    versioned,
                    random))
        .toList();
  }

  private static GenericRow row(long order, int commit, boolean versioned, Random random) {
    // A day of orders, a few a second; each milestone some hours after the one before it.
    long orderedAt = FIRST_MICROS + order * 50_000 + random.nextInt(50_000);
    long paidAt = orderedAt + random.nextInt(600_000_000);
    long assignedAt = paidAt + random.nextInt(2_000_000_000) + commit * 1_000_000L;
    long signedAt = assignedAt + 36_000_000_000L + random.nextInt(2_000_000_000);
    Decimal amount = Decimal.fromUnscaledLong(100 + random.nextInt(500_000), 12, 2);
    List<Object> values =
        new ArrayList<>(
            List.of(
                order,
                (long) random.nextInt(5_000),
                BinaryString.fromString(
                    "No. "
                        + random.nextInt(400)
                        + ", "
                        + STREETS[random.nextInt(STREETS.length)]
                        + " Road, "
                        + CITIES[random.nextInt(CITIES.length)]),
                amount,
                Timestamp.fromMicros(orderedAt),
                BinaryString.fromString("P" + paidAt / 1_000_000 + random.nextInt(1_000_000_000)),
                amount,
                random.nextInt(40),
                random.nextInt(25),
                BinaryString.fromString("SF" + random.nextLong(1_000_000_000_000L)),
                Timestamp.fromMicros(signedAt),
                BinaryString.fromString("Station " + random.nextInt(2_000))));
    if (versioned) {
      for (long time : new long[] {orderedAt, paidAt, assignedAt, signedAt}) {
        values.add(Version.realTime(time, 0));
      }
    }
    return GenericRow.of(values.toArray());
  }

  private void write(FileStoreTable table, List<GenericRow> rows) throws Exception {
    BatchWriteBuilder builder = table.newBatchWriteBuilder();
    try (IOManager files = IOManager.create(folder.resolve("spill").toString());
        BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      write.withIOManager(files);
      for (GenericRow row : rows) {
        write.write(row);
      }
      commit.commit(write.prepareCommit());
    }
  }

  private void compact(FileStoreTable table) throws Exception {
    BatchWriteBuilder builder =
        table.copy(Map.of(CoreOptions.WRITE_ONLY.key(), "false")).newBatchWriteBuilder();
    try (IOManager files = IOManager.create(folder.resolve("spill").toString());
        BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      write.withIOManager(files);
      write.compact(BinaryRow.EMPTY_ROW, 0, true);
      commit.commit(write.prepareCommit());
    }
  }

  private void read(FileStoreTable table) throws IOException {
    ReadBuilder read = table.newReadBuilder();
    long[] orders = new long[1];
    try (RecordReader<InternalRow> reader =
        read.newRead().createReader(read.newScan().plan().splits())) {
      reader.forEachRemaining(row -> orders[0] += row.isNullAt(0) ? 0 : 1);
    }
    long expected = (long) COMMITS * rowsPerCommit - (COMMITS - 1L) * updatesPerCommit;
    if (orders[0] != expected) {
      throw new IllegalStateException("Read " + orders[0] + " orders instead of " + expected);
    }
  }

  private static long bytes(FileStoreTable table) {
    return table.store().newScan().plan().files().stream()
        .mapToLong(entry -> entry.file().fileSize())
        .sum();
  }
}
