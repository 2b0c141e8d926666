/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.catalog.HiveMetastore;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.ResolvingFileIO;
import org.apache.paimon.hive.HiveTypeUtils;
import org.apache.paimon.options.CatalogOptions;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeFamily;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;
import org.apache.thrift.TException;

/**
 * A plain Hive table of Parquet files, as the Hive Metastore of the configuration knows it: its
 * partitions lie where the metastore says, and folders that it does not know are not read.
 *
 * <p>The columns are those of the metastore. A file that lacks one gives NULL, as in Hive, and what
 * a file has more is not read; upper and lower case are the same. A column of another type in a
 * file makes the file broken. Hive's {@code timestamp} does not say whether it is an instant: most
 * files say it. Values of partition columns are texts, as those of folders are.
 */
final class HiveTable {

  private static final Set<String> PARQUET =
      Set.of(
          "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          "parquet.hive.MapredParquetInputFormat",
          "parquet.hive.DeprecatedParquetInputFormat");

  private final String name;
  private final Table table;
  private final FileIO fileIO;
  private final List<ParquetFiles.File> files = new ArrayList<>();
  private final Map<String, String> broken = new HashMap<>();

  private HiveTable(String name, Table table, FileIO fileIO) {
    this.name = name;
    this.table = table;
    this.fileIO = fileIO;
  }

  /**
   * Finds the files of a table, and looks at them without reading their rows.
   *
   * @param name {@code database.table}
   * @param days the days that are needed; empty for all. Other partitions are not looked at.
   * @throws LakeException when the metastore cannot be reached, or the table not be read
   */
  static SnapshotInput open(LakeConfig config, String name, List<String> days) {
    String[] parts = name.split("\\.");
    if (parts.length != 2) {
      throw new LakeException(
          ErrorCode.HIVE_TABLE_INVALID,
          "'" + name + "' is no table of a Hive Metastore.",
          "Name database and table, as --hive warehouse.orders.");
    }
    String uri = config.hive().uri();
    if (uri == null) {
      throw new LakeException(
          ErrorCode.METASTORE_NOT_CONFIGURED,
          "No Hive Metastore is configured, so the table " + name + " cannot be found.",
          "Set `hive: uri:` in lake.yaml, or --set hive/uri=thrift://host:9083.");
    }
    ResolvingFileIO fileIO = new ResolvingFileIO();
    fileIO.configure(CatalogContexts.of(config.catalog()));
    try (HiveMetastore metastore = HiveMetastore.connect(uri)) {
      HiveTable table =
          new HiveTable(name, metastore.client().getTable(parts[0], parts[1]), fileIO);
      table.refuseUnsupported();
      RowType columns = table.columns();
      if (table.partitionColumns().isEmpty()) {
        table.addFiles(table.table.getSd(), Map.of());
      } else {
        for (Partition partition :
            metastore.client().listPartitions(parts[0], parts[1], (short) -1)) {
          Map<String, String> values = table.values(partition);
          if (days.isEmpty()
              || !values.containsKey(TableDefinition.DAY)
              || days.contains(values.get(TableDefinition.DAY))) {
            table.addFiles(partition.getSd(), values);
          }
        }
      }
      if (table.files.isEmpty()) {
        throw table.unreadable(
            days.isEmpty() ? "it has no files" : "it has no files of the days " + days,
            "Name a table with rows, and days that it has.");
      }
      table.files.sort(Comparator.comparing(ParquetFiles.File::path));
      return new ParquetFiles(
          "hive:" + name,
          table.files,
          table.broken,
          new MetastoreColumns(columns),
          fileIO,
          config.source().timeZone());
    } catch (NoSuchObjectException e) {
      throw new LakeException(
          ErrorCode.HIVE_TABLE_UNKNOWN,
          "The Hive Metastore " + uri + " has no table " + name + ".",
          "Name database and table, as --hive warehouse.orders.",
          e);
    } catch (TException e) {
      throw new LakeException(
          ErrorCode.METASTORE_UNAVAILABLE,
          "The Hive Metastore %s did not say what the table %s is: %s."
              .formatted(uri, name, LakeException.rootMessage(e)),
          "Look at its log, and try again.",
          e);
    }
  }

  private void refuseUnsupported() {
    Map<String, String> parameters = table.getParameters();
    String type = table.getTableType();
    if (TableType.VIRTUAL_VIEW.name().equals(type)
        || TableType.MATERIALIZED_VIEW.name().equals(type)) {
      throw unreadable("it is a view", "Name the table that the view reads.");
    }
    if ("true".equalsIgnoreCase(parameters.get("transactional"))) {
      throw unreadable(
          "it is transactional, and only Hive knows which of its files count",
          "Copy it with Hive: CREATE TABLE … STORED AS PARQUET AS SELECT …, and name the copy.");
    }
    String kind = parameters.get("table_type");
    if (kind != null) {
      throw unreadable(
          "it is a table of the kind " + kind,
          "For a Paimon table of the lake use --table; copy another one into a plain Parquet table.");
    }
    if (partitionColumns().isEmpty() && !isParquet(table.getSd())) {
      throw unreadable(
          otherFormat(table.getSd()),
          "Copy it with Hive: CREATE TABLE … STORED AS PARQUET AS SELECT …, and name the copy.");
    }
  }

