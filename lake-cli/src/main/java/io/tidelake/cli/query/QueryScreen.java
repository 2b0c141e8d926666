/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import io.tidelake.query.QueryProgress;
import io.tidelake.query.QueryResult;
import io.tidelake.query.result.ResultColumn;
import io.tidelake.query.result.ResultWriter;
import io.tidelake.screen.ProgressScreen;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Shows how far a query is, beside its result. */
final class QueryScreen implements Consumer<QueryProgress> {

  // A query that answers at once shows nothing.
  private static final long SILENT_MILLIS = 500;

  private final ProgressScreen screen;
  private boolean hasRows;

  /**
   * @param err where people look; the result goes elsewhere
   * @param terminal whether it can be drawn over
   */
  QueryScreen(PrintWriter err, boolean terminal) {
    this.screen = new ProgressScreen(err, terminal);
  }

  @Override
  public synchronized void accept(QueryProgress progress) {
    if (!hasRows && progress.millis() >= SILENT_MILLIS) {
      screen.state(text(progress));
    }
  }

  /** Takes the line away. */
  void clear() {
    screen.clear();
  }

  /** The same writer; the line is taken away before its first row. */
  ResultWriter before(ResultWriter writer) {
    return new ResultWriter() {
      @Override
      public void begin(List<ResultColumn> columns) {
        synchronized (QueryScreen.this) {
          clear();
          hasRows = true;
        }
        writer.begin(columns);
      }

      @Override
      public void row(List<Object> values) {
        writer.row(values);
      }

      @Override
      public void end() {
        writer.end();
      }
    };
  }

  /** Says how a statement ended; a next one can follow. */
  synchronized void ended(QueryResult result) {
    hasRows = false;
    screen.message(summary(result));
  }

  private static String text(QueryProgress progress) {
    return String.format(
        Locale.ROOT,
        "%s  %s%,d rows read, %s, %.1f s",
        progress.state().toLowerCase(Locale.ROOT),
        progress.percent().isPresent()
            ? String.format(Locale.ROOT, "%.0f %%  ", progress.percent().getAsDouble())
            : "",
        progress.rows(),
        size(progress.bytes()),
        progress.millis() / 1000.0);
  }

  private static String summary(QueryResult result) {
    String seconds = String.format(Locale.ROOT, "%.1f s", result.millis() / 1000.0);
    if (result.update().isPresent()) {
      return result.update().get() + " done in " + seconds;
    }
    if (result.isCut()) {
      return String.format(
          Locale.ROOT,
          "only the first %,d rows, in %s: there are more, see --limit",
          result.rows(),
          seconds);
    }
    return String.format(
        Locale.ROOT, "%,d row%s in %s", result.rows(), result.rows() == 1 ? "" : "s", seconds);
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%d KB", bytes >> 10)
        : String.format(Locale.ROOT, "%,d MB", bytes >> 20);
  }
}
