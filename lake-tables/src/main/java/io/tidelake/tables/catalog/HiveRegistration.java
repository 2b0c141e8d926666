/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.DelegateCatalog;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.fs.Path;
import org.apache.paimon.hive.HiveCatalog;
import org.apache.paimon.hive.HiveTypeUtils;
import org.apache.paimon.options.CatalogOptions;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.FileStoreTableFactory;

/**
 * What differs when a Hive Metastore knows the tables: how it is used, and that it can know other
 * tables, or other columns, than the warehouse holds. In a catalog of another kind the folders are
 * the tables, and nothing differs.
 */
final class HiveRegistration {

  /** Options of Paimon's catalog unless the configuration says otherwise. */
  static final Map<String, String> DEFAULTS =
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

  /**
   * @param catalog of any kind
   */
  HiveRegistration(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Whether a catalog's tables are known to a Hive Metastore.
   *
   * @param options options of Paimon's catalog
   */
  static boolean isUsedBy(Map<String, String> options) {
    return LakeConfig.HIVE.equals(options.get(CatalogOptions.METASTORE.key()));
  }

  /**
   * Looks whether the metastore of a catalog, if it has one, can be reached.
   *
   * @param options options of Paimon's catalog
   * @throws LakeException when none of its addresses accepts a connection within seconds
   */
  static void validateReachable(Map<String, String> options) {
    if (isUsedBy(options)) {
      HiveMetastore.validateReachable(options.getOrDefault(CatalogOptions.URI.key(), ""));
    }
  }

  /** A table whose folder lies in the warehouse; the metastore need not know it. */
  Optional<FileStoreTable> findInWarehouse(Identifier table) {
    return hive()
        .flatMap(
            files -> {
              Path folder = files.getTableLocation(table);
              return files
                  .tableSchemaInFileSystem(folder, Identifier.DEFAULT_MAIN_BRANCH)
                  .map(schema -> FileStoreTableFactory.create(files.fileIO(), folder, schema));
            });
  }

  /**
   * Whether the metastore shows the columns that a table has. It does not when a change was
   * interrupted, or was made through the file system.
   */
  boolean columnsMatch(Identifier identifier, FileStoreTable table)
      throws Catalog.TableNotExistException, Catalog.TableNoPermissionException {
    Optional<HiveCatalog> hive = hive();
    if (hive.isEmpty()) {
      return true;
    }
    Table shown = hive.get().getHmsTable(identifier);
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
  }

  private Optional<HiveCatalog> hive() {
    return DelegateCatalog.rootCatalog(catalog) instanceof HiveCatalog hive
        ? Optional.of(hive)
        : Optional.empty();
  }
}
