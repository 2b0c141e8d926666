/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.tables.catalog.HiveMetastore;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.TableDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.metastore.IMetaStoreClient;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.thrift.TException;

/**
 * Clean views in a Hive Metastore, as Trino itself stores views there: a table of type VIRTUAL_VIEW
 * whose text holds Trino's definition of the view, in JSON and Base64. Trino does not look for
 * Iceberg's own views in a Hive Metastore.
 */
public final class HiveViews implements CleanViewPublisher {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String TRINO_VIEW = "presto_view";

  private final IcebergLake lake;
  private final String trinoCatalog;
  private final String uri;

  /**
   * @param uri of the metastore
   * @param trinoCatalog what Trino calls the catalog
   */
  public HiveViews(IcebergLake lake, String uri, String trinoCatalog) {
    this.lake = lake;
    this.trinoCatalog = trinoCatalog;
    this.uri = uri;
  }

  /** What Trino has to know of a view. */
  private record Definition(
      String originalSql,
      String catalog,
      String schema,
      List<ViewColumn> columns,
      String comment,
      boolean runAsInvoker,
      List<String> path) {}

  private record ViewColumn(String name, String type) {}

  @FunctionalInterface
  private interface Action<T> {
    T on(IMetaStoreClient client) throws TException;
  }

  private <T> T call(Action<T> action) {
    try (HiveMetastore metastore = HiveMetastore.connect(uri)) {
      return action.on(metastore.client());
    } catch (TException e) {
      throw new LakeException(
          ErrorCode.ICEBERG_CATALOG_UNAVAILABLE,
          "The Hive Metastore %s does not keep a view: %s"
              .formatted(uri, LakeException.rootMessage(e)),
          "Look at the metastore's log; the publisher tries again.",
          e);
    }
  }

  @Override
  public void show(TableDefinition table, Schema schema) {
    Optional<CleanView> view = CleanView.of(table);
    if (view.isEmpty()) {
      hide(table.name());
      return;
    }
    Table wanted = hiveView(table, view.get(), schema);
    call(
        client -> {
          Optional<Table> there = find(client, wanted.getTableName());
          if (there.isEmpty()) {
            client.createTable(wanted);
          } else if (!isTrinoView(there.get())) {
            throw new TException(wanted.getTableName() + " is a table there");
          } else if (!there.get().getViewOriginalText().equals(wanted.getViewOriginalText())) {
            client.alter_table(wanted.getDbName(), wanted.getTableName(), wanted);
          }
          return null;
        });
  }

  private Optional<Table> find(IMetaStoreClient client, String name) throws TException {
    try {
      return Optional.of(client.getTable(lake.namespace().toString(), name));
    } catch (NoSuchObjectException e) {
      return Optional.empty();
    }
  }

  private static boolean isTrinoView(Table table) {
    return "true".equals(table.getParameters().get(TRINO_VIEW));
  }

  @Override
  public void hide(String table) {
    call(
        client -> {
          Optional<Table> there = find(client, CleanView.nameFor(table));
          if (there.filter(HiveViews::isTrinoView).isPresent()) {
            client.dropTable(lake.namespace().toString(), CleanView.nameFor(table));
          }
          return null;
        });
  }

  private Table hiveView(TableDefinition table, CleanView view, Schema schema) {
    String namespace = lake.namespace().toString();
    Definition definition =
        new Definition(
            view.trinoQuery(trinoCatalog, namespace),
            trinoCatalog,
            namespace,
            view.columns().stream()
                .map(column -> new ViewColumn(column, trinoType(schema.findType(column))))
                .toList(),
            table.comment(),
            true,
            List.of());
    StorageDescriptor storage = new StorageDescriptor();
    // Trino takes the columns from its definition; the metastore wants one.
    storage.setCols(List.of(new FieldSchema("dummy", "string", null)));
    storage.setSerdeInfo(new SerDeInfo());
    Table hive = new Table();
    hive.setDbName(namespace);
    hive.setTableName(view.name());
    hive.setTableType(TableType.VIRTUAL_VIEW.name());
    hive.setSd(storage);
    hive.setPartitionKeys(List.of());
    hive.setParameters(
        Map.of(
            TRINO_VIEW,
            "true",
            "trino_created_by",
            "Tidelake publisher",
            "comment",
            "Presto View"));
    hive.setViewOriginalText("/* Presto View: " + encoded(definition) + " */");
    hive.setViewExpandedText("/* Presto View */");
    return hive;
  }

  private static String encoded(Definition definition) {
    try {
      String json = JSON.writeValueAsString(definition);
      return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trino's name of a type. */
  static String trinoType(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "boolean";
      case INTEGER -> "integer";
      case LONG -> "bigint";
      case FLOAT -> "real";
      case DOUBLE -> "double";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "decimal(%d,%d)".formatted(decimal.precision(), decimal.scale());
      }
      case STRING -> "varchar";
      case BINARY -> "varbinary";
      case DATE -> "date";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "timestamp(6) with time zone"
              : "timestamp(6)";
      case LIST -> "array(" + trinoType(type.asListType().elementType()) + ")";
      case MAP ->
          "map(%s,%s)"
              .formatted(
                  trinoType(type.asMapType().keyType()), trinoType(type.asMapType().valueType()));
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(
                  field ->
                      "\"" + field.name().replace("\"", "\"\"") + "\" " + trinoType(field.type()))
              .collect(Collectors.joining(",", "row(", ")"));
      default -> throw new IllegalArgumentException("No column has the type " + type);
    };
  }
}
