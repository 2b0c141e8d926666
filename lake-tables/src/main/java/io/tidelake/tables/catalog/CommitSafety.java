/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.paimon.fs.Path;
import org.apache.paimon.options.CatalogOptions;

/**
 * Whether two writers may commit to a warehouse at the same time. Paimon commits a snapshot by
 * renaming a file to a name that must be free. An object store does not refuse the second of two
 * such renames, so that there a lock, or the catalog itself, must order commits.
 */
public final class CommitSafety {

  /** The empty one is a folder of this machine. */
  private static final Set<String> EXCLUSIVE_RENAME = Set.of("", "file", "hdfs", "viewfs");

  private CommitSafety() {}

  /**
   * Refuses a catalog that loses commits in silence.
   *
   * @param catalog options of Paimon's catalog
   * @throws LakeException {@code CATALOG_UNSAFE}, with what to configure instead
   */
  public static void require(Map<String, String> catalog) {
    String warehouse = catalog.getOrDefault(CatalogOptions.WAREHOUSE.key(), "");
    if (EXCLUSIVE_RENAME.contains(scheme(warehouse)) || isOrdered(catalog)) {
      return;
    }
    throw new LakeException(
        ErrorCode.CATALOG_UNSAFE,
        "The warehouse %s lies in an object store, and nothing orders its commits (metastore: %s, %s: %s): of two commits at the same time one would be lost in silence."
            .formatted(
                warehouse,
                metastore(catalog),
                CatalogOptions.LOCK_ENABLED.key(),
                catalog.getOrDefault(CatalogOptions.LOCK_ENABLED.key(), "not set")),
        "Configure under `catalog:` a metastore whose lock every commit takes: `metastore: hive`"
            + " with `uri: thrift://host:9083`, or `metastore: jdbc` with `uri: jdbc:mysql://…` and"
            + " `lock.enabled: \"true\"`. Or keep the warehouse in a folder or on hdfs://.");
  }

  /** The scheme of a path in lower case; empty when it has none. */
  static String scheme(String path) {
    String scheme = path.isEmpty() ? null : new Path(path).toUri().getScheme();
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  private static boolean isOrdered(Map<String, String> catalog) {
    String lock = catalog.get(CatalogOptions.LOCK_ENABLED.key());
    return switch (metastore(catalog)) {
      // CatalogContexts turns its lock on.
      case LakeConfig.HIVE -> lock == null || Boolean.parseBoolean(lock);
      case "jdbc" -> Boolean.parseBoolean(lock);
      // Its server commits.
      case "rest" -> true;
      default -> false;
    };
  }

  private static String metastore(Map<String, String> catalog) {
    return catalog.getOrDefault(
        CatalogOptions.METASTORE.key(), CatalogOptions.METASTORE.defaultValue());
  }
}
