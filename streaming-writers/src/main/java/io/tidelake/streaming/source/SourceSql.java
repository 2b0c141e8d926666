/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.changelog.ChangeEventMetadata;
import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.database.DatabaseTable;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the SQL files of a project from the tables of a source database: for each a source table,
 * an ODS table with the same columns, and a mapping of snapshots, and one pipeline that fills them
 * all.
 */
public final class SourceSql {

  /** What follows the columns of the row in an ODS table, and orders its versions. */
  private static final List<String> VERSION_COLUMNS =
      List.of(TableDefinition.IS_DELETED, "row_version", "log_position");

  /**
   * A column of a source table that is not the row's.
   *
   * @param metadata what it tells of the event
   * @param name how it is called, unless a column of the row is called so
   * @param meaning its comment
   */
  private record Told(ChangeEventMetadata metadata, String name, String meaning) {}

  private static final List<Told> TOLD =
      List.of(
          new Told(
              ChangeEventMetadata.OP,
              "op",
              "c, u, d, or r for a row that was read and not changed; NULL when error is set"),
          new Told(
              ChangeEventMetadata.ERROR,
              "error",
              "Why the event could not be read; NULL when it could"),
          new Told(
              ChangeEventMetadata.PAYLOAD,
              "payload",
              "Key and value of the message as text, when error is set"),
          new Told(
              ChangeEventMetadata.ROW_VERSION,
              "row_version",
              "Place of the change in the order of the log, see the merge law"),
          new Told(ChangeEventMetadata.TOPIC, "topic", "Topic of the message"),
          new Told(
              ChangeEventMetadata.PLACE, "place", "Which message of the topic: partition/offset"),
          new Told(ChangeEventMetadata.OFFSET, "log_position", "Order of the messages of one row"),
          new Told(ChangeEventMetadata.TIMESTAMP, "logged_at", "When Kafka got the message"));

  /** What a dead letter holds of its event, in the order of its table. */
  private static final List<ChangeEventMetadata> LETTER =
      List.of(
          ChangeEventMetadata.TOPIC,
          ChangeEventMetadata.PLACE,
          ChangeEventMetadata.ERROR,
          ChangeEventMetadata.PAYLOAD,
          ChangeEventMetadata.ROW_VERSION,
          ChangeEventMetadata.TIMESTAMP);

  private final List<DatabaseTable> tables;
  private final List<String> definitions;

  private SourceSql(List<DatabaseTable> tables, List<String> definitions) {
    this.tables = tables;
    this.definitions = definitions;
  }

  /**
   * Looks at tables of the source database.
   *
   * @param config says where it is
   * @param names the tables; empty for all that have a primary key
   * @throws LakeException when the database does not answer, a named table is missing, or one
   *     cannot be captured
   */
  public static SourceSql of(LakeConfig config, List<String> names) {
    try (SourceDatabase database = SourceDatabase.connect(config)) {
      Map<String, DatabaseTable> all = database.tables();
      List<DatabaseTable> chosen =
          names.isEmpty()
              ? all.values().stream()
                  .filter(table -> !table.isView() && !table.key().isEmpty())
                  .toList()
              : names.stream().map(name -> chosen(database.name(), all, name)).toList();
      if (chosen.isEmpty()) {
        throw new LakeException(
            ErrorCode.SOURCE_TABLE_MISSING,
            "The database " + database.name() + " has no table with a primary key.",
            "Name another database in the address.");
      }
      chosen.forEach(SourceSql::requireCapturable);
      List<String> definitions = new ArrayList<>();
      for (DatabaseTable table : chosen) {
        definitions.add(database.definition(table.name()));
      }
      return new SourceSql(chosen, definitions);
    } catch (SQLException e) {
      throw SourceDatabase.unreachable(e);
    }
  }

  private static DatabaseTable chosen(
      String database, Map<String, DatabaseTable> all, String name) {
    DatabaseTable table = all.get(name);
    if (table == null) {
      throw new LakeException(
          ErrorCode.SOURCE_TABLE_MISSING,
          "The database %s has no table %s.".formatted(database, name),
          "It has %s.".formatted(String.join(", ", all.keySet())));
    }
    return table;
  }

