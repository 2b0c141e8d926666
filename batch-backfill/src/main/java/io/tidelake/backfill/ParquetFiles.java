package io.tidelake.backfill;

import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.TableDefinition;
import java.io.IOException;
import java.io.Serializable;
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
import org.apache.paimon.shade.org.apache.parquet.schema.Type;
import org.apache.paimon.types.DataField;

/**
 * Parquet files of one folder, or one file, on any file system that the lake's catalog reaches.
 * Folders named {@code column=value} add a column, as Hive and Spark write them; {@code dt=…} are
 * days. Names that begin with a dot or an underscore are left out.
 *
 * <p>The columns are those of most files; a file with other columns or types is broken, like one
 * that cannot be read.
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
  record File(String path, long size, Map<String, String> folders) implements Serializable {}

  /** What the end of a file says about it. */
  private record Footer(org.apache.paimon.types.RowType type, long rows) {}

  private final FileIO fileIO;
  private final List<File> files = new ArrayList<>();
  private final Map<String, Footer> footers = new LinkedHashMap<>();
  private final Map<String, String> broken = new LinkedHashMap<>();
  private final org.apache.paimon.types.RowType type;
  private final Optional<Set<String>> days;

  private ParquetFiles(String folder, List<File> files, FileIO fileIO) {
    this.fileIO = fileIO;
    this.files.addAll(files);
    this.days = days(files);
    for (File file : files) {
      try {
        footers.put(file.path(), footer(file));
      } catch (IOException | RuntimeException e) {
        broken.put(file.path(), "not a whole Parquet file: " + LakeException.rootMessage(e));
      }
    }
    this.type =
        footers.values().stream()
            .collect(Collectors.groupingBy(Footer::type, LinkedHashMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow(
                () -> unreadable(folder, "none of its " + files.size() + " files is whole"))
            .getKey();
    footers.forEach(
        (path, footer) -> {
          if (!footer.type().equals(type)) {
            broken.put(path, "has other columns than most files: " + difference(footer.type()));
          }
        });
  }

  /**
   * Looks at all files, without reading their rows.
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
              : FileIO.get(path, LakeCatalog.context(config.catalog()));
      List<File> files = new ArrayList<>();
      list(fileIO, fileIO.getFileStatus(path), new LinkedHashMap<>(), files);
      if (files.isEmpty()) {
        throw unreadable(folder, "it holds no files");
      }
      files.sort(Comparator.comparing(File::path));
      return new ParquetFiles(folder, files, fileIO);
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
        new ArrayList<>(LogicalTypeConversion.toLogicalType(type).getChildren());
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
            .flatMap(new ParquetRows(type, folders, fileIO))
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

  private static void list(
      FileIO fileIO, FileStatus status, Map<String, String> folders, List<File> files)
      throws IOException {
    String name = status.getPath().getName();
    if (!status.isDir()) {
      files.add(new File(status.getPath().toString(), status.getLen(), folders));
      return;
    }
    Map<String, String> inside = new LinkedHashMap<>(folders);
    Matcher folder = FOLDER.matcher(name);
    if (folder.matches()) {
      inside.put(folder.group(1), folder.group(2));
    }
    for (FileStatus child : fileIO.listStatus(status.getPath())) {
      if (!child.getPath().getName().startsWith(".")
          && !child.getPath().getName().startsWith("_")) {
        list(fileIO, child, inside, files);
      }
    }
  }

  private Footer footer(File file) throws IOException {
    try (ParquetFileReader reader =
        ParquetUtil.getParquetReader(fileIO, new Path(file.path()), file.size(), new Options())) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      List<DataField> fields = new ArrayList<>();
      for (int i = 0; i < schema.getFieldCount(); i++) {
        // Files of other writers have no field ids, which Paimon asks for.
        Type field = schema.getType(i).withId(i);
        fields.add(ParquetSchemaConverter.convertToPaimonField(field));
      }
      return new Footer(
          new org.apache.paimon.types.RowType(
              fields.stream().map(field -> field.newType(field.type().copy(true))).toList()),
          reader.getRecordCount());
    }
  }

  private String difference(org.apache.paimon.types.RowType other) {
    Map<String, String> usual = columns(type);
    Map<String, String> others = columns(other);
    List<String> differences = new ArrayList<>();
    usual.forEach(
        (name, sql) -> {
          if (!others.containsKey(name)) {
            differences.add(name + " is missing");
          } else if (!others.get(name).equals(sql)) {
            differences.add(name + " is " + others.get(name) + " instead of " + sql);
          }
        });
    others.keySet().stream()
        .filter(name -> !usual.containsKey(name))
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

  private static LakeException unreadable(String folder, String reason) {
    return new LakeException(
        "SNAPSHOT_UNREADABLE",
        "The snapshot " + folder + " cannot be read: " + reason + ".",
        "Name a Parquet file, or a folder with Parquet files, also in folders dt=yyyy-MM-dd.");
  }
}
