/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.ColumnStatistics;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.iceberg.IcebergSchemas;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import io.tidelake.publish.mirror.TableContent.BucketId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.disk.IOManager;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatWriter;
import org.apache.paimon.format.SimpleColStats;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.PositionOutputStream;
import org.apache.paimon.io.DataFileMeta;
import org.apache.paimon.io.DataFilePathFactory;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.statistics.SimpleColStatsCollector;
import org.apache.paimon.statistics.TruncateSimpleColStatsCollector;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.DataSplit;
import org.apache.paimon.table.source.DeletionFile;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.RowType;

/**
 * How Iceberg sees the buckets of a table: Paimon's own files wherever a reader needs no merging to
 * get Paimon's rows from them, else one file of the publisher's that holds the merged rows.
 */
final class FileMirror {

  private static final String PARQUET = "parquet";
  private static final String MERGED = "merged-";
  private static final int HASH_CHARACTERS = 32;
  private static final int STATISTICS_CHARACTERS = 16;

  private final FileStoreTable table;
  private final Schema schema;
  private final PartitionSpec spec;
  private final String mergedFolder;
  private final Function<String, Optional<PublishedFile>> mergedBefore;
  private final Map<Long, TableSchema> schemas = new HashMap<>();

  /**
   * @param mergedFolder where merged rows are written to
   * @param mergedBefore looks for a file that was written before, by its {@link #mergedKey}
   */
  FileMirror(
      FileStoreTable table,
      Schema schema,
      PartitionSpec spec,
      String mergedFolder,
      Function<String, Optional<PublishedFile>> mergedBefore) {
    this.table = table;
    this.schema = schema;
    this.spec = spec;
    this.mergedFolder = mergedFolder;
    this.mergedBefore = mergedBefore;
  }

  /**
   * A file that readers shall see.
   *
   * @param statistics what is known of its values; asked for new files only
   */
  record VisibleFile(PublishedFile file, Supplier<Metrics> statistics) {}

  /** The files that readers shall see of a bucket. */
  List<VisibleFile> visible(TableContent content, BucketId bucket) throws IOException {
    CoreOptions options = table.coreOptions();
    boolean skipsLevelZero = !table.primaryKeys().isEmpty() && options.batchScanSkipLevel0();
    List<DataFileMeta> files =
        content.files(bucket).stream().filter(file -> !skipsLevelZero || file.level() > 0).toList();
    Map<String, Deletion> deletions = content.deletions(bucket);
    if (needsNoMerging(files, skipsLevelZero) && isReadable(files, deletions)) {
      return mirrored(bucket, files, deletions);
    }
    return merged(content, bucket, files, deletions).stream().toList();
  }

  /** What Paimon would not merge: each key is in one of the files, where it is not deleted. */
  private boolean needsNoMerging(Collection<DataFileMeta> files, boolean skipsLevelZero) {
    if (table.primaryKeys().isEmpty() || skipsLevelZero) {
      return true;
    }
    if (files.stream().anyMatch(file -> file.level() == 0)) {
      return false;
    }
    return table.coreOptions().deletionVectorsEnabled()
        || files.stream().map(DataFileMeta::level).distinct().count() <= 1;
  }

  private boolean isReadable(Collection<DataFileMeta> files, Map<String, Deletion> deletions)
      throws IOException {
    for (DataFileMeta file : files) {
      if (!PARQUET.equals(file.fileFormat())
          || file.writeCols() != null
          || (!table.primaryKeys().isEmpty() && file.deleteRowCount().orElse(1L) > 0)
          || !IcebergSchemas.isReadableAs(schema(file), table.schema())) {
        return false;
      }
    }
    return deletions.isEmpty() || table.coreOptions().deletionVectorBitmap64();
  }

  private TableSchema schema(DataFileMeta file) {
    return schemas.computeIfAbsent(file.schemaId(), table.schemaManager()::schema);
  }

  private List<VisibleFile> mirrored(
      BucketId bucket, Collection<DataFileMeta> files, Map<String, Deletion> deletions) {
    DataFilePathFactory paths =
        table.store().pathFactory().createDataFilePathFactory(bucket.partition(), bucket.bucket());
    PartitionData partition = partition(bucket.partition());
    List<VisibleFile> visible = new ArrayList<>();
    for (DataFileMeta file : files) {
      PublishedFile published =
          new PublishedFile(
              IcebergLake.location(paths.toPath(file)),
              partition,
              file.rowCount(),
              file.fileSize(),
              Optional.ofNullable(deletions.get(file.fileName())));
      visible.add(
          new VisibleFile(published, () -> ColumnStatistics.of(file, schema(file), schema)));
    }
    return visible;
  }

