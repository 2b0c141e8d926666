package io.tidelake.backfill;

import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.source.util.ratelimit.GuavaRateLimiter;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** Lets rows pass at a limited rate: always TRUE, sooner or later. */
public final class RateLimit extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  private final double rowsPerSecond;
  private transient GuavaRateLimiter<?> limiter;

  /**
   * @param rowsPerSecond rows a second that each parallel task lets pass; more than 0
   */
  public RateLimit(double rowsPerSecond) {
    this.rowsPerSecond = rowsPerSecond;
  }

  @Override
  public void open(FunctionContext context) {
    limiter = new GuavaRateLimiter<>(rowsPerSecond);
  }

  /** Waits until the next row may pass. */
  public boolean eval() throws InterruptedException, ExecutionException {
    limiter.acquire(1).toCompletableFuture().get();
    return true;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
