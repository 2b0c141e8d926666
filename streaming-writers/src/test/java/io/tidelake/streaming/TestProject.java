/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A project of a test's own: files, a configuration that names nothing that runs, its tables. */
public final class TestProject {

  private final Path folder;

  /** A project without files. */
  public TestProject(Path folder) throws IOException {
    this.folder = folder;
    for (String kind : List.of("tables", "sources", "pipelines")) {
      Files.createDirectories(folder.resolve(kind));
    }
  }

  /** Writes one of its files, as {@code pipelines/total.sql}. */
  public void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /**
   * Makes a lake with the tables of the project.
   *
   * @param name of its folder, and of the file of its configuration
   * @param settings more of the configuration, in YAML
   */
  public LakeConfig lake(String name, String settings) throws IOException {
    write(
        name + ".yaml",
        """
        catalog: {warehouse: %1$s}
        database: lake
        open-days: 60
        source: {bootstrap-servers: "localhost:1", topic-prefix: none}
        cluster: {rest-address: "localhost:1", checkpoints: %1$s/checkpoints}
        """
                .formatted(folder.resolve(name))
            + settings);
    LakeConfig config = LakeConfig.load(folder.resolve(name + ".yaml"), Map.of());
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
    }
    return config;
  }
}
