/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.MergeLawCheck;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.flink.LogicalTypeConversion;

/**
 * Reads table definitions from their SQL files. Flink's own parser reads them, so a file holds what
 * a user would type into a Flink SQL client.
 */
public final class TableFiles {

  private static final Pattern RENAMED =
      Pattern.compile("^\\s*`?(\\w+)`?\\s.*--\\s*renamed from `?(\\w+)`?\\s*$", Pattern.MULTILINE);

  /** What files can call a column: those of the upper levels of a table are Avro. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * How many records of one key a compaction remembers. Above Paimon's own limit of 1,024 it leaves
   * out what the higher levels hold of the key: column groups become NULL, older rows win, without
   * a word (apache/paimon#9279). So this is no choice of a project's. A record takes a kilobyte
   * while its key is merged.
   */
  private static final int REMEMBERED_RECORDS = 1_000_000;

  private final Path folder;
  private final List<SqlScript> others;
  private final Map<String, String> tableOptions;

  private TableFiles(Path folder, List<SqlScript> others, Map<String, String> tableOptions) {
    this.folder = folder;
    this.others = others;
    this.tableOptions = tableOptions;
  }

  /**
   * The files of a folder alone.
   *
   * @param folder holds the files, in any folders
   * @param tableOptions options of every table, unless its file says otherwise
   */
  public TableFiles(Path folder, Map<String, String> tableOptions) {
    this(folder, List.of(), tableOptions);
  }

  /** The files of a project, and those of the tables in which Tidelake keeps its own records. */
  public static TableFiles of(LakeConfig config) {
    return new TableFiles(config.folders().tables(), OwnTables.scripts(), config.tableOptions());
  }

  /**
   * The file of one table.
   *
   * @return empty when the project has none, and it is none of Tidelake's own
   */
  public static Optional<SqlScript> scriptOf(Folders folders, String table) {
    return Stream.concat(
            Folders.sqlFiles(folders.tables()).stream()
                .filter(file -> file.getFileName().toString().equals(table + ".sql"))
                .map(file -> SqlScript.read(file, Map.of())),
            OwnTables.scripts().stream().filter(script -> script.name().equals(table)))
        .findFirst();
  }

  /**
   * The definitions of all files, sorted by path.
   *
   * @throws LakeException when a file does not hold one valid {@code CREATE TABLE} of its own name,
   *     two are of one table, or tables break the merge law
   */
  public List<TableDefinition> read() {
    TableEnvironment parser = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    if (!Files.isDirectory(folder)) {
      throw new LakeException(
          ErrorCode.TABLES_FOLDER_MISSING,
          "There is no folder " + folder + ", where the definitions of tables should lie.",
          "Make it, or let `folders: tables:` in lake.yaml name another.");
    }
    List<SqlScript> scripts =
        Stream.concat(
                Folders.sqlFiles(folder).stream().map(file -> SqlScript.read(file, Map.of())),
                others.stream())
            .toList();
    refuseTwins(scripts);
    List<TableDefinition> tables = scripts.stream().map(script -> read(script, parser)).toList();
    MergeLawCheck.refuseViolations(tables);
    return tables;
  }

  private void refuseTwins(List<SqlScript> scripts) {
    Map<String, SqlScript> byName = new HashMap<>();
    for (SqlScript script : scripts) {
      SqlScript twin = byName.put(script.name(), script);
      if (twin != null) {
        throw new LakeException(
            ErrorCode.TABLE_TWICE,
            others.contains(script)
                ? "%s defines a table of Tidelake's own records.".formatted(shown(twin))
                : "%s and %s define the same table.".formatted(shown(twin), shown(script)),
            "Every table has a name of its own, whatever folder its file lies in: rename one.");
      }
    }
  }

  private String shown(SqlScript script) {
    return others.contains(script)
        ? script.file().toString()
        : folder.relativize(script.file()).toString();
  }

