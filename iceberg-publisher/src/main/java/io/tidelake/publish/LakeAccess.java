/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.config.LakeConfig;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;

/** Opens the lake as the publisher and those who ask for its status need it. */
final class LakeAccess {

  private LakeAccess() {}

  /** The catalog, without a cache, so that tables are seen as other processes left them. */
  static LakeCatalog catalog(LakeConfig config) throws IOException {
    Map<String, String> options = new HashMap<>(config.catalog());
    // Else a table that another process drops and creates again would be seen minutes later.
    options.put("cache-enabled", "false");
    return LakeCatalog.open(config.withCatalog(options));
  }

  /** The storage where the publisher's own files lie. */
  static FileIO files(LakeConfig config) throws IOException {
    return FileIO.get(new Path(IcebergLake.location(config)), CatalogContexts.of(config.catalog()));
  }
}
