/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import org.apache.flink.api.common.BatchShuffleMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;

/** Where the batch jobs of a backfill run: in this process, or on the configured Flink cluster. */
public final class BatchEngine implements AutoCloseable {

  private final FlinkEngine embedded;
  private final String restAddress;

  private BatchEngine(FlinkEngine embedded, String restAddress) {
    this.embedded = embedded;
    this.restAddress = restAddress;
  }

  /**
   * Starts an engine inside this process.
   *
   * @param slots how many jobs it runs at the same time
   * @throws LakeException when it does not start
   */
  public static BatchEngine embedded(int slots) {
    try {
      FlinkEngine engine = FlinkEngine.start(0, slots);
      return new BatchEngine(engine, engine.restAddress());
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.ENGINE_NOT_STARTED,
          "The embedded Flink engine did not start: " + LakeException.rootMessage(e),
          "--debug shows the whole error; --cluster runs the jobs on the configured cluster.",
          e);
    }
  }

  /** The Flink cluster of the configuration. */
  public static BatchEngine cluster(LakeConfig config) {
    return new BatchEngine(null, config.cluster().restAddress());
  }

  /** What is going on there. */
  public FlinkCluster jobs() {
    return new FlinkCluster(restAddress);
  }

  /** Options of a job of this engine. */
  public Configuration job(String name) {
    Configuration flink = new Configuration();
    FlinkCluster.submitTo(restAddress, flink);
    flink.set(PipelineOptions.NAME, name);
    // A partition is one job; several partitions are written at the same time.
    flink.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    // Reading and writing at the same time, instead of through files. The scheduler of Flink's
    // batch jobs cannot do that.
    flink.set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Default);
    flink.set(ExecutionOptions.BATCH_SHUFFLE_MODE, BatchShuffleMode.ALL_EXCHANGES_PIPELINED);
    return flink;
  }

  @Override
  public void close() throws Exception {
    if (embedded != null) {
      embedded.close();
    }
  }
}