  private TableDefinition read(SqlScript script, TableEnvironment parser) {
    String name = script.name();
    ResolvedCatalogTable table = parse(script, parser);
    Map<String, String> options = new HashMap<>(tableOptions);
    options.putAll(table.getOptions());
    options.merge(
        CoreOptions.LOOKUP_MERGE_RECORDS_THRESHOLD.key(),
        String.valueOf(REMEMBERED_RECORDS),
        (configured, least) ->
            Long.parseLong(configured) < REMEMBERED_RECORDS ? least : configured);
    return new TableDefinition(
        name,
        table.getComment(),
        columns(script, table),
        table.getResolvedSchema().getPrimaryKey().map(UniqueConstraint::getColumns).orElseThrow(),
        table.getPartitionKeys(),
        options);
  }

  private ResolvedCatalogTable parse(SqlScript script, TableEnvironment parser) {
    String name = script.name();
    if (script.statements().size() != 1) {
      throw invalid(
          script,
          "holds " + script.statements().size() + " statements",
          "One CREATE TABLE a file.",
          null);
    }
    try {
      parser.executeSql(script.statements().get(0));
      CatalogBaseTable table =
          parser
              .getCatalog(parser.getCurrentCatalog())
              .orElseThrow()
              .getTable(new ObjectPath(parser.getCurrentDatabase(), name));
      if (!(table instanceof ResolvedCatalogTable resolved)) {
        throw invalid(script, "creates a view", "Write a CREATE TABLE statement.", null);
      }
      if (resolved.getResolvedSchema().getPrimaryKey().isEmpty()) {
        throw invalid(
            script,
            "defines " + name + " without a primary key",
            "Add PRIMARY KEY (…) NOT ENFORCED: without it a repeated record counts twice.",
            null);
      }
      return resolved;
    } catch (TableNotExistException e) {
      throw invalid(
          script,
          "does not create a table named " + name,
          "Name the file after its table; one table a file.",
          e);
    } catch (LakeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw invalid(
          script,
          "is not valid SQL: " + LakeException.rootMessage(e),
          "Mend the file and run `lake tables plan` again.",
          e);
    }
  }

  private LakeException invalid(SqlScript script, String reason, String remedy, Exception cause) {
    return new LakeException(
        ErrorCode.TABLE_FILE_INVALID, shown(script) + " " + reason + ".", remedy, cause);
  }

  private List<Column> columns(SqlScript script, ResolvedCatalogTable table) {
    Map<String, String> renames = renames(script.text());
    List<Column> columns = new ArrayList<>();
    for (org.apache.flink.table.catalog.Column column : table.getResolvedSchema().getColumns()) {
      LogicalType type = column.getDataType().getLogicalType();
      if (!column.isPhysical() || !(isSimple(type) || isMapOfSimpleTypes(type))) {
        throw invalid(
            script,
            "has the column " + column.asSummaryString() + ", which is computed or nested",
            "Declare stored columns of simple types, or of maps of simple types, only.",
            null);
      }
      if (!NAME.matcher(column.getName()).matches()) {
        throw invalid(
            script,
            "has the column "
                + SqlName.quoted(column.getName())
                + ", a name that Avro does not take",
            "Use letters, digits and _ only; a digit not at the beginning.",
            null);
      }
      columns.add(
          new Column(
              column.getName(),
              LogicalTypeConversion.toDataType(type).asSQLString(),
              column.getComment().orElse(""),
              renames.get(column.getName())));
    }
    return columns;
  }

  private static boolean isSimple(LogicalType type) {
    return type.getChildren().isEmpty();
  }

  private static boolean isMapOfSimpleTypes(LogicalType type) {
    return type.is(LogicalTypeRoot.MAP)
        && type.getChildren().stream().allMatch(TableFiles::isSimple);
  }

  private static Map<String, String> renames(String text) {
    Map<String, String> renames = new LinkedHashMap<>();
    Matcher matcher = RENAMED.matcher(text);
    while (matcher.find()) {
      renames.put(matcher.group(1), matcher.group(2));
    }
    return renames;
  }
}
