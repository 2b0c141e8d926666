/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.flink.FlinkSession;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.flink.action.CompactDatabaseAction;

/** The streaming job that compacts every table of the lake with a primary key. */
final class CompactionJob {

  private final LakeConfig config;

  CompactionJob(LakeConfig config) {
    this.config = config;
  }

  /**
   * Starts the job.
   *
   * @param flink its options, among them the cluster and the interval of checkpoints
   */
  JobID start(Configuration flink) throws Exception {
    StreamExecutionEnvironment environment = FlinkSession.environment(flink);
    Compaction compaction = new Compaction(config.catalog());
    compaction.includingDatabases(config.database());
    // A topology per table: the combined mode leaves rows uncompacted for good (docs/decisions.md).
    compaction.withDatabaseCompactMode("divided");
    compaction.withTableOptions(
        Map.of(CoreOptions.CONTINUOUS_DISCOVERY_INTERVAL.key(), lookEvery(flink)));
    compaction.withStreamExecutionEnvironment(environment);
    compaction.build();
    return environment.executeAsync(StreamingJobs.COMPACTION).getJobID();
  }

  /** It commits with its checkpoints, so it need not look for new files much more often. */
  private static String lookEvery(Configuration flink) {
    return flink.get(CheckpointingOptions.CHECKPOINTING_INTERVAL).toMillis() / 2 + " ms";
  }

  /** Paimon's, with the catalog opened as everywhere else. */
  private static final class Compaction extends CompactDatabaseAction {

    Compaction(Map<String, String> catalog) {
      super(catalog);
    }

    @Override
    protected Catalog initPaimonCatalog() {
      return CatalogFactory.createCatalog(CatalogContexts.of(catalogOptions.toMap()));
    }
  }
}
