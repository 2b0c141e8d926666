/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far the order system is, and how long it will still take at its pace so far. */
final class Progress {

  private static final int WIDTH = 30;

  private final long total;
  private final LongSupplier nanos;
  private final long start;

  /**
   * @param total the row changes of the whole workload
   */
  Progress(long total) {
    this(total, System::nanoTime);
  }

  Progress(long total, LongSupplier nanos) {
    this.total = total;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /** As {@code 40 %, 1 min 30 s left}; without a guess while nothing is written. */
  String text(long done) {
    String percent = String.format(Locale.ROOT, "%.0f %%", 100 * share(done));
    if (done <= 0 || done >= total) {
      return percent;
    }
    Duration left =
        Duration.ofNanos((nanos.getAsLong() - start) / done * (total - done)).plusMillis(500);
    return percent
        + (left.toMinutes() > 0
            ? ", %d min %d s left".formatted(left.toMinutes(), left.toSecondsPart())
            : ", %d s left".formatted(left.toSeconds()));
  }

  /** The same behind a bar. */
  String bar(long done) {
    int filled = (int) (WIDTH * share(done));
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + text(done);
  }

  private double share(long done) {
    return total == 0 ? 1 : Math.min(1, (double) done / total);
  }
}
