package io.tidelake.streaming.pipeline;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.LakeHome;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import java.util.concurrent.ExecutionException;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Brings the dimension attributes of the wide fact up to date with the dimensions, in batch, while
 * the stream runs ({@code dimension_repair.sql}).
 */
public final class DimensionRepair {

  private static final String FACT = "dwd_fulfillment_wide";
  private static final String PIPELINE = "dimension_repair";

  private final LakeHome home;
  private final LakeConfig config;

  /** A repair of the tables of a configuration. */
  public DimensionRepair(LakeHome home, LakeConfig config) {
    this.home = home;
    this.config = config;
  }

  /**
   * Repairs once.
   *
   * @return true when there was something to mend
   * @throws LakeException when the batch job fails
   */
  public boolean run(LakeCatalog catalog) throws InterruptedException {
    StreamTableEnvironment session = FlinkSession.openBatch(config);
    StatementSet statements = session.createStatementSet();
    Pipeline.read(home, config, PIPELINE).addTo(statements, session);
    String user = "repair-" + Long.toHexString(System.nanoTime());
    session.getConfig().set(FlinkSession.tableOption(config, FACT, "commit.user-prefix"), user);
    long before = catalog.latestSnapshotId(FACT);
    try {
      statements.execute().await();
    } catch (ExecutionException e) {
      throw new LakeException(
          "REPAIR_FAILED",
          "The dimension attributes could not be repaired: " + LakeException.rootMessage(e),
          "The streaming jobs are not affected; it is tried again at the next repair.",
          e);
    }
    return catalog.findCommit(FACT, user, before).isPresent();
  }
}
