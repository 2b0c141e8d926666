/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.HashMap;
import java.util.Map;

/** The catalogs of the lake's Trino. */
final class TrinoCatalogs {

  private static final String MEMORY = "memory";

  private TrinoCatalogs() {}

  /**
   * The properties of each catalog, by its name in SQL: the lake, and one for tables of the users'
   * own, which are gone when Trino ends.
   *
   * @throws LakeException when Trino cannot read such a lake
   */
  static Map<String, Map<String, String>> of(LakeConfig config) {
    return Map.of(
        config.publisher().trinoCatalog(),
        lake(config),
        MEMORY,
        Map.of("connector.name", "memory", "memory.max-data-per-node", "64MB"));
  }

  private static Map<String, String> lake(LakeConfig config) {
    Map<String, String> properties = writable(config);
    // The tables are mirrors: only the publisher writes them.
    properties.put("iceberg.security", "read_only");
    // It would show the old rows of a table that was dropped and made again.
    properties.put("iceberg.metadata-cache.enabled", "false");
    return properties;
  }

  /** The lake's metastore and files, for tables that Trino writes itself. */
  static Map<String, String> writable(LakeConfig config) {
    Map<String, String> properties = new HashMap<>();
    properties.put("connector.name", "iceberg");
    Map<String, String> iceberg = new HashMap<>(config.publisher().catalog());
    if (config.hive().uri() != null) {
      // As the publisher does.
      iceberg.putIfAbsent("uri", config.hive().uri());
    }
    properties.putAll(icebergCatalog(iceberg));
    properties.putAll(fileSystem(config.catalog()));
    return properties;
  }

  /** Iceberg's own names of a catalog's properties, in Trino's. */
  static Map<String, String> icebergCatalog(Map<String, String> iceberg) {
    String type = iceberg.getOrDefault("type", "");
    String uri = iceberg.getOrDefault("uri", "");
    Map<String, String> properties = new HashMap<>();
    switch (type) {
      case "hive" -> {
        properties.put("iceberg.catalog.type", "hive_metastore");
        properties.put("hive.metastore.uri", uri);
      }
      case "rest" -> {
        properties.put("iceberg.catalog.type", "rest");
        properties.put("iceberg.rest-catalog.uri", uri);
        copy(iceberg, "warehouse", properties, "iceberg.rest-catalog.warehouse");
      }
      case "jdbc" -> {
        properties.put("iceberg.catalog.type", "jdbc");
        properties.put("iceberg.jdbc-catalog.catalog-name", "lake");
        properties.put("iceberg.jdbc-catalog.driver-class", driver(uri));
        properties.put("iceberg.jdbc-catalog.connection-url", uri);
        copy(iceberg, "jdbc.user", properties, "iceberg.jdbc-catalog.connection-user");
        copy(iceberg, "jdbc.password", properties, "iceberg.jdbc-catalog.connection-password");
        copy(iceberg, "warehouse", properties, "iceberg.jdbc-catalog.default-warehouse-dir");
      }
      default ->
          throw new LakeException(
              ErrorCode.TRINO_CATALOG_UNSUPPORTED,
              "Trino is not told how to read an Iceberg catalog of type '" + type + "'.",
              "Use one of the types hive, rest or jdbc.");
    }
    return properties;
  }

  /** Paimon's options of a warehouse's file system, in Trino's names. */
  static Map<String, String> fileSystem(Map<String, String> catalog) {
    String warehouse = catalog.getOrDefault("warehouse", "");
    String scheme = warehouse.contains(":") ? warehouse.substring(0, warehouse.indexOf(':')) : "";
    Map<String, String> properties = new HashMap<>();
    if (scheme.isEmpty() || scheme.equals("file")) {
      properties.put("fs.local.enabled", "true");
      properties.put("local.location", "/");
    } else if (scheme.startsWith("s3")) {
      properties.put("fs.s3.enabled", "true");
      properties.put("s3.region", catalog.getOrDefault("s3.region", "us-east-1"));
      copy(catalog, "s3.endpoint", properties, "s3.endpoint");
      copy(catalog, "s3.access-key", properties, "s3.aws-access-key");
      copy(catalog, "s3.secret-key", properties, "s3.aws-secret-key");
      copy(catalog, "s3.path.style.access", properties, "s3.path-style-access");
    } else {
      throw new LakeException(
          ErrorCode.TRINO_FILES_UNSUPPORTED,
          "The local stack's Trino is not told how to read a warehouse of " + scheme + ".",
          "Use your own Trino (trino/server in lake.yaml), or a warehouse in a folder or on s3.");
    }
    return properties;
  }

  private static String driver(String url) {
    return switch (url.replaceFirst("^jdbc:([a-z]+):.*", "$1")) {
      case "postgresql" -> "org.postgresql.Driver";
      case "mysql" -> "com.mysql.cj.jdbc.Driver";
      default ->
          throw new LakeException(
              ErrorCode.TRINO_CATALOG_UNSUPPORTED,
              "Trino has no driver for " + url + ".",
              "Keep the catalog in PostgreSQL or MySQL, or use a Hive Metastore or a REST catalog.");
    };
  }

  private static void copy(
      Map<String, String> from, String name, Map<String, String> to, String as) {
    String value = from.get(name);
    if (value != null) {
      to.put(as, value);
    }
  }
}