  private PartitionData partition(BinaryRow row) {
    PartitionData partition = new PartitionData(spec.partitionType());
    RowType type = table.schema().logicalPartitionType();
    for (int i = 0; i < type.getFieldCount(); i++) {
      Object value = InternalRow.createFieldGetter(type.getTypeAt(i), i).getFieldOrNull(row);
      partition.set(
          i,
          value == null
              ? null
              : ColumnStatistics.icebergValue(value, spec.partitionType().fields().get(i).type()));
    }
    return partition;
  }

  /** Empty when no row is left. */
  private Optional<VisibleFile> merged(
      TableContent content,
      BucketId bucket,
      List<DataFileMeta> files,
      Map<String, Deletion> deletions)
      throws IOException {
    String key = key(bucket, files, deletions);
    Optional<PublishedFile> known = mergedBefore.apply(key);
    if (known.isPresent()) {
      PublishedFile file = known.get();
      return Optional.of(new VisibleFile(file, () -> new Metrics(file.rows())));
    }
    List<DeletionFile> vectors =
        files.stream()
            .map(
                file ->
                    Optional.ofNullable(deletions.get(file.fileName()))
                        .map(
                            deletion ->
                                new DeletionFile(
                                    deletion.location(),
                                    deletion.offset(),
                                    deletion.length(),
                                    deletion.rows()))
                        .orElse(null))
            .toList();
    DataSplit split =
        DataSplit.builder()
            .withSnapshot(content.snapshot().id())
            .withPartition(bucket.partition())
            .withBucket(bucket.bucket())
            .withBucketPath(
                table
                    .store()
                    .pathFactory()
                    .bucketPath(bucket.partition(), bucket.bucket())
                    .toString())
            .withTotalBuckets(table.coreOptions().bucket())
            .withDataFiles(files)
            .withDataDeletionFiles(vectors)
            .isStreaming(false)
            .rawConvertible(table.primaryKeys().isEmpty())
            .build();
    Path path = new Path(mergedFolder, MERGED + key + "-" + UUID.randomUUID() + ".parquet");
    return write(path, split, partition(bucket.partition()));
  }

  private Optional<VisibleFile> write(Path path, DataSplit split, PartitionData partition)
      throws IOException {
    FileFormat format = FileFormat.fromIdentifier(PARQUET, table.coreOptions().toConfiguration());
    long[] rows = new long[1];
    try (IOManager spill = IOManager.create(System.getProperty("java.io.tmpdir"));
        RecordReader<InternalRow> reader =
            table.newRead().withIOManager(spill).createReader(split);
        PositionOutputStream out = table.fileIO().newOutputStream(path, false);
        FormatWriter writer =
            format
                .createWriterFactory(table.rowType())
                .create(out, table.coreOptions().fileCompression())) {
      reader.forEachRemaining(
          row -> {
            try {
              writer.addElement(row);
              rows[0]++;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot merge " + split.bucketPath(), e);
    }
    if (rows[0] == 0) {
      table.fileIO().deleteQuietly(path);
      return Optional.empty();
    }
    long bytes = table.fileIO().getFileSize(path);
    List<DataField> columns = table.rowType().getFields();
    SimpleColStatsCollector.Factory[] collectors =
        columns.stream()
            .map(
                column ->
                    (SimpleColStatsCollector.Factory)
                        () -> new TruncateSimpleColStatsCollector(STATISTICS_CHARACTERS))
            .toArray(SimpleColStatsCollector.Factory[]::new);
    SimpleColStats[] statistics =
        format
            .createStatsExtractor(table.rowType(), collectors)
            .orElseThrow()
            .extract(table.fileIO(), path, bytes);
    return Optional.of(
        new VisibleFile(
            new PublishedFile(
                IcebergLake.location(path), partition, rows[0], bytes, Optional.empty()),
            () -> ColumnStatistics.of(rows[0], columns, statistics, schema)));
  }

  /** Names the merged rows of these files under this schema. */
  private String key(
      BucketId bucket, Collection<DataFileMeta> files, Map<String, Deletion> deletions) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      StringBuilder text = new StringBuilder();
      text.append(table.schema().id()).append('\n').append(bucket.bucket()).append('\n');
      for (DataFileMeta file : files) {
        text.append(file.fileName())
            .append(' ')
            .append(file.level())
            .append(' ')
            .append(deletions.get(file.fileName()))
            .append('\n');
      }
      byte[] hash = digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key of a file of merged rows; empty for a file of Paimon's. */
  static Optional<String> mergedKey(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    return name.startsWith(MERGED)
        ? Optional.of(name.substring(MERGED.length(), MERGED.length() + HASH_CHARACTERS))
        : Optional.empty();
  }
}
