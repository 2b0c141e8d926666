/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.GenericMap;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalMap;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.manifest.BucketEntry;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.StreamTableCommit;
import org.apache.paimon.table.sink.StreamTableWrite;
import org.apache.paimon.table.sink.StreamWriteBuilder;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.table.source.StreamTableScan;
import org.apache.paimon.table.source.TableScan;
import org.apache.paimon.types.RowKind;

/**
 * A Paimon table of a test, used as the lake uses its tables: two writers that never compact, a
 * compaction beside them, readers of rows and of changes. The first column is the key; text is
 * {@link String}, a {@code MAP<BIGINT, DECIMAL(12, 2)>} is {@link Map}.
 */
final class TestTable implements AutoCloseable {

  private static final int PRECISION = 12;
  private static final int SCALE = 2;

  private final FileStoreTable table;
  private final InternalRow.FieldGetter[] getters;
  private final IOManager files;
  private final List<Writer> writers;

  /** A writer with its commits. */
  private record Writer(StreamTableWrite write, StreamTableCommit commit) implements AutoCloseable {

    static Writer of(FileStoreTable table, IOManager files) {
      StreamWriteBuilder builder = table.newStreamWriteBuilder();
      return new Writer(
          (StreamTableWrite) builder.newWrite().withIOManager(files), builder.newCommit());
    }

    void commit(long id) throws Exception {
      commit.commit(id, write.prepareCommit(true, id));
    }

    @Override
    public void close() throws Exception {
      write.close();
      commit.close();
    }
  }

  private long nextCommit;

  private TestTable(FileStoreTable table, IOManager files) {
    this.table = table;
    this.files = files;
    this.getters =
        table.rowType().getFields().stream()
            .map(field -> table.rowType().getFieldIndex(field.name()))
            .map(index -> InternalRow.createFieldGetter(table.rowType().getTypeAt(index), index))
            .toArray(InternalRow.FieldGetter[]::new);
    this.writers = List.of(Writer.of(table, files), Writer.of(table, files));
  }

  /** Creates the table. */
  static TestTable create(LakeCatalog catalog, TableDefinition definition, Path spillFolder) {
    TablePlan.of(List.of(definition), catalog).apply(catalog);
    return new TestTable(
        catalog.table(definition.name()), IOManager.create(spillFolder.toString()));
  }

  /**
   * Writes rows in one commit.
   *
   * @param writer 0 or 1: who writes
   */
  void write(int writer, List<Object[]> rows) throws Exception {
    write(writer, RowKind.INSERT, rows);
  }

  /** Writes rows of a kind in one commit. */
  void write(int writer, RowKind kind, List<Object[]> rows) throws Exception {
    for (Object[] values : rows) {
      GenericRow row = GenericRow.of(Arrays.stream(values).map(TestTable::toPaimon).toArray());
      row.setRowKind(kind);
      writers.get(writer).write.write(row);
    }
    writers.get(writer).commit(nextCommit++);
  }

  /**
   * Writes rows in random commits by random writers, compacted at random moments and at the end.
   *
   * @param commitRows most rows of one commit
   */
  void writeAtRandom(List<Object[]> rows, int commitRows, Random random) throws Exception {
    int next = 0;
    while (next < rows.size()) {
      int end = Math.min(rows.size(), next + 1 + random.nextInt(commitRows));
      write(random.nextInt(writers.size()), rows.subList(next, end));
      next = end;
      switch (random.nextInt(6)) {
        case 0 -> compactFully();
        case 1, 2 -> compact();
        default -> {
          // The writers are ahead of the compaction.
        }
      }
    }
    compact();
  }

  /** Compacts what the writers left. */
  void compact() throws Exception {
    compact(false);
  }

  /** Compacts all files into one. */
  void compactFully() throws Exception {
    compact(true);
  }

  private void compact(boolean fully) throws Exception {
    // A compactor of its own: it must see the files that others have committed.
    try (Writer compactor =
        Writer.of(table.copy(Map.of(CoreOptions.WRITE_ONLY.key(), "false")), files)) {
      for (BucketEntry bucket : table.newSnapshotReader().bucketEntries()) {
        compactor.write.compact(bucket.partition(), bucket.bucket(), fully);
      }
      compactor.commit(nextCommit++);
    }
  }

  /** What a query answers: the rows by key, each without its key. */
  Map<Object, List<Object>> rows() throws IOException {
    ReadBuilder read = table.newReadBuilder();
    Map<Object, List<Object>> rows = new TreeMap<>();
    apply(read, read.newScan().plan(), rows);
    return rows;
  }

  /** What a reader has who follows the table's changes from its first snapshot on. */
  Map<Object, List<Object>> rowsOfChanges() throws IOException {
    ReadBuilder read = table.newReadBuilder();
    StreamTableScan scan = read.newStreamScan();
    scan.restore(1L);
    Map<Object, List<Object>> rows = new TreeMap<>();
    long latest = table.latestSnapshot().orElseThrow().id();
    while (scan.checkpoint() <= latest) {
      apply(read, scan.plan(), rows);
    }
    return rows;
  }

  private void apply(ReadBuilder read, TableScan.Plan plan, Map<Object, List<Object>> rows)
      throws IOException {
    try (RecordReader<InternalRow> reader = read.newRead().createReader(plan.splits())) {
      reader.forEachRemaining(
          row -> {
            List<Object> values = values(row);
            if (row.getRowKind().isRetract()) {
              rows.remove(values.get(0));
            } else {
              rows.put(values.get(0), values.subList(1, values.size()));
            }
          });
    }
  }

  private List<Object> values(InternalRow row) {
    List<Object> values = new ArrayList<>();
    for (InternalRow.FieldGetter getter : getters) {
      Object value = getter.getFieldOrNull(row);
      values.add(toJava(value));
    }
    return values;
  }

  private static Object toPaimon(Object value) {
    if (value instanceof String text) {
      return BinaryString.fromString(text);
    }
    if (value instanceof Map<?, ?> measure) {
      Map<Object, Object> amounts = new HashMap<>();
      measure.forEach(
          (version, amount) ->
              amounts.put(version, Decimal.fromBigDecimal((BigDecimal) amount, PRECISION, SCALE)));
      return new GenericMap(amounts);
    }
    return value;
  }

  private static Object toJava(Object value) {
    if (value instanceof BinaryString text) {
      return text.toString();
    }
    if (value instanceof InternalMap measure) {
      Map<Object, Object> amounts = new HashMap<>();
      for (int i = 0; i < measure.size(); i++) {
        amounts.put(
            measure.keyArray().getLong(i),
            measure.valueArray().getDecimal(i, PRECISION, SCALE).toBigDecimal());
      }
      return amounts;
    }
    return value;
  }

  @Override
  public void close() throws Exception {
    for (Writer writer : writers) {
      writer.close();
    }
    files.close();
  }
}
