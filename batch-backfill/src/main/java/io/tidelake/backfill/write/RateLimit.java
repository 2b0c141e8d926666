/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import java.util.concurrent.ExecutionException;
import org.apache.flink.api.connector.source.util.ratelimit.GuavaRateLimiter;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** Lets rows pass at a limited rate: always TRUE, sooner or later. */
public final class RateLimit extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Flink's limiter hands each call to a thread of its own: on a busy machine a millisecond. */
  private static final int CALLS_PER_SECOND = 20;

  private final double rowsPerSecond;
  private final int rowsPerCall;
  private transient GuavaRateLimiter<?> limiter;
  private transient int passing;

  /**
   * @param rowsPerSecond rows a second that each parallel task lets pass; more than 0
   */
  public RateLimit(double rowsPerSecond) {
    this.rowsPerSecond = rowsPerSecond;
    this.rowsPerCall = (int) Math.max(1, rowsPerSecond / CALLS_PER_SECOND);
  }

  @Override
  public void open(FunctionContext context) {
    limiter = new GuavaRateLimiter<>(rowsPerSecond);
  }

  /** Waits until the next row may pass. */
  public boolean eval() throws InterruptedException, ExecutionException {
    if (passing == 0) {
      limiter.acquire(rowsPerCall).toCompletableFuture().get();
      passing = rowsPerCall;
    }
    passing--;
    return true;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }
}
