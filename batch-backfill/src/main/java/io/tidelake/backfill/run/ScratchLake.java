/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ScratchFolder;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.FileUtils;
import org.apache.paimon.table.FileStoreTable;

/**
 * A lake in a temporary folder of this machine, with empty tables defined as those of the lake.
 * What is written there can be compared with the lake file by file, without having touched it.
 */
public final class ScratchLake implements AutoCloseable {

  private final Path folder;
  private final LakeConfig config;
  private final LakeCatalog catalog;

  private ScratchLake(Path folder, LakeConfig config, LakeCatalog catalog) {
    this.folder = folder;
    this.config = config;
    this.catalog = catalog;
  }

  /**
   * Creates empty tables.
   *
   * @param tables names of tables of the lake
   * @throws LakeException when the temporary folder cannot be written
   */
  public static ScratchLake create(LakeConfig lake, LakeCatalog catalog, List<String> tables) {
    try {
      Path folder = ScratchFolder.create();
      LakeConfig config = lake.withWarehouse(folder);
      LakeCatalog scratch = LakeCatalog.open(config);
      TablePlan.of(tables.stream().map(catalog::definition).toList(), scratch).apply(scratch);
      return new ScratchLake(folder, config, scratch);
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.SCRATCH_UNUSABLE,
          "No temporary folder could be made: " + LakeException.rootMessage(e),
          "Make room in the folder of java.io.tmpdir, or name another one in JAVA_TOOL_OPTIONS.",
          e);
    }
  }

  public LakeConfig config() {
    return config;
  }

  public LakeCatalog catalog() {
    return catalog;
  }

  /** A table of the scratch lake. */
  public FileStoreTable table(String name) {
    return catalog.table(name);
  }

  /** The records that are kept in it. */
  public BackfillRecords records() {
    return new BackfillRecords(catalog);
  }

  @Override
  public void close() {
    catalog.close();
    try {
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete the scratch lake", e);
    }
  }
}
