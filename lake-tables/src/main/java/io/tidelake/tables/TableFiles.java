package io.tidelake.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.paimon.flink.LogicalTypeConversion;

/**
 * Reads table definitions from their SQL files. Flink's own parser reads them, so a file holds what
 * a user would type into a Flink SQL client.
 */
public final class TableFiles {

  private static final Pattern RENAMED =
      Pattern.compile("^\\s*`?(\\w+)`?\\s.*--\\s*renamed from `?(\\w+)`?\\s*$", Pattern.MULTILINE);

  private final Path folder;
  private final Map<String, String> tableOptions;

  /**
   * @param folder holds the files, in a folder per layer
   * @param tableOptions options of every table, unless its file says otherwise
   */
  public TableFiles(Path folder, Map<String, String> tableOptions) {
    this.folder = folder;
    this.tableOptions = tableOptions;
  }

  /**
   * The definitions of all files, sorted by path.
   *
   * @throws LakeException when a file does not hold one valid {@code CREATE TABLE} of its own name
   */
  public List<TableDefinition> read() {
    TableEnvironment parser = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    return LakeHome.sqlFiles(folder).stream()
        .map(file -> read(SqlScript.read(file, Map.of()), parser))
        .toList();
  }

  private TableDefinition read(SqlScript script, TableEnvironment parser) {
    String name = script.name();
    ResolvedCatalogTable table = parse(script, parser);
    Map<String, String> options = new HashMap<>(tableOptions);
    options.putAll(table.getOptions());
    return new TableDefinition(
        name,
        table.getComment(),
        columns(table, renames(script.text())),
        table.getResolvedSchema().getPrimaryKey().map(UniqueConstraint::getColumns).orElseThrow(),
        table.getPartitionKeys(),
        options);
  }

  private static ResolvedCatalogTable parse(SqlScript script, TableEnvironment parser) {
    try {
      for (String statement : script.statements()) {
        parser.executeSql(statement);
      }
      CatalogBaseTable table =
          parser
              .getCatalog(parser.getCurrentCatalog())
              .orElseThrow()
              .getTable(new ObjectPath(parser.getCurrentDatabase(), script.name()));
      ResolvedCatalogTable resolved = (ResolvedCatalogTable) table;
      if (resolved.getResolvedSchema().getPrimaryKey().isEmpty()) {
        throw new LakeException(
            "TABLE_FILE_INVALID",
            script.file() + " defines " + script.name() + " without a primary key.",
            "Add PRIMARY KEY (…) NOT ENFORCED: without it a repeated record counts twice.");
      }
      return resolved;
    } catch (TableNotExistException e) {
      throw new LakeException(
          "TABLE_FILE_INVALID",
          script.file() + " does not create a table named " + script.name() + ".",
          "Name the file after its table; one table a file.",
          e);
    } catch (LakeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new LakeException(
          "TABLE_FILE_INVALID",
          script.file() + " is not valid SQL: " + LakeException.rootMessage(e),
          "Mend the file and run `lake tables plan` again.",
          e);
    }
  }

  private static List<Column> columns(ResolvedCatalogTable table, Map<String, String> renames) {
    List<Column> columns = new ArrayList<>();
    for (org.apache.flink.table.catalog.Column column : table.getResolvedSchema().getColumns()) {
      columns.add(
          new Column(
              column.getName(),
              LogicalTypeConversion.toDataType(column.getDataType().getLogicalType()).asSQLString(),
              column.getComment().orElse(""),
              renames.get(column.getName())));
    }
    return columns;
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
