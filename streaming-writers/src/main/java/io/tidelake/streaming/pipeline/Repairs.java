/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * The repairs of the configuration: pipelines that write in batch, while the streams run, what
 * streams cannot know, such as attributes of a dimension that changed since they were looked up.
 */
public final class Repairs {

  private final LakeConfig config;

  /** The repairs of a configuration; it may have none. */
  public Repairs(LakeConfig config) {
    this.config = config;
  }

  /**
   * Runs each of them once, one after the other.
   *
   * @return true when one found something to write
   * @throws LakeException when a batch job fails
   */
  public boolean run(LakeCatalog catalog) throws InterruptedException {
    boolean wrote = false;
    for (String name : config.repairs()) {
      wrote |= run(catalog, Pipeline.read(config, name));
    }
    return wrote;
  }

  private boolean run(LakeCatalog catalog, Pipeline pipeline) throws InterruptedException {
    StreamTableEnvironment session = FlinkSession.openBatch(config);
    StatementSet statements = session.createStatementSet();
    pipeline.addTo(statements, session);
    List<String> tables = pipeline.targets();
    String user = "repair-" + Long.toHexString(System.nanoTime());
    Map<String, Long> before = new HashMap<>();
    for (String table : tables) {
      session.getConfig().set(FlinkSession.tableOption(config, table, "commit.user-prefix"), user);
      before.put(table, catalog.latestSnapshotId(table));
    }
    try {
      statements.execute().await();
    } catch (ExecutionException e) {
      throw new LakeException(
          ErrorCode.REPAIR_FAILED,
          "The repair %s failed: %s".formatted(pipeline.name(), LakeException.rootMessage(e)),
          "The streaming jobs are not affected; it is tried again at the next repair.",
          e);
    }
    return tables.stream()
        .anyMatch(table -> catalog.findCommit(table, user, before.get(table)).isPresent());
  }
}
