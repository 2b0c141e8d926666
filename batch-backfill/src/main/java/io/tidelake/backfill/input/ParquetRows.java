/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.error.LakeException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.util.Collector;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.flink.FlinkRowData;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatReaderContext;
import org.apache.paimon.format.FormatReaderFactory;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;
import org.apache.paimon.options.Options;
import org.apache.paimon.reader.FileRecordReader;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.shade.org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.paimon.types.DataTypeRoot;
import org.apache.paimon.types.RowType;

/**
 * The rows of Parquet files: the columns, then the values of the folders, NULL for Hive's name of
 * it, then the file's name. Times that name no zone become instants. A file that turns out to be
 * broken fails the job with a message that names it, so that none of its rows is written.
 */
final class ParquetRows extends RichFlatMapFunction<ParquetFiles.File, RowData> {

  private static final long serialVersionUID = 1L;

  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  /** Stands for no file at all. */
  static final ParquetFiles.File NONE = new ParquetFiles.File("", 0, Map.of());

  private final RowType type;
  private final List<String> folders;
  private final FileIO fileIO;
  private final ZoneId zone;
  private final Options options;

  /**
   * @param type the columns to read; NULL where a file has none of a name
   * @param folders the columns that come from the names of folders
   * @param fileIO reaches the files
   * @param zone of times that name none
   * @param options of Paimon's Parquet reader
   */
  ParquetRows(RowType type, List<String> folders, FileIO fileIO, ZoneId zone, Options options) {
    this.type = type;
    this.folders = folders;
    this.fileIO = fileIO;
    this.zone = zone;
    this.options = new Options(options.toMap());
    // Damage that decompresses would give wrong values without an error.
    this.options.set(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, "true");
  }

  /** How the error of a broken file begins; the reason follows. */
  static String broken(ParquetFiles.File file) {
    return "Broken snapshot file " + file.path() + ": ";
  }

  @Override
  public void flatMap(ParquetFiles.File file, Collector<RowData> out) throws IOException {
    if (file.path().isEmpty()) {
      return;
    }
    GenericRowData added = new GenericRowData(folders.size() + 1);
    for (int i = 0; i < folders.size(); i++) {
      String value = file.folders().get(folders.get(i));
      added.setField(i, NULL_FOLDER.equals(value) ? null : StringData.fromString(value));
    }
    added.setField(folders.size(), StringData.fromString(file.path()));
    FormatReaderFactory format =
        FileFormat.fromIdentifier("parquet", options).createReaderFactory(type, type, List.of());
    FlinkRowData row = new RowInZone(type, zone);
    JoinedRowData joined = new JoinedRowData(row, added);
    try (FileRecordReader<InternalRow> reader =
        format.createReader(new FormatReaderContext(fileIO, new Path(file.path()), file.size()))) {
      while (true) {
        RecordReader.RecordIterator<InternalRow> batch = next(file, reader::readBatch);
        if (batch == null) {
          return;
        }
        InternalRow read = next(file, batch::next);
        while (read != null) {
          row.replace(read);
          // Outside of next: an error further down is not the file's.
          out.collect(joined);
          read = next(file, batch::next);
        }
        batch.releaseBatch();
      }
    }
  }

  /** A row of a file whose local times are instants. */
  private static final class RowInZone extends FlinkRowData {

    private final RowType type;
    private final ZoneId zone;

    RowInZone(RowType type, ZoneId zone) {
      super(null);
      this.type = type;
      this.zone = zone;
    }

    @Override
    public TimestampData getTimestamp(int column, int precision) {
      TimestampData time = super.getTimestamp(column, precision);
      return type.getTypeAt(column).is(DataTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)
          ? TimestampData.fromInstant(time.toLocalDateTime().atZone(zone).toInstant())
          : time;
    }
  }

  private interface Reading<T> {
    T next() throws IOException;
  }

  private static <T> T next(ParquetFiles.File file, Reading<T> reading) throws IOException {
    try {
      return reading.next();
    } catch (IOException | RuntimeException e) {
      throw new IOException(broken(file) + LakeException.rootMessage(e));
    }
  }
}