  private static void requireCapturable(DatabaseTable table) {
    if (table.isView() || table.key().isEmpty()) {
      throw new LakeException(
          ErrorCode.SOURCE_TABLE_UNFIT,
          table.name()
              + (table.isView()
                  ? " is a view: the log of changes tells nothing of it."
                  : " has no primary key: updates and deletes of its rows cannot be told apart."),
          table.isView()
              ? "Name the tables that it shows."
              : "ALTER TABLE %s ADD PRIMARY KEY (…), or leave it out.".formatted(table.name()));
    }
    table.columns().values().stream()
        .filter(ColumnTypes::stopsCapture)
        .findFirst()
        .ifPresent(
            column -> {
              throw new LakeException(
                  ErrorCode.SOURCE_TABLE_UNFIT,
                  table.name() + ": " + ColumnTypes.whatItStops(column) + ".",
                  ColumnTypes.INSTEAD_OF_STOPPING);
            });
  }

  /** What the files hold, by their path in a project of the usual layout. */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (DatabaseTable table : tables) {
      files.put("sources/%s.sql".formatted(source(table)), sourceTable(table));
      files.put("tables/ods/%s.sql".formatted(target(table)), odsTable(table));
      files.put("mappings/%s.sql".formatted(target(table)), mapping(table));
    }
    files.put("pipelines/ods.sql", pipeline());
    files.put("demo/schema.sql", schema());
    return files;
  }

  /** The database's own statements, for another one. */
  private String schema() {
    StringBuilder text =
        new StringBuilder(
            "-- The tables as the database defines them; the local stack (`lake up`) makes them in its own.\n"
                + "SET FOREIGN_KEY_CHECKS = 0;\n");
    for (String definition : definitions) {
      text.append('\n')
          .append(definition.replaceFirst("^CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "))
          .append(";\n");
    }
    return text.toString();
  }

  /** A name of a table in SQL: small letters, and nothing that needs quotes or has a meaning. */
  private static String plain(DatabaseTable table) {
    return table.name().toLowerCase(Locale.ROOT).replaceAll("\\W", "_");
  }

  private static String source(DatabaseTable table) {
    return "source_" + plain(table);
  }

  private static String target(DatabaseTable table) {
    return "ods_" + plain(table);
  }

  /**
   * How a column is called in the lake's tables. Their files take letters, digits and _ only; some
   * names belong to the columns of versions, and every name that ends as theirs does.
   */
  private static String inLake(DatabaseTable table, DatabaseColumn column) {
    String name = column.name().replaceAll("\\W", "_").replaceFirst("^(\\d)", "_$1");
    String small = name.toLowerCase(Locale.ROOT);
    boolean isOfAnother = !name.equals(column.name()) && isTaken(table, name);
    return isOfAnother || VERSION_COLUMNS.contains(small) || small.endsWith("_version")
        ? name + "_of_source"
        : name;
  }

  /** How metadata is called beside the columns of the row. */
  private static String metadata(DatabaseTable table, ChangeEventMetadata metadata) {
    String name =
        TOLD.stream().filter(told -> told.metadata() == metadata).findFirst().orElseThrow().name();
    while (isTaken(table, name)) {
      name = "change_" + name;
    }
    return SqlStatement.identifier(name);
  }

  private static boolean isTaken(DatabaseTable table, String name) {
    return table.columns().keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  private static String sourceTable(DatabaseTable table) {
    List<String> lines = new ArrayList<>();
    for (DatabaseColumn column : table.columns().values()) {
      lines.add(
          "%s %s".formatted(SqlStatement.identifier(column.name()), ColumnTypes.toWrite(column)));
    }
    for (Told told : TOLD) {
      String key = told.metadata().key();
      String name = metadata(table, told.metadata());
      lines.add(
          "%s %s METADATA %sVIRTUAL COMMENT '%s'"
              .formatted(
                  name,
                  told.metadata().type().getLogicalType().asSummaryString(),
                  name.equals(key) ? "" : "FROM '" + key + "' ",
                  told.meaning()));
    }
    List<String> instants =
        table.columns().values().stream()
            .filter(column -> column.type().equals("timestamp"))
            .map(DatabaseColumn::name)
            .toList();
    return """
        -- Change events of the source table %1$s, as Debezium writes them.
        CREATE TEMPORARY TABLE %2$s (
          %3$s
        ) WITH (
          'connector' = 'change-log',
          'topic' = '${source.topic-prefix}.%4$s',
          'properties.bootstrap.servers' = '${source.bootstrap-servers}',
          'properties.group.id' = 'tidelake',
          'time-zone' = '${source.time-zone}',
          'key-columns' = '%5$s'%6$s
        );
        """
        .formatted(
            table.name(),
            source(table),
            String.join(",\n  ", lines),
            topic(table),
            quoted(String.join(";", table.key())),
            instants.isEmpty()
                ? ""
                : ",\n  'instant-columns' = '%s'".formatted(quoted(String.join(";", instants))));
  }

  /** Kafka's names have fewer letters; change capture writes _ for the others. */
  private static String topic(DatabaseTable table) {
    return table.name().replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static String odsTable(DatabaseTable table) {
    List<String> lines = new ArrayList<>();
    for (DatabaseColumn column : table.columns().values()) {
      lines.add(
          "%s %s%s COMMENT '%s'"
              .formatted(
                  SqlStatement.identifier(inLake(table, column)),
                  ColumnTypes.toWrite(column),
                  column.isKey() ? " NOT NULL" : "",
                  comment(column)));
    }
    lines.add(
        "is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values'");
    lines.add("row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law'");
    lines.add(
        "log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log'");
    return """
        -- Rows of the source table %1$s.
        -- Grain: one row per %2$s. Freshness: seconds after the commit at the source.
        CREATE TABLE %3$s (
          %4$s,
          PRIMARY KEY (%5$s) NOT ENFORCED
        ) COMMENT 'Rows of the source table %6$s'
        WITH (
          'bucket' = '1',
          'merge-engine' = 'deduplicate',
          'sequence.field' = 'row_version,log_position'
        );
        """
        .formatted(
            table.name(),
            String.join(", ", table.key()),
            target(table),
            String.join(",\n  ", lines),
            keyColumns(table).map(SqlStatement::identifier).collect(Collectors.joining(", ")),
            quoted(table.name()));
  }

  private static Stream<String> keyColumns(DatabaseTable table) {
    return table.columns().values().stream()
        .filter(DatabaseColumn::isKey)
        .map(column -> inLake(table, column));
  }

  private static String comment(DatabaseColumn column) {
    List<String> parts = new ArrayList<>();
    parts.add(
        column.comment().isBlank()
            ? column.name() + " of the source"
            : column.comment().replaceAll("\\s+", " ").strip());
    ColumnTypes.arrival(column, ColumnTypes.parse(ColumnTypes.toWrite(column)))
        .ifPresent(parts::add);
    return quoted(String.join("; ", parts));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private static String mapping(DatabaseTable table) {
    List<String> columns = new ArrayList<>();
    for (DatabaseColumn column : table.columns().values()) {
      String name = SqlStatement.identifier(column.name());
      String inLake = SqlStatement.identifier(inLake(table, column));
      columns.add(name.equals(inLake) ? name : name + " AS " + inLake);
    }
    columns.addAll(
        List.of("is_deleted", "CAST(${version} AS BIGINT) AS row_version", "source_file"));
    return """
        -- Offline snapshot of the source table %s into the ODS table.
        SELECT
          %s
        FROM snapshot;
        """
        .formatted(table.name(), String.join(",\n  ", columns));
  }

  /** A column as the lake keeps it: change capture writes a Z behind a day. */
  private static String selected(DatabaseColumn column) {
    String name = SqlStatement.identifier(column.name());
    return column.type().equals("date")
        ? "SUBSTRING(%1$s FROM 1 FOR 10) AS %1$s".formatted(name)
        : name;
  }

  private String pipeline() {
    StringBuilder text =
        new StringBuilder(
            """
            -- Change capture: the change log of the source database into the ODS layer.
            -- The later of two changes in the log wins. A delete keeps the last values of the row and sets is_deleted.
            """);
    List<String> letters = new ArrayList<>();
    for (DatabaseTable table : tables) {
      List<String> columns = new ArrayList<>();
      table.columns().values().forEach(column -> columns.add(selected(column)));
      columns.add(metadata(table, ChangeEventMetadata.OP) + " = 'd' AS is_deleted");
      columns.add(metadata(table, ChangeEventMetadata.ROW_VERSION));
      columns.add(metadata(table, ChangeEventMetadata.OFFSET));
      text.append(
          """

          INSERT INTO %s
          SELECT
            %s
          FROM %s
          WHERE %s IS NULL;
          """
              .formatted(
                  target(table),
                  String.join(",\n  ", columns),
                  source(table),
                  metadata(table, ChangeEventMetadata.ERROR)));
      letters.add(
          "SELECT '%s', %s FROM %s WHERE %s IS NOT NULL"
              .formatted(
                  target(table),
                  LETTER.stream()
                      .map(told -> metadata(table, told))
                      .collect(Collectors.joining(", ")),
                  source(table),
                  metadata(table, ChangeEventMetadata.ERROR)));
    }
    return text.append("\n-- What could not be read; `lake dead-letters list` shows it.\n")
        .append("INSERT INTO ops_dead_letter\n")
        .append(String.join("\nUNION ALL\n", letters))
        .append(";\n")
        .toString();
  }
}
