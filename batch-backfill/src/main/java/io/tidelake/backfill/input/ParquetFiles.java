package io.tidelake.backfill.input;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.paimon.flink.LogicalTypeConversion;
import org.apache.paimon.format.parquet.ParquetSchemaConverter;
import org.apache.paimon.format.parquet.ParquetUtil;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.options.Options;
import org.apache.paimon.shade.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.paimon.shade.org.apache.parquet.schema.MessageType;
import org.apache.paimon.shade.org.apache.parquet.schema.PrimitiveType;
import org.apache.paimon.shade.org.apache.parquet.schema.Type;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.LocalZonedTimestampType;
import org.apache.paimon.types.TimestampType;
import org.apache.paimon.utils.PartitionPathUtils;

/**
 * Parquet files: those of one folder, or one file, or those that {@linkplain HiveTable a Hive
 * table} names, on any file system that the lake's catalog reaches. Folders named {@code
 * column=value} add a column, as Hive and Spark write them; {@code dt=…} are days. Names that begin
 * with a dot or an underscore are left out.
 *
 * <p>The columns of a folder are those of most files; a file with other columns or types is broken,
 * like one that cannot be read.
 *
 * <p>Timestamps are instants. One that says of itself that it is none ({@code isAdjustedToUTC} is
 * false) is a time in the source's zone, as in change capture; the old {@code INT96} does not say,
 * and is an instant, as Hive and Spark write it. Timestamps inside of lists, maps and rows are left
 * as they are.
 */
final class ParquetFiles implements SnapshotInput {

  private static final Pattern FOLDER = Pattern.compile("([^/=]+)=([^/]*)");

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

  /** What the end of a file says about it. */
  private record Footer(org.apache.paimon.types.RowType type, long rows) {}

  /** Which columns a snapshot has, by those of its files. */
  interface Columns {

    /**
     * The columns to read. What a file lacks is NULL, and what it has more is not read.
     *
     * @param files the columns of each file that is whole; at least one
     */
    org.apache.paimon.types.RowType of(List<org.apache.paimon.types.RowType> files);

    /**
     * Why a file does not fit the columns.
     *
     * @return empty when it fits
     */
    Optional<String> misfit(
        org.apache.paimon.types.RowType columns, org.apache.paimon.types.RowType file);

    /** Options of the reader. */
    Options format();
  }

