/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.paimon.catalog.CatalogContext;
import org.apache.paimon.flink.FlinkFileIOLoader;
import org.apache.paimon.fs.Path;
import org.apache.paimon.options.CatalogOptions;
import org.apache.paimon.options.Options;

/** How Paimon opens a catalog; the one place for all of its users. */
public final class CatalogContexts {

  private CatalogContexts() {}

  /**
   * What Paimon has to know to open a catalog, or a file of its warehouse. Files on the local file
   * system are read through a buffer. On a Hive Metastore each commit takes its lock.
   *
   * @param options options of Paimon's catalog, as in {@link LakeConfig#catalog}
   */
  public static CatalogContext of(Map<String, String> options) {
    Options catalog = Options.fromMap(options);
    boolean hive = HiveRegistration.isUsedBy(options);
    if (hive) {
      HiveRegistration.DEFAULTS.forEach(
          (name, value) -> catalog.set(name, options.getOrDefault(name, value)));
    }
    String warehouse = options.getOrDefault(CatalogOptions.WAREHOUSE.key(), "");
    if (warehouse.isEmpty() || !List.of("", "file").contains(CommitSafety.scheme(warehouse))) {
      return CatalogContext.create(catalog, new FlinkFileIOLoader());
    }
    // Without a scheme Paimon would not ask the loader.
    catalog.set(CatalogOptions.WAREHOUSE.key(), "file:" + new Path(warehouse).toUri().getPath());
    // Every source and sink of a job carries it: with Hadoop's defaults that is 35 KB and 50 ms
    // each.
    Configuration hadoop = hive ? new Configuration() : new Configuration(false);
    return CatalogContext.create(catalog, hadoop, new LakeLocalFileIO.Loader(), null);
  }

  /**
   * The error of a catalog that cannot be opened: {@code CATALOG_UNAVAILABLE}.
   *
   * @param cause why
   */
  public static LakeException unavailable(LakeConfig config, Exception cause) {
    Map<String, String> catalog = config.catalog();
    return new LakeException(
        ErrorCode.CATALOG_UNAVAILABLE,
        "Cannot open the catalog "
            + catalog.getOrDefault(CatalogOptions.WAREHOUSE.key(), "(no warehouse configured)")
            + (HiveRegistration.isUsedBy(catalog)
                ? " of the Hive Metastore " + catalog.get(CatalogOptions.URI.key())
                : "")
            + ": "
            + LakeException.rootMessage(cause),
        "Check `catalog:` in lake.yaml, and that the folder exists or can be created and written.",
        cause);
  }
}
