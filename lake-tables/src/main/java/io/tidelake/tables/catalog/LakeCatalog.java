package io.tidelake.tables.catalog;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.Snapshot;
import org.apache.paimon.casting.CastExecutors;
import org.apache.paimon.catalog.AbstractCatalog;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogContext;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.catalog.DelegateCatalog;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.flink.FlinkFileIOLoader;
import org.apache.paimon.flink.LogicalTypeConversion;
import org.apache.paimon.fs.Path;
import org.apache.paimon.hive.HiveCatalog;
import org.apache.paimon.hive.HiveTypeUtils;
import org.apache.paimon.options.CatalogOptions;
import org.apache.paimon.options.Options;
import org.apache.paimon.predicate.PredicateBuilder;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.schema.Schema;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.schema.SchemaManager;
import org.apache.paimon.schema.SchemaValidation;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.FileStoreTableFactory;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.table.source.Split;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeCasts;
import org.apache.paimon.utils.LazyField;
import org.apache.paimon.utils.SnapshotManager;

/** The lake's database in Paimon's catalog: what tables it has, and how to change them. */
public final class LakeCatalog implements AutoCloseable {

  private static final Map<String, String> METASTORE_DEFAULTS =
      Map.of(
          CatalogOptions.LOCK_ENABLED.key(),
          "true",
          // A lock is held for milliseconds; waiting doubles from 100 ms up to this, 8 s by
          // default.
          CatalogOptions.LOCK_CHECK_MAX_SLEEP.key(),
          "1 s",
          // 10 minutes by default, for connecting too.
          "hive.metastore.client.socket.timeout",
          "60s");

  private final Catalog catalog;
  private final String database;

  private LakeCatalog(Catalog catalog, String database) {
    this.catalog = catalog;
    this.database = database;
  }

  /**
   * Opens the catalog and creates the database when it is missing.
   *
   * @throws LakeException when the catalog cannot be reached, or loses commits; see {@link
   *     CommitSafety}
   */
  public static LakeCatalog open(LakeConfig config) {
    CommitSafety.require(config.catalog());
    if (isHive(config.catalog())) {
      HiveMetastore.refuseUnreachable(config.catalog().getOrDefault("uri", ""));
    }
    try {
      Catalog catalog =
          CatalogFactory.createCatalog(
              context(config.catalog()), LakeCatalog.class.getClassLoader());
      catalog.createDatabase(config.database(), true);
      return new LakeCatalog(catalog, config.database());
    } catch (Exception e) {
      throw unavailable(config, e);
    }
  }

  /**
   * How Paimon opens a catalog; the one place for all of its users. Files on the local file system
   * are read through a buffer. On a Hive Metastore each commit takes its lock.
   *
   * @param options options of Paimon's catalog
   */
  public static CatalogContext context(Map<String, String> options) {
    Options catalog = Options.fromMap(options);
    if (isHive(options)) {
      METASTORE_DEFAULTS.forEach(
          (name, value) -> catalog.set(name, options.getOrDefault(name, value)));
    }
    String warehouse = options.getOrDefault("warehouse", "");
    if (warehouse.isEmpty() || !List.of("", "file").contains(CommitSafety.scheme(warehouse))) {
      return CatalogContext.create(catalog, new FlinkFileIOLoader());
    }
    // Without a scheme Paimon would not ask the loader.
    catalog.set("warehouse", "file:" + new Path(warehouse).toUri().getPath());
    // Every source and sink of a job carries it: with Hadoop's defaults that is 35 KB and 50 ms
    // each.
    Configuration hadoop = isHive(options) ? new Configuration() : new Configuration(false);
    return CatalogContext.create(catalog, hadoop, new LakeLocalFileIO.Loader(), null);
  }

  private static boolean isHive(Map<String, String> options) {
    return LakeConfig.HIVE.equals(options.get(CatalogOptions.METASTORE.key()));
  }

  public static LakeException unavailable(LakeConfig config, Exception cause) {
    return new LakeException(
        "CATALOG_UNAVAILABLE",
        "Cannot open the catalog "
            + config.catalog().getOrDefault("warehouse", "(no warehouse configured)")
            + (isHive(config.catalog())
                ? " of the Hive Metastore " + config.catalog().get("uri")
                : "")
            + ": "
            + LakeException.rootMessage(cause),
        "Check `catalog:` in conf/lake.yaml, and that the folder exists or can be created and written.",
        cause);
  }

