/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {

  /** Rows of the first call pass at once, and the limiter's clock starts with them. */
  @ParameterizedTest
  @CsvSource({"10, 15", "1000, 1500", "100000, 150000"})
  void letsNoMoreRowsPassThanAllowed(double rowsPerSecond, int rows) throws Exception {
    RateLimit limit = new RateLimit(rowsPerSecond);
    limit.open(null);
    long start = System.nanoTime();
    for (int row = 0; row < rows; row++) {
      assertThat(limit.eval()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_300));
  }
}