  private final FileIO fileIO;
  private final ZoneId zone;
  private final Columns columns;
  private final List<File> files;
  private final Map<String, Footer> footers = new LinkedHashMap<>();
  private final Map<String, String> broken;
  private final org.apache.paimon.types.RowType type;
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
      Columns columns,
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
        footers.put(file.path(), footer(file));
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
    this.type = columns.of(footers.values().stream().map(Footer::type).toList());
    footers.forEach(
        (path, footer) ->
            columns.misfit(type, footer.type()).ifPresent(reason -> this.broken.put(path, reason)));
  }

  /**
   * Looks at all files of a folder, without reading their rows.
   *
   * @param folder a folder, or one file
   * @throws LakeException when there is no Parquet file, or none can be read
   */
  static ParquetFiles open(LakeConfig config, String folder) {
    Path path = new Path(folder);
    try {
      FileIO fileIO =
          path.toUri().getScheme() == null
              ? org.apache.paimon.fs.local.LocalFileIO.create()
              : FileIO.get(path, CatalogContexts.of(config.catalog()));
      FileStatus root = fileIO.getFileStatus(path);
      return new ParquetFiles(
          folder,
          list(fileIO, root).stream()
              .map(file -> new File(file, folders(root.getPath(), file.getPath())))
              .sorted(Comparator.comparing(File::path))
              .toList(),
          Map.of(),
          new ColumnsOfMostFiles(),
          fileIO,
          config.source().zone());
    } catch (IOException e) {
      throw unreadable(folder, LakeException.rootMessage(e));
    }
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
            .map(column -> LogicalTypeConversion.toLogicalType(asInstant(column)))
            .collect(Collectors.toCollection(ArrayList::new));
    for (String name : folders) {
      names.add(name);
      types.add(VarCharType.STRING_TYPE);
    }
    names.add(SOURCE_FILE);
    types.add(VarCharType.STRING_TYPE);
    RowType row = RowType.of(types.toArray(LogicalType[]::new), names.toArray(String[]::new));
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

  /** The type of a timestamp that became an instant; other types stay. */
  private static DataType asInstant(DataType type) {
    return type instanceof TimestampType time
        ? new LocalZonedTimestampType(time.isNullable(), time.getPrecision())
        : type;
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

  /** The files in and below a folder, or the file itself. */
  static List<FileStatus> list(FileIO fileIO, FileStatus status) throws IOException {
    if (!status.isDir()) {
      return List.of(status);
    }
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus child : fileIO.listStatus(status.getPath())) {
      if (!child.getPath().getName().startsWith(".")
          && !child.getPath().getName().startsWith("_")) {
        files.addAll(list(fileIO, child));
      }
    }
    return files;
  }

  /** The values of the folders between a root and a file in it, that of the root included. */
  private static Map<String, String> folders(Path root, Path file) {
    Map<String, String> folders =
        file.equals(root) ? new LinkedHashMap<>() : folders(root, file.getParent());
    Matcher folder = FOLDER.matcher(file.getName());
    if (folder.matches()) {
      folders.put(folder.group(1), PartitionPathUtils.unescapePathName(folder.group(2)));
    }
    return folders;
  }

  private Footer footer(File file) throws IOException {
    try (ParquetFileReader reader =
        ParquetUtil.getParquetReader(fileIO, new Path(file.path()), file.size(), new Options())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      List<DataField> fields = new ArrayList<>();
      for (int i = 0; i < schema.getFieldCount(); i++) {
        Type type = schema.getType(i);
        DataField field = ParquetSchemaConverter.convertToPaimonField(withIds(type, i));
        fields.add(isInt96(type) ? field.newType(asInstant(field.type())) : field);
      }
      return new Footer(
          new org.apache.paimon.types.RowType(
              fields.stream().map(field -> field.newType(field.type().copy(true))).toList()),
          reader.getRecordCount());
    }
  }

  private static boolean isInt96(Type type) {
    return type.isPrimitive()
        && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT96;
  }

  /** Files of other writers have no field ids, which Paimon asks for. */
  private static Type withIds(Type type, int id) {
    return type.isPrimitive()
        ? type.withId(id)
        : type.asGroupType()
            .withNewFields(
                type.asGroupType().getFields().stream().map(field -> withIds(field, 0)).toList())
            .withId(id);
  }

  /** The columns, order and types of most files; a file with others does not fit. */
  private static final class ColumnsOfMostFiles implements Columns {

    @Override
    public org.apache.paimon.types.RowType of(List<org.apache.paimon.types.RowType> files) {
      return mostOf(files).orElseThrow();
    }

    @Override
    public Optional<String> misfit(
        org.apache.paimon.types.RowType columns, org.apache.paimon.types.RowType file) {
      return file.equals(columns)
          ? Optional.empty()
          : Optional.of("has other columns than most files: " + difference(columns, file));
    }

    @Override
    public Options format() {
      return new Options();
    }

    private static String difference(
        org.apache.paimon.types.RowType usual, org.apache.paimon.types.RowType other) {
      Map<String, String> usuals = columns(usual);
      Map<String, String> others = columns(other);
      List<String> differences = new ArrayList<>();
      usuals.forEach(
          (name, sql) -> {
            if (!others.containsKey(name)) {
              differences.add(name + " is missing");
            } else if (!others.get(name).equals(sql)) {
              differences.add(name + " is " + others.get(name) + " instead of " + sql);
            }
          });
      others.keySet().stream()
          .filter(name -> !usuals.containsKey(name))
          .forEach(name -> differences.add(name + " is more"));
      return differences.isEmpty() ? "another order of columns" : String.join(", ", differences);
    }

    private static Map<String, String> columns(org.apache.paimon.types.RowType type) {
      return type.getFields().stream()
          .collect(
              Collectors.toMap(
                  DataField::name,
                  field -> field.type().asSQLString(),
                  (one, other) -> one,
                  LinkedHashMap::new));
    }
  }

  /** The value that occurs most often, the first of these; empty when there is none. */
  static <T> Optional<T> mostOf(List<T> values) {
    return values.stream()
        .collect(Collectors.groupingBy(value -> value, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  private static LakeException unreadable(String name, String reason) {
    return new LakeException(
        "SNAPSHOT_UNREADABLE",
        "The snapshot " + name + " cannot be read: " + reason + ".",
        "Name a Parquet file, a folder with Parquet files, also in folders dt=yyyy-MM-dd, or a Hive table of them.");
  }
}