  /** Names of all tables in the database, sorted. */
  public List<String> tableNames() {
    try {
      return catalog.listTables(database).stream().sorted().toList();
    } catch (Catalog.DatabaseNotExistException e) {
      return List.of();
    }
  }

  /**
   * The definition of a table; empty when there is no such table.
   *
   * @throws LakeException when its folder is damaged
   */
  public Optional<TableDefinition> find(String name) {
    return findTable(name).map(LakeCatalog::definition);
  }

  /**
   * The definition of a table.
   *
   * @throws LakeException when there is no such table
   */
  public TableDefinition definition(String name) {
    return definition(table(name));
  }

  /**
   * Paimon's table; empty when there is no such table.
   *
   * @throws LakeException when its folder is damaged
   */
  public Optional<FileStoreTable> findTable(String name) {
    try {
      return Optional.of((FileStoreTable) catalog.getTable(identifier(name)));
    } catch (Catalog.TableNotExistException e) {
      refuseLostSchema(name);
      return Optional.empty();
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
  }

  /** A new table in a folder with snapshots would take the old files for its own. */
  private void refuseLostSchema(String name) {
    if (!(DelegateCatalog.rootCatalog(catalog) instanceof AbstractCatalog files)) {
      return;
    }
    Path folder = files.getTableLocation(identifier(name));
    try {
      if (files.fileIO().exists(new Path(folder, "snapshot")) && findUnregistered(name).isEmpty()) {
        throw unreadable(name, new IOException(folder + " holds snapshots but no schema"));
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** A table whose folder lies in the warehouse, but which a metastore does not know. */
  private Optional<FileStoreTable> findUnregistered(String name) {
    if (!(DelegateCatalog.rootCatalog(catalog) instanceof HiveCatalog files)) {
      return Optional.empty();
    }
    Path folder = files.getTableLocation(identifier(name));
    return files
        .tableSchemaInFileSystem(folder, Identifier.DEFAULT_MAIN_BRANCH)
        .map(schema -> FileStoreTableFactory.create(files.fileIO(), folder, schema));
  }

  /**
   * Whether a metastore shows the columns that a table has. It does not when a change was
   * interrupted, or was made through the file system.
   */
  private boolean isShownAsItIs(FileStoreTable table) {
    if (!(DelegateCatalog.rootCatalog(catalog) instanceof HiveCatalog files)) {
      return true;
    }
    try {
      Table shown = files.getHmsTable(identifier(table.name()));
      return table.rowType().getFields().stream()
          .map(
              field ->
                  new FieldSchema(
                      field.name(),
                      HiveTypeUtils.toTypeInfo(field.type()).getTypeName(),
                      field.description()))
          .filter(column -> !shown.getPartitionKeys().contains(column))
          .toList()
          .equals(shown.getSd().getCols());
    } catch (Catalog.TableNotExistException | Catalog.TableNoPermissionException e) {
      throw unreadable(table.name(), e);
    }
  }

  private static LakeException unreadable(String name, Exception cause) {
    return new LakeException(
        "TABLE_UNREADABLE",
        "The table " + name + " cannot be read: " + LakeException.rootMessage(cause),
        "Its folder is damaged: restore it, or drop it and rebuild the table.",
        cause);
  }

  /**
   * Paimon's table.
   *
   * @throws LakeException when there is no such table
   */
  public FileStoreTable table(String name) {
    return findTable(name).orElseThrow(() -> unknown(name));
  }

  private LakeException unknown(String name) {
    return new LakeException(
        "TABLE_UNKNOWN",
        "There is no table " + name + " in database " + database + ".",
        "`lake tables show` lists the tables, `lake tables apply` creates those of the files.");
  }

  /**
   * How many rows of a table a query would see now; with deletion vectors from metadata, without
   * reading rows.
   *
   * @throws LakeException when there is no such table, or its files cannot be read
   */
  public long readableRows(String name) {
    return readableRows(name, "");
  }

  /**
   * The same for the days from one on.
   *
   * @param firstDay a value of {@code dt}; empty for all rows
   */
  public long readableRows(String name, String firstDay) {
    ReadBuilder read = read(table(name), firstDay).withProjection(new int[] {0});
    try {
      long count = 0;
      for (Split split : read.newScan().plan().splits()) {
        count += split.mergedRowCount().orElseGet(() -> reduce(name, read, split, row -> 1));
      }
      return count;
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
  }

  private static ReadBuilder read(FileStoreTable table, String firstDay) {
    ReadBuilder read = table.newReadBuilder();
    if (!firstDay.isEmpty()) {
      int day = table.rowType().getFieldIndex(TableDefinition.DAY);
      read.withFilter(
          new PredicateBuilder(table.rowType())
              .greaterOrEqual(day, BinaryString.fromString(firstDay)));
    }
    return read;
  }

  /**
   * The sum of a BIGINT column over all rows that a query would see now.
   *
   * @param column a column that is never NULL
   * @param firstDay a value of {@code dt}, for rows of this day and later ones; empty for all rows
   */
  public long readableSum(String name, String column, String firstDay) {
    FileStoreTable table = table(name);
    ReadBuilder read =
        read(table, firstDay).withProjection(new int[] {table.rowType().getFieldIndex(column)});
    return read.newScan().plan().splits().stream()
        .mapToLong(split -> reduce(name, read, split, row -> row.getLong(0)))
        .sum();
  }

  private static long reduce(
      String name, ReadBuilder read, Split split, ToLongFunction<InternalRow> value) {
    long[] sum = new long[1];
    try (RecordReader<InternalRow> rows = read.newRead().createReader(split)) {
      rows.forEachRemaining(row -> sum[0] += value.applyAsLong(row));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
    return sum[0];
  }

  /** Id of the newest snapshot of a table; 0 while it has none. */
  public long latestSnapshotId(String name) {
    FileStoreTable table = table(name);
    try {
      return table.latestSnapshot().map(Snapshot::id).orElse(0L);
    } catch (RuntimeException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * The newest commit of a user.
   *
   * @param userPrefix what the commit user begins with
   * @param after id of the snapshot behind which is looked, as far as snapshots have not expired
   * @return empty when there is none
   */
  public Optional<Snapshot> findCommit(String name, String userPrefix, long after) {
    SnapshotManager snapshots = table(name).snapshotManager();
    Long earliest = snapshots.earliestSnapshotId();
    Long latest = snapshots.latestSnapshotId();
    if (earliest == null || latest == null) {
      return Optional.empty();
    }
    for (long id = latest; id >= earliest && id > after; id--) {
      Snapshot snapshot = snapshots.snapshot(id);
      if (snapshot.commitUser().startsWith(userPrefix)) {
        return Optional.of(snapshot);
      }
    }
    return Optional.empty();
  }

  /** The differences between a file and the catalog, in the order in which they must be done. */
  public List<TableChange> differences(TableDefinition wanted) {
    Optional<FileStoreTable> registered = findTable(wanted.name());
    Optional<FileStoreTable> table = registered.or(() -> findUnregistered(wanted.name()));
    if (table.isEmpty()) {
      return List.of(
          new TableChange(
              wanted.name(),
              TableChange.Kind.CREATE_TABLE,
              "",
              "",
              wanted.columns().size() + " columns, key " + wanted.primaryKey()));
    }
    List<TableChange> changes = new ArrayList<>();
    if (registered.isEmpty() || !isShownAsItIs(registered.get())) {
      changes.add(
          new TableChange(
              wanted.name(),
              TableChange.Kind.REGISTER_TABLE,
              "",
              "",
              table.get().location().toString()));
    }
    TableDefinition existing = definition(table.get());
    addStructureChanges(wanted, existing, changes);
    addColumnChanges(wanted, existing, changes);
    addOptionChanges(wanted, optionsAfterRenames(wanted, table.get(), changes), changes);
    return changes;
  }

  /**
   * Tries the changes without doing them.
   *
   * @param changes what {@link #differences} found
   * @throws LakeException when Paimon refuses them
   */
  public void check(TableDefinition wanted, List<TableChange> changes) {
    try {
      if (includes(changes, TableChange.Kind.CREATE_TABLE)) {
        SchemaValidation.validateTableSchema(TableSchema.create(0, schema(wanted)));
        return;
      }
      FileStoreTable table =
          findTable(wanted.name())
              .or(() -> findUnregistered(wanted.name()))
              .orElseThrow(() -> unknown(wanted.name()));
      TableSchema schema = table.schema();
      for (List<SchemaChange> step : steps(wanted, changes)) {
        schema = changed(table, schema, step);
      }
      SchemaValidation.validateTableSchema(schema);
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw refused(wanted, e);
    }
  }

  /**
   * Makes a table what its file says. Data is kept.
   *
   * @param changes what {@link #differences} found and the caller has accepted
   */
  public void apply(TableDefinition wanted, List<TableChange> changes) {
    try {
      if (includes(changes, TableChange.Kind.CREATE_TABLE)) {
        catalog.createTable(identifier(wanted.name()), schema(wanted), false);
        return;
      }
      if (includes(changes, TableChange.Kind.REGISTER_TABLE)) {
        catalog.repairTable(identifier(wanted.name()));
      }
      for (List<SchemaChange> step : steps(wanted, changes)) {
        catalog.alterTable(identifier(wanted.name()), step, false);
      }
    } catch (Exception e) {
      throw refused(wanted, e);
    }
  }

  private static boolean includes(List<TableChange> changes, TableChange.Kind kind) {
    return changes.stream().anyMatch(change -> change.kind() == kind);
  }

  private static LakeException refused(TableDefinition wanted, Exception cause) {
    return new LakeException(
        "TABLE_CHANGE_FAILED",
        "Paimon refused to change " + wanted.name() + ": " + LakeException.rootMessage(cause),
        "Mend " + wanted.name() + ".sql, then run `lake tables plan`.",
        cause);
  }

  /** The schema that a table would have. */
  private static TableSchema changed(
      FileStoreTable table, TableSchema schema, List<SchemaChange> changes)
      throws Catalog.ColumnAlreadyExistException, Catalog.ColumnNotExistException {
    return SchemaManager.generateTableSchema(
        schema,
        changes,
        new LazyField<>(() -> table.latestSnapshot().isPresent()),
        new LazyField<>(() -> Identifier.fromString(table.fullName())));
  }

  /** Paimon renames columns inside of options too, in sequence groups for example. */
  private static Map<String, String> optionsAfterRenames(
      TableDefinition wanted, FileStoreTable table, List<TableChange> changes) {
    List<TableChange> renames =
        changes.stream().filter(change -> change.kind() == TableChange.Kind.RENAME_COLUMN).toList();
    try {
      return options(changed(table, table.schema(), schemaChanges(wanted, renames)));
    } catch (Exception e) {
      // A key column cannot be renamed; the plan refuses the changed key anyway.
      return options(table.schema());
    }
  }

  @Override
  public void close() {
    try {
      catalog.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the catalog of " + database, e);
    }
  }

  private Identifier identifier(String name) {
    return Identifier.create(database, name);
  }

  private static void addStructureChanges(
      TableDefinition wanted, TableDefinition existing, List<TableChange> changes) {
    addIfDifferent(
        changes,
        wanted.name(),
        TableChange.Kind.CHANGE_PRIMARY_KEY,
        "",
        existing.primaryKey().toString(),
        wanted.primaryKey().toString());
    addIfDifferent(
        changes,
        wanted.name(),
        TableChange.Kind.CHANGE_PARTITIONS,
        "",
        existing.partitionKeys().toString(),
        wanted.partitionKeys().toString());
    addIfDifferent(
        changes,
        wanted.name(),
        TableChange.Kind.CHANGE_TABLE_COMMENT,
        "",
        existing.comment(),
        wanted.comment());
  }

  private static void addColumnChanges(
      TableDefinition wanted, TableDefinition existing, List<TableChange> changes) {
    String table = wanted.name();
    Map<String, Column> kept = new HashMap<>();
    List<String> order = new ArrayList<>(existing.columns().stream().map(Column::name).toList());
    // Renames first: a new column may take the old name.
    for (Column column : wanted.columns()) {
      Optional<Column> old = renamed(column, existing);
      if (old.isPresent() && !kept.containsValue(old.get())) {
        String before = old.get().name();
        kept.put(column.name(), old.get());
        order.set(order.indexOf(before), column.name());
        changes.add(
            new TableChange(
                table, TableChange.Kind.RENAME_COLUMN, column.name(), before, column.name()));
      }
    }
    for (Column column : wanted.columns()) {
      existing
          .column(column.name())
          .filter(old -> !kept.containsValue(old))
          .ifPresent(old -> kept.put(column.name(), old));
      Column old = kept.get(column.name());
      if (old == null) {
        int index = wanted.columns().indexOf(column);
        order.add(
            index == 0 ? 0 : order.indexOf(wanted.columns().get(index - 1).name()) + 1,
            column.name());
        changes.add(new TableChange(table, additionOf(column), column.name(), "", column.type()));
        continue;
      }
      if (!old.type().equals(column.type())) {
        changes.add(
            new TableChange(
                table,
                existing.primaryKey().contains(old.name())
                    ? TableChange.Kind.CHANGE_PRIMARY_KEY
                    : typeChange(old.type(), column.type()),
                column.name(),
                old.type(),
                column.type()));
      }
      addIfDifferent(
          changes,
          table,
          TableChange.Kind.CHANGE_COLUMN_COMMENT,
          column.name(),
          old.comment(),
          column.comment());
    }
    for (Column old : existing.columns()) {
      if (!kept.containsValue(old)) {
        changes.add(
            new TableChange(table, TableChange.Kind.DROP_COLUMN, old.name(), old.type(), ""));
        order.remove(old.name());
      }
    }
    addOrderChange(wanted, order, changes);
  }

  /** An INSERT without a column list goes by the order of the columns. */
  private static void addOrderChange(
      TableDefinition wanted, List<String> before, List<TableChange> changes) {
    List<String> after = wanted.columns().stream().map(Column::name).toList();
    int first = 0;
    int end = after.size();
    while (first < end && before.get(first).equals(after.get(first))) {
      first++;
    }
    while (end > first && before.get(end - 1).equals(after.get(end - 1))) {
      end--;
    }
    addIfDifferent(
        changes,
        wanted.name(),
        TableChange.Kind.REORDER_COLUMNS,
        "",
        before.subList(first, end).toString(),
        after.subList(first, end).toString());
  }

  private static Optional<Column> renamed(Column column, TableDefinition existing) {
    return column.renamedFrom() == null || existing.column(column.name()).isPresent()
        ? Optional.empty()
        : existing.column(column.renamedFrom());
  }

  private static TableChange.Kind additionOf(Column column) {
    return type(column.type()).isNullable()
        ? TableChange.Kind.ADD_COLUMN
        : TableChange.Kind.REQUIRE_COLUMN;
  }

  private static TableChange.Kind typeChange(String before, String after) {
    DataType from = type(before);
    DataType to = type(after);
    if (from.isNullable() && !to.isNullable()) {
      return TableChange.Kind.REQUIRE_COLUMN;
    }
    if (!DataTypeCasts.supportsCast(from, to, true) || CastExecutors.resolve(from, to) == null) {
      return TableChange.Kind.CHANGE_COLUMN_TYPE;
    }
    return TypeWidening.keepsEveryValue(from, to)
        ? TableChange.Kind.WIDEN_COLUMN
        : TableChange.Kind.NARROW_COLUMN;
  }

  private static void addOptionChanges(
      TableDefinition wanted, Map<String, String> existing, List<TableChange> changes) {
    Set<String> names = new TreeSet<>(wanted.options().keySet());
    names.addAll(existing.keySet());
    for (String name : names) {
      String before = existing.getOrDefault(name, "");
      String after = wanted.options().getOrDefault(name, "");
      if (!before.equals(after)) {
        TableChange.Kind kind = optionChange(existing, name, before, after);
        changes.add(new TableChange(wanted.name(), kind, name, before, after));
      }
    }
  }

  private static TableChange.Kind optionChange(
      Map<String, String> existing, String name, String before, String after) {
    if (name.equals(CoreOptions.BUCKET.key())) {
      return TableChange.Kind.CHANGE_BUCKETS;
    }
    try {
      if (after.isEmpty()) {
        SchemaManager.checkResetTableOption(existing, name);
        return TableChange.Kind.REMOVE_OPTION;
      }
      SchemaManager.checkAlterTableOption(existing, name, before.isEmpty() ? null : before, after);
      return TableChange.Kind.SET_OPTION;
    } catch (UnsupportedOperationException e) {
      return TableChange.Kind.CHANGE_FIXED_OPTION;
    }
  }

  private static void addIfDifferent(
      Collection<TableChange> changes,
      String table,
      TableChange.Kind kind,
      String subject,
      String before,
      String after) {
    if (!Objects.equals(before, after)) {
      changes.add(new TableChange(table, kind, subject, before, after));
    }
  }

  /**
   * What Paimon does at once. It renames columns inside of options last: an option that is set in
   * the same step and names a new column by the old name would be changed with them.
   */
  private static List<List<SchemaChange>> steps(TableDefinition wanted, List<TableChange> changes) {
    Map<Boolean, List<TableChange>> byRename =
        changes.stream()
            .collect(
                Collectors.partitioningBy(
                    change -> change.kind() == TableChange.Kind.RENAME_COLUMN));
    return Stream.of(byRename.get(true), byRename.get(false))
        .map(step -> schemaChanges(wanted, step))
        .filter(step -> !step.isEmpty())
        .toList();
  }

  private static List<SchemaChange> schemaChanges(
      TableDefinition wanted, List<TableChange> changes) {
    return changes.stream().flatMap(change -> schemaChanges(wanted, change).stream()).toList();
  }

  private static List<SchemaChange> schemaChanges(TableDefinition wanted, TableChange change) {
    String subject = change.subject();
    return switch (change.kind()) {
      case REGISTER_TABLE -> List.of();
      case CHANGE_TABLE_COMMENT -> List.of(SchemaChange.updateComment(wanted.comment()));
      case ADD_COLUMN -> {
        Column column = wanted.column(subject).orElseThrow();
        yield List.of(
            SchemaChange.addColumn(
                subject, type(column.type()), column.comment(), position(wanted, column)));
      }
      case RENAME_COLUMN -> List.of(SchemaChange.renameColumn(change.before(), subject));
      case WIDEN_COLUMN, NARROW_COLUMN -> {
        List<SchemaChange> steps = new ArrayList<>();
        DataType before = type(change.before());
        DataType after = type(change.after());
        if (before.isNullable() != after.isNullable()) {
          steps.add(SchemaChange.updateColumnNullability(subject, after.isNullable()));
        }
        if (!before.copy(true).equals(after.copy(true))) {
          steps.add(SchemaChange.updateColumnType(subject, after, true));
        }
        yield steps;
      }
      case CHANGE_COLUMN_COMMENT ->
          List.of(SchemaChange.updateColumnComment(subject, change.after()));
      // Each but the first goes behind the one before it: the first ends up first.
      case REORDER_COLUMNS ->
          wanted.columns().stream()
              .skip(1)
              .map(column -> SchemaChange.updateColumnPosition(position(wanted, column)))
              .toList();
      case DROP_COLUMN -> List.of(SchemaChange.dropColumn(subject));
      case SET_OPTION -> List.of(SchemaChange.setOption(subject, change.after()));
      case REMOVE_OPTION -> List.of(SchemaChange.removeOption(subject));
      default -> throw new IllegalArgumentException("Not a change of an existing table: " + change);
    };
  }

  private static SchemaChange.Move position(TableDefinition wanted, Column column) {
    int index = wanted.columns().indexOf(column);
    return index == 0
        ? SchemaChange.Move.first(column.name())
        : SchemaChange.Move.after(column.name(), wanted.columns().get(index - 1).name());
  }

  private static Schema schema(TableDefinition definition) {
    Schema.Builder schema =
        Schema.newBuilder()
            .primaryKey(definition.primaryKey())
            .partitionKeys(definition.partitionKeys())
            .options(definition.options())
            .comment(definition.comment());
    for (Column column : definition.columns()) {
      schema.column(column.name(), type(column.type()), column.comment());
    }
    return schema.build();
  }

  static TableDefinition definition(FileStoreTable table) {
    List<Column> columns = new ArrayList<>();
    for (DataField field : table.rowType().getFields()) {
      columns.add(
          new Column(
              field.name(),
              field.type().asSQLString(),
              Objects.requireNonNullElse(field.description(), ""),
              null));
    }
    return new TableDefinition(
        table.name(),
        table.comment().orElse(""),
        columns,
        table.primaryKeys(),
        table.partitionKeys(),
        options(table.schema()));
  }

  private static Map<String, String> options(TableSchema schema) {
    Map<String, String> options = new HashMap<>(schema.options());
    options.remove(CoreOptions.PATH.key());
    return options;
  }

  private static DataType type(String sql) {
    // Paimon itself parses the text of simple types only.
    return LogicalTypeConversion.toDataType(
        LogicalTypeParser.parse(sql, LakeCatalog.class.getClassLoader()));
  }
}
