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
import io.tidelake.screen.Progress;
import io.tidelake.screen.ProgressScreen;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/** Shows how far a backfill is. */
final class BackfillScreen implements BackfillProgress {

  private final ProgressScreen screen;
  private final long start = System.nanoTime();

  /**
   * @param out where people look; results for machines go elsewhere
   */
  BackfillScreen(PrintWriter out) {
    this.screen = new ProgressScreen(out, System.console() != null);
  }

  @Override
  public void message(String text) {
    screen.message(text);
  }

  @Override
  public void rows(long rows, OptionalLong total) {
    double seconds = Math.max(0.001, (System.nanoTime() - start) / 1e9);
    String text = String.format(Locale.ROOT, "%,d rows, %,.0f rows/s", rows, rows / seconds);
    screen.state(
        total.isPresent() && total.getAsLong() > 0
            ? new Progress(total.getAsLong(), start).bar(rows) + "  " + text
            : text);
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
}