  private LakeException unreadable(String reason, String remedy) {
    return new LakeException(
        ErrorCode.HIVE_TABLE_UNREADABLE,
        "The Hive table " + name + " cannot be read: " + reason + ".",
        remedy);
  }

  private static boolean isParquet(StorageDescriptor storage) {
    return PARQUET.contains(storage.getInputFormat());
  }

  private static String otherFormat(StorageDescriptor storage) {
    return "its files are read by " + storage.getInputFormat() + ", and only Parquet is supported";
  }

  private List<String> partitionColumns() {
    return table.getPartitionKeys().stream().map(FieldSchema::getName).toList();
  }

  private Map<String, String> values(Partition partition) {
    List<String> columns = partitionColumns();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      values.put(columns.get(i), partition.getValues().get(i));
    }
    return values;
  }

  /** A partition that cannot be read counts as one broken file. */
  private void addFiles(StorageDescriptor storage, Map<String, String> values) {
    String location = storage.getLocation();
    if (!isParquet(storage)) {
      addBroken(location, values, otherFormat(storage));
      return;
    }
    try {
      Path folder = new Path(location);
      if (!fileIO.exists(folder)) {
        addBroken(location, values, "the metastore names this folder, but it is not there");
        return;
      }
      for (FileStatus file : ParquetFolder.list(fileIO, fileIO.getFileStatus(folder))) {
        // Hive writes empty files for buckets without rows.
        if (file.getLen() > 0) {
          files.add(new ParquetFiles.File(file, values));
        }
      }
    } catch (IOException | RuntimeException e) {
      addBroken(location, values, "cannot be listed: " + LakeException.rootMessage(e));
    }
  }

  private void addBroken(String location, Map<String, String> values, String reason) {
    files.add(new ParquetFiles.File(location, 0, values));
    broken.put(location, reason);
  }

  private RowType columns() {
    List<DataField> fields = new ArrayList<>();
    for (FieldSchema column : table.getSd().getCols()) {
      try {
        fields.add(
            new DataField(
                fields.size(),
                column.getName(),
                HiveTypeUtils.toPaimonType(column.getType()).copy(true)));
      } catch (RuntimeException e) {
        throw unreadable(
            "its column " + column.getName() + " has the type " + column.getType(),
            "Copy it into a table without that column, and name the copy.");
      }
    }
    return new RowType(fields);
  }

  /** The columns of the metastore, with the timestamps of the files. */
  private record MetastoreColumns(RowType columns) implements SnapshotColumns {

    @Override
    public RowType of(List<RowType> files) {
      return new RowType(
          columns.getFields().stream().map(column -> column.newType(type(column, files))).toList());
    }

    private static DataType type(DataField column, List<RowType> files) {
      if (isText(column.type())) {
        return DataTypes.STRING();
      }
      if (!isTimestamp(column.type())) {
        return column.type();
      }
      return SnapshotColumns.mostOf(
              files.stream()
                  .map(file -> find(file, column.name()))
                  .flatMap(Optional::stream)
                  .map(DataField::type)
                  .filter(MetastoreColumns::isTimestamp)
                  .toList())
          .orElse(column.type());
    }

    @Override
    public Optional<String> misfit(RowType read, RowType file) {
      List<String> misfits =
          read.getFields().stream()
              .map(
                  column ->
                      find(file, column.name())
                          .filter(found -> !fits(column.type(), found.type()))
                          .map(
                              found ->
                                  column.name()
                                      + " is "
                                      + text(found.type())
                                      + " instead of "
                                      + text(column.type()))
                          .orElse(null))
              .filter(Objects::nonNull)
              .toList();
      return misfits.isEmpty()
          ? Optional.empty()
          : Optional.of("does not fit the Hive table: " + String.join(", ", misfits));
    }

    @Override
    public Options format() {
      Options options = new Options();
      // The metastore has lower case only.
      options.set(CatalogOptions.CASE_SENSITIVE, false);
      return options;
    }

    /** Whether the values in a file can be read as a column: Parquet stores both in one way. */
    private static boolean fits(DataType column, DataType file) {
      return switch (column.getTypeRoot()) {
        case VARCHAR -> isText(file) || file.is(DataTypeFamily.BINARY_STRING);
        // Older versions of Hive write all three as plain INT.
        case TINYINT, SMALLINT -> file.is(DataTypeFamily.INTEGER_NUMERIC) && !isBigint(file);
        default -> text(column).equals(text(file));
      };
    }

    private static boolean isBigint(DataType type) {
      return type.equalsIgnoreNullable(DataTypes.BIGINT());
    }

    private static boolean isText(DataType type) {
      return type.is(DataTypeFamily.CHARACTER_STRING);
    }

    private static boolean isTimestamp(DataType type) {
      return type.is(DataTypeFamily.TIMESTAMP);
    }

    private static String text(DataType type) {
      return type.asSQLString().replace(" NOT NULL", "");
    }

    private static Optional<DataField> find(RowType file, String column) {
      return file.getFields().stream()
          .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(column))
          .findFirst();
    }
  }
}
