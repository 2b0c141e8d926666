/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.cli.screen.Format;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Shows how far a backfill is: a bar that is drawn over on a terminal, a line every five seconds
 * elsewhere.
 */
final class BackfillScreen implements BackfillProgress {

  private static final int WIDTH = 30;
  private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private final long start = System.nanoTime();
  private long lastPlain = start;

  /**
   * @param out where people look; results for machines go elsewhere
   */
  BackfillScreen(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void message(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  @Override
  public synchronized void rows(long rows, OptionalLong total) {
    double seconds = Math.max(0.001, (System.nanoTime() - start) / 1e9);
    double rate = rows / seconds;
    String text = String.format(Locale.ROOT, "%,d rows, %,.0f rows/s", rows, rate);
    if (total.isPresent() && total.getAsLong() > 0) {
      double share = Math.min(1, (double) rows / total.getAsLong());
      int filled = (int) (share * WIDTH);
      text =
          String.format(
              Locale.ROOT,
              "[%s%s] %3.0f %%  %s%s",
              "#".repeat(filled),
              "-".repeat(WIDTH - filled),
              share * 100,
              text,
              rows == 0 ? "" : ", " + remaining((total.getAsLong() - rows) / rate) + " left");
    }
    if (terminal) {
      out.print("\r\u001b[2K" + text);
      out.flush();
    } else if (System.nanoTime() - lastPlain >= PLAIN_EVERY_NANOS) {
      lastPlain = System.nanoTime();
      out.println(text);
      out.flush();
    }
  }

  @Override
  public void partition(Receipt receipt) {
    message(
        String.format(
            Locale.ROOT,
            "%s written: %,d rows in %.1f s",
            receipt.dt().isEmpty() ? receipt.target() : receipt.dt(),
            receipt.counts().offered(),
            receipt.durationMillis() / 1000.0));
  }

  @Override
  public void recomputed(Recomputation closed) {
    DayCounts total = closed.total();
    message(
        String.format(
            Locale.ROOT,
            "%s %s computed anew: %,d rows inserted, %,d changed, %,d deleted",
            closed.target(),
            Format.days(closed.days()),
            total.inserted(),
            total.changed(),
            total.deleted()));
  }

  private void clear() {
    if (terminal) {
      out.print("\r\u001b[2K");
    }
  }

  private static String remaining(double seconds) {
    Duration left = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
    return left.toMinutes() > 0
        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
        : left.toSeconds() + " s";
  }
}
