/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.io.PaimonRows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.GenericArray;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalArray;
import org.apache.paimon.data.InternalMap;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.manifest.BucketEntry;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.schema.Schema;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.BatchTableWrite;
import org.apache.paimon.table.sink.BatchWriteBuilder;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.types.ArrayType;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeRoot;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.MapType;
import org.apache.paimon.types.RowKind;
import org.apache.paimon.types.RowType;

/**
 * A lake in a folder, written with Paimon and read with Paimon's and Iceberg's own readers. Its
 * tables have the options that the project gives every table.
 */
final class PublishedLake implements AutoCloseable {

  private static final String DATABASE = "lake";

  static {
    // Its servers are for this machine only.
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  private final LakeConfig config;
  private final Catalog paimon;
  private final IcebergLake iceberg;
  private final IOManager spill;

  PublishedLake(Path folder) throws Exception {
    this(folder, Map.of());
  }

  PublishedLake(Path folder, Map<String, String> overrides) throws Exception {
    this.config = config(folder, overrides);
    Map<String, String> options = new HashMap<>(config.catalog());
    options.put("cache-enabled", "false");
    this.paimon = CatalogFactory.createCatalog(CatalogContexts.of(options));
    paimon.createDatabase(DATABASE, true);
    this.iceberg = IcebergLake.open(config);
    this.spill = IOManager.create(folder.resolve("spill").toString());
  }

  static LakeConfig config(Path folder, Map<String, String> overrides) {
    LakeConfig project = LakeConfig.load(ProjectFile.find(), overrides);
    LakeConfig lake = project.withWarehouse(folder.resolve("warehouse"));
    return overrides.containsKey("publisher/catalog/type")
        ? lake
        : lake.withPublisher(
            lake.publisher().withCatalog(Map.of("type", "jdbc", "uri", jdbcUrl(folder))));
  }

  /** A database that is inside of the process that opens it first, and that others reach, too. */
  static String jdbcUrl(Path folder) {
    return "jdbc:h2:" + folder.resolve("catalog") + ";DATABASE_TO_LOWER=TRUE;AUTO_SERVER=TRUE";
  }

  LakeConfig config() {
    return config;
  }

  Publisher publisher() throws Exception {
    return Publisher.open(config, event -> {});
  }

  /** Publishes once; fails when a table has a problem. */
  void publish() throws Exception {
    try (Publisher publisher = publisher()) {
      for (PublishedTable table : publisher.publishOnce()) {
        if (!table.isUpToDate()) {
          throw new AssertionError(table);
        }
      }
    }
  }

  FileStoreTable create(String name, Schema.Builder schema, Map<String, String> options)
      throws Exception {
    Map<String, String> all = new HashMap<>(config.tableOptions());
    all.putAll(options);
    all.values().removeIf(String::isEmpty);
    paimon.createTable(identifier(name), schema.options(all).build(), false);
    return table(name);
  }

  private static Identifier identifier(String name) {
    return Identifier.create(DATABASE, name);
  }

  FileStoreTable table(String name) throws Exception {
    return (FileStoreTable) paimon.getTable(identifier(name));
  }

  void drop(String name) throws Exception {
    paimon.dropTable(identifier(name), false);
  }

  void alter(String name, SchemaChange... changes) throws Exception {
    paimon.alterTable(identifier(name), Arrays.asList(changes), false);
  }

  IcebergLake iceberg() {
    return iceberg;
  }

  /** A row by the names of its columns; others are NULL. */
  static GenericRow row(FileStoreTable table, Map<String, Object> values) {
    RowType type = table.rowType();
    GenericRow row = new GenericRow(type.getFieldCount());
    values.forEach(
        (column, value) -> {
          int index = type.getFieldIndex(column);
          if (index < 0) {
            throw new IllegalArgumentException(table.name() + " has no column " + column);
          }
          row.setField(index, paimonValue(value, type.getTypeAt(index)));
        });
    return row;
  }

  private static Object paimonValue(Object value, DataType type) {
    if (value instanceof List<?> list) {
      DataType element = ((ArrayType) type).getElementType();
      return new GenericArray(list.stream().map(item -> paimonValue(item, element)).toArray());
    }
    if (value instanceof LocalDateTime time) {
      return Timestamp.fromLocalDateTime(time);
    }
    if (value instanceof LocalDate day) {
      return (int) day.toEpochDay();
    }
    return PaimonRows.value(value, type);
  }

  void write(FileStoreTable table, List<? extends InternalRow> rows) throws Exception {
    PaimonRows.write(table, rows);
  }

  void delete(FileStoreTable table, List<GenericRow> rows) throws Exception {
    rows.forEach(row -> row.setRowKind(RowKind.DELETE));
    PaimonRows.write(table, rows);
  }

  void overwrite(FileStoreTable table, Map<String, String> partition, List<GenericRow> rows)
      throws Exception {
    BatchWriteBuilder builder = table.newBatchWriteBuilder().withOverwrite(partition);
    try (BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      write.withIOManager(spill);
      for (GenericRow row : rows) {
        write.write(row);
      }
      commit.commit(write.prepareCommit());
    }
  }

  void dropPartition(FileStoreTable table, Map<String, String> partition) throws Exception {
    try (BatchTableCommit commit = table.newBatchWriteBuilder().newCommit()) {
      commit.truncatePartitions(List.of(partition));
    }
  }

  void compact(FileStoreTable table, boolean fully) throws Exception {
    FileStoreTable compacted = table.copy(Map.of(CoreOptions.WRITE_ONLY.key(), "false"));
    BatchWriteBuilder builder = compacted.newBatchWriteBuilder();
    try (BatchTableWrite write = builder.newWrite();
        BatchTableCommit commit = builder.newCommit()) {
      write.withIOManager(spill);
      for (BucketEntry bucket : table.newSnapshotReader().bucketEntries()) {
        write.compact(bucket.partition(), bucket.bucket(), fully);
      }
      commit.commit(write.prepareCommit());
    }
  }

  /** What Paimon's own batch read gives, sorted as text; with the id of the snapshot in front. */
  List<String> paimonRows(String name) throws Exception {
    return paimonRows(table(name));
  }

  List<String> paimonRows(FileStoreTable table) throws Exception {
    ReadBuilder read = table.newReadBuilder();
    List<String> rows = new ArrayList<>();
    try (RecordReader<InternalRow> reader =
        read.newRead().withIOManager(spill).createReader(read.newScan().plan())) {
      reader.forEachRemaining(row -> rows.add(text(row, table.rowType())));
    }
    return rows.stream().sorted().toList();
  }

  private static String text(InternalRow row, RowType type) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      Object value = InternalRow.createFieldGetter(type.getTypeAt(i), i).getFieldOrNull(row);
      values.put(type.getFieldNames().get(i), javaValue(value, type.getTypeAt(i)));
    }
    return values.toString();
  }

  private static Object javaValue(Object value, DataType type) {
    if (value instanceof BinaryString || value instanceof Decimal) {
      return value.toString();
    }
    if (value instanceof Timestamp time) {
      return time.toLocalDateTime();
    }
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    if (type.getTypeRoot() == DataTypeRoot.DATE && value != null) {
      return LocalDate.ofEpochDay((int) value);
    }
    if (value instanceof InternalMap map) {
      MapType entry = (MapType) type;
      Map<Object, Object> sorted = new TreeMap<>();
      InternalArray.ElementGetter key = InternalArray.createElementGetter(entry.getKeyType());
      InternalArray.ElementGetter item = InternalArray.createElementGetter(entry.getValueType());
      for (int i = 0; i < map.size(); i++) {
        sorted.put(
            javaValue(key.getElementOrNull(map.keyArray(), i), entry.getKeyType()),
            javaValue(item.getElementOrNull(map.valueArray(), i), entry.getValueType()));
      }
      return sorted;
    }
    if (value instanceof InternalArray array) {
      DataType element = ((ArrayType) type).getElementType();
      InternalArray.ElementGetter item = InternalArray.createElementGetter(element);
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        items.add(javaValue(item.getElementOrNull(array, i), element));
      }
      return items;
    }
    return value;
  }

  Table icebergTable(String name) {
    return iceberg.catalog().loadTable(iceberg.identifier(name));
  }

  TableMetadata icebergMetadata(String name) {
    return ((BaseTable) icebergTable(name)).operations().current();
  }

  /** What Iceberg's own reader gives, sorted as text. */
  List<String> icebergRows(String name) throws Exception {
    return icebergRows(icebergTable(name));
  }

  List<String> icebergRows(Table table) throws Exception {
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      return texts(table.schema(), records);
    }
  }

  /** What Iceberg's own reader gives for a tag, in the columns that it had. */
  List<String> icebergRowsOfTag(String name, String tag) throws Exception {
    Table table = icebergTable(name);
    Snapshot tagged = table.snapshot(table.refs().get(tag).snapshotId());
    org.apache.iceberg.Schema then = table.schemas().get(tagged.schemaId());
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).useSnapshot(tagged.snapshotId()).project(then).build()) {
      return texts(then, records);
    }
  }

  private static List<String> texts(org.apache.iceberg.Schema schema, Iterable<Record> records) {
    List<String> rows = new ArrayList<>();
    for (Record row : records) {
      Map<String, Object> values = new LinkedHashMap<>();
      schema
          .columns()
          .forEach(column -> values.put(column.name(), plain(row.getField(column.name()))));
      rows.add(values.toString());
    }
    return rows.stream().sorted().toList();
  }

  private static Object plain(Object value) {
    if (value instanceof OffsetDateTime time) {
      return time.toLocalDateTime();
    }
    if (value instanceof java.math.BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Arrays.toString(copy);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(plain(key), plain(item)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(PublishedLake::plain).toList();
    }
    return value;
  }

  /** Columns of every type that is published. */
  static Schema.Builder everyType() {
    return Schema.newBuilder()
        .column("dt", DataTypes.STRING().notNull())
        .column("id", DataTypes.BIGINT().notNull())
        .column("version", DataTypes.BIGINT())
        .column("name", DataTypes.STRING())
        .column("amount", DataTypes.DECIMAL(12, 2))
        .column("great", DataTypes.DECIMAL(30, 3))
        .column("seen_at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
        .column("local_at", DataTypes.TIMESTAMP(3))
        .column("exact_at", DataTypes.TIMESTAMP(6))
        .column("day", DataTypes.DATE())
        .column("flag", DataTypes.BOOLEAN())
        .column("ratio", DataTypes.DOUBLE())
        .column("share", DataTypes.FLOAT())
        .column("tiny", DataTypes.TINYINT())
        .column("small", DataTypes.SMALLINT())
        .column("number", DataTypes.INT())
        .column("raw", DataTypes.BYTES())
        .column("counts", DataTypes.MAP(DataTypes.STRING(), DataTypes.BIGINT()))
        .column("words", DataTypes.ARRAY(DataTypes.STRING()));
  }

  @Override
  public void close() throws Exception {
    paimon.close();
    iceberg.close();
    spill.close();
  }
}
