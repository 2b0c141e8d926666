/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.screen;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far something is, and how long it will still take at its pace so far. */
public final class Progress {

  private static final int WIDTH = 30;

  private final long total;
  private final LongSupplier nanos;
  private final long start;

  /**
   * @param total of what is to be done, row changes for example; nothing to do is done
   */
  public Progress(long total) {
    this(total, System.nanoTime());
  }

  /**
   * The same of something that began earlier.
   *
   * @param start {@link System#nanoTime} when it did
   */
  public Progress(long total, long start) {
    this(total, start, System::nanoTime);
  }

  Progress(long total, long start, LongSupplier nanos) {
    this.total = total;
    this.start = start;
    this.nanos = nanos;
  }

  /** As {@code 40 %, 1 min 30 s left}; without a guess while nothing is written. */
  public String text(long done) {
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
  public String bar(long done) {
    int filled = (int) (WIDTH * share(done));
    return "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + text(done);
  }

  private double share(long done) {
    return total == 0 ? 1 : Math.min(1, (double) done / total);
  }
}
