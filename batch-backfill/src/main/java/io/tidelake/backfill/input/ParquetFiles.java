/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.paimon.flink.LogicalTypeConversion;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.types.RowType;

/**
 * A snapshot of Parquet files, which {@linkplain ParquetFolder a folder} or {@linkplain HiveTable a
 * Hive table} names. The values of the folders in which they lie add columns; {@code dt=…} are
 * days. A file that cannot be read, or does not fit the {@linkplain SnapshotColumns columns}, is
 * broken.
 *
 * <p>Timestamps are instants. One that says of itself that it is none ({@code isAdjustedToUTC} is
 * false) is a time in the source's zone, as in change capture; the old {@code INT96} does not say,
 * and is an instant, as Hive and Spark write it. Timestamps inside of lists, maps and rows are left
 * as they are.
 */
final class ParquetFiles implements SnapshotInput {

  /**
   * One file.
   *
   * @param path where it is
   * @param size its length in bytes
   * @param folders the values of the folders that it lies in, by column
   */
  record File(String path, long size, Map<String, String> folders) implements Serializable {

    File(FileStatus status, Map<String, String> folders) {
      this(status.getPath().toString(), status.getLen(), folders);
    }
  }

  private final FileIO fileIO;
  private final ZoneId zone;
  private final SnapshotColumns columns;
  private final List<File> files;
  private final Map<String, ParquetFooter> footers = new LinkedHashMap<>();
  private final Map<String, String> broken;
  private final RowType type;
  private final Optional<Set<String>> days;

  /**
   * Looks at all files, without reading their rows.
   *
   * @param name how messages call the snapshot
   * @param files the files, sorted; each with values of the same folders
   * @param broken what is known to be unreadable among them, by path, with the reasons
   * @param zone of times that name none
   * @throws LakeException when there is no file, or none is whole
   */
  ParquetFiles(
      String name,
      List<File> files,
      Map<String, String> broken,
      SnapshotColumns columns,
      FileIO fileIO,
      ZoneId zone) {
    if (files.isEmpty()) {
      throw unreadable(name, "it holds no files");
    }
    this.fileIO = fileIO;
    this.zone = zone;
    this.columns = columns;
    this.files = List.copyOf(files);
    this.broken = new LinkedHashMap<>(broken);
    this.days = days(files);
    for (File file : files) {
      if (this.broken.containsKey(file.path())) {
        continue;
      }
      try {
        footers.put(file.path(), ParquetFooter.read(fileIO, file));
      } catch (IOException | RuntimeException e) {
        this.broken.put(file.path(), "not a whole Parquet file: " + LakeException.rootMessage(e));
      }
    }
    if (footers.isEmpty()) {
      throw unreadable(
          name,
          "none of its "
              + files.size()
              + " files is whole, "
              + files.get(0).path()
              + " for example: "
              + this.broken.get(files.get(0).path()));
    }
    this.type = columns.of(footers.values().stream().map(ParquetFooter::type).toList());
    footers.forEach(
        (path, footer) ->
            columns.misfit(type, footer.type()).ifPresent(reason -> this.broken.put(path, reason)));
  }

  @Override
  public Optional<Set<String>> days() {
    return days;
  }

  private static Optional<Set<String>> days(List<File> files) {
    Set<String> days = new TreeSet<>();
    for (File file : files) {
      String day = file.folders().get(TableDefinition.DAY);
      if (day == null) {
        return Optional.empty();
      }
      days.add(day);
    }
    return Optional.of(days);
  }

  @Override
  public OptionalLong rows(String dt) {
    return OptionalLong.of(
        readable(dt).stream().mapToLong(file -> footers.get(file.path()).rows()).sum());
  }

  @Override
  public List<BrokenFile> brokenFiles(String dt) {
    return of(dt).stream()
        .filter(file -> broken.containsKey(file.path()))
        .map(file -> new BrokenFile(file.path(), broken.get(file.path())))
        .toList();
  }

  @Override
  public Optional<BrokenFile> leaveOut(String message) {
    return files.stream()
        .filter(file -> message.contains(ParquetRows.broken(file)))
        .findFirst()
        .map(
            file -> {
              String reason =
                  message.substring(
                      message.indexOf(ParquetRows.broken(file))
                          + ParquetRows.broken(file).length());
              broken.put(file.path(), reason);
              return new BrokenFile(file.path(), reason);
            });
  }

  @Override
  public void createView(StreamTableEnvironment session, String dt) {
    List<File> read = readable(dt);
    List<String> folders = List.copyOf(files.get(0).folders().keySet());
    List<String> names = new ArrayList<>(type.getFieldNames());
    List<LogicalType> types =
        type.getFieldTypes().stream()
            .map(column -> LogicalTypeConversion.toLogicalType(ParquetFooter.asInstant(column)))
            .collect(Collectors.toCollection(ArrayList::new));
    for (String name : folders) {
      names.add(name);
      types.add(VarCharType.STRING_TYPE);
    }
    names.add(SOURCE_FILE);
    types.add(VarCharType.STRING_TYPE);
    org.apache.flink.table.types.logical.RowType row =
        org.apache.flink.table.types.logical.RowType.of(
            types.toArray(LogicalType[]::new), names.toArray(String[]::new));
    StreamExecutionEnvironment environment = environment(session);
    DataStream<RowData> rows =
        environment
            // A list without elements has no type; an empty file name reads nothing.
            .fromData(read.isEmpty() ? List.of(ParquetRows.NONE) : read)
            .rebalance()
            .flatMap(new ParquetRows(type, folders, fileIO, zone, columns.format()))
            .returns(InternalTypeInfo.of(row))
            .setParallelism(environment.getParallelism())
            .name("Parquet files");
    session.createTemporaryView(VIEW, rows);
  }

  private static StreamExecutionEnvironment environment(StreamTableEnvironment session) {
    return ((org.apache.flink.table.api.bridge.java.internal.StreamTableEnvironmentImpl) session)
        .execEnv();
  }

  private List<File> of(String dt) {
    return files.stream()
        .filter(
            file ->
                days.isEmpty()
                    || dt.isEmpty()
                    || dt.equals(file.folders().get(TableDefinition.DAY)))
        .toList();
  }

  private List<File> readable(String dt) {
    return of(dt).stream().filter(file -> !broken.containsKey(file.path())).toList();
  }

  /** The error of a snapshot of which nothing can be read. */
  static LakeException unreadable(String name, String reason) {
    return new LakeException(
        ErrorCode.SNAPSHOT_UNREADABLE,
        "The snapshot " + name + " cannot be read: " + reason + ".",
        "Name a Parquet file, a folder with Parquet files, also in folders dt=yyyy-MM-dd, or a Hive table of them.");
  }
}
