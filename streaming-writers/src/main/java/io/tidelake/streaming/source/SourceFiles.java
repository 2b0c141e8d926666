/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.changelog.ChangeLogTableFactory;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.schema.SqlScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedCatalogTable;

/** Reads the project's source tables: which tables of the database are captured, and as what. */
public final class SourceFiles {

  private static final String TOPIC = "topic";

  private SourceFiles() {}

  /**
   * The source tables of all files, sorted by path.
   *
   * @throws LakeException when a file is no valid SQL, or creates a source table that is not called
   *     as the file, or whose topic is not {@code <topic-prefix>.<table>}
   */
  public static List<SourceFile> read(LakeConfig config) {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    List<SourceFile> sources = new ArrayList<>();
    for (var file : Folders.sqlFiles(config.folders().sources())) {
      SqlScript script = SqlScript.read(file, config.sqlParameters());
      for (Map.Entry<String, ResolvedCatalogBaseTable<?>> created :
          create(script, environment).entrySet()) {
        ResolvedCatalogBaseTable<?> table = created.getValue();
        String topic = table.getOptions().get(TOPIC);
        if (topic != null) {
          if (!created.getKey().equals(script.name())) {
            throw invalid(
                script,
                "creates the source table " + created.getKey() + ", which has another name",
                null);
          }
          Configuration options = Configuration.fromMap(table.getOptions());
          sources.add(
              new SourceFile(
                  script.name(),
                  topic,
                  table(script, topic, config),
                  columns(table),
                  options.getOptional(ChangeLogTableFactory.KEY_COLUMNS).orElse(List.of()),
                  options.get(ChangeLogTableFactory.INSTANT_COLUMNS),
                  metadata(table),
                  options.get(ChangeLogTableFactory.STRICT),
                  ChangeLogTableFactory.consumer(table.getOptions())));
        }
      }
    }
    return List.copyOf(sources);
  }

  private static Map<String, String> metadata(ResolvedCatalogBaseTable<?> table) {
    Map<String, String> metadata = new HashMap<>();
    for (var column : table.getResolvedSchema().getColumns()) {
      if (column instanceof MetadataColumn told) {
        metadata.put(told.getMetadataKey().orElse(told.getName()), told.getName());
      }
    }
    return metadata;
  }

  private static Map<String, ResolvedCatalogBaseTable<?>> create(
      SqlScript script, TableEnvironment environment) {
    try {
      List<String> before = List.of(environment.listTables());
      script.statements().forEach(environment::executeSql);
      Map<String, ResolvedCatalogBaseTable<?>> created = new LinkedHashMap<>();
      for (String name : environment.listTables()) {
        if (!before.contains(name)) {
          created.put(name, resolved(name, environment));
        }
      }
      return created;
    } catch (RuntimeException e) {
      throw invalid(script, "is not valid SQL: " + LakeException.rootMessage(e), e);
    }
  }

  /** A table of a session's current database, with its options. */
  public static ResolvedCatalogBaseTable<?> resolved(String name, TableEnvironment session) {
    return ((TableEnvironmentInternal) session)
        .getCatalogManager()
        .getTableOrError(identifier(name, session))
        .getResolvedTable();
  }

  /**
   * Gives a source table of a session other options.
   *
   * @param options over those that it has
   */
  public static void setOptions(
      String name, Map<String, String> options, TableEnvironment session) {
    ResolvedCatalogTable table = (ResolvedCatalogTable) resolved(name, session);
    Map<String, String> all = new HashMap<>(table.getOptions());
    all.putAll(options);
    CatalogManager catalog = ((TableEnvironmentInternal) session).getCatalogManager();
    ObjectIdentifier identifier = identifier(name, session);
    catalog.dropTemporaryTable(identifier, false);
    catalog.createTemporaryTable(table.copy(all), identifier, false);
  }

  private static ObjectIdentifier identifier(String name, TableEnvironment session) {
    return ObjectIdentifier.of(session.getCurrentCatalog(), session.getCurrentDatabase(), name);
  }

  private static String table(SqlScript script, String topic, LakeConfig config) {
    String prefix = config.source().topicPrefix() + ".";
    if (!topic.startsWith(prefix) || topic.length() == prefix.length()) {
      throw invalid(
          script,
          "reads the topic " + topic + ", which does not start with the prefix " + prefix,
          null);
    }
    return topic.substring(prefix.length());
  }

  private static List<Column> columns(ResolvedCatalogBaseTable<?> table) {
    return table.getResolvedSchema().getColumns().stream()
        .filter(org.apache.flink.table.catalog.Column::isPhysical)
        .map(
            column ->
                new Column(
                    column.getName(),
                    column.getDataType().getLogicalType().asSerializableString(),
                    column.getComment().orElse(""),
                    null))
        .toList();
  }

  private static LakeException invalid(SqlScript script, String reason, Exception cause) {
    return new LakeException(
        ErrorCode.SOURCE_FILE_INVALID,
        "The source file " + script.file().getFileName() + " " + reason + ".",
        "Write CREATE TEMPORARY TABLE source_<table> (…) WITH ('topic' = '${source.topic-prefix}.<table>', …).",
        cause);
  }
}
