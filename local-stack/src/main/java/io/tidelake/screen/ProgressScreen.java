/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.screen;

import java.io.PrintWriter;
import java.util.List;

/**
 * Shows the state of something that runs: drawn over on a terminal, now and then a line elsewhere.
 */
public final class ProgressScreen {

  private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private int drawnLines;
  private long lastPlain = System.nanoTime();

  /**
   * @param out where people look; results for machines go elsewhere
   * @param terminal whether it can be drawn over
   */
  public ProgressScreen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line that stays, below the state that is shown. */
  public synchronized void line(String text) {
    drawnLines = 0;
    out.println(text);
    out.flush();
  }

  /** A line that stays, in place of the state that is shown. */
  public synchronized void message(String text) {
    clear();
    line(text);
  }

  /** The state of things in one line, over the one shown before. */
  public void state(String line) {
    state(List.of(line), line);
  }

  /**
   * The state of things, over the one shown before.
   *
   * @param lines what a terminal shows
   * @param plain the same in one line, shown every five seconds elsewhere
   */
  public synchronized void state(List<String> lines, String plain) {
    if (!terminal) {
      if (System.nanoTime() - lastPlain >= PLAIN_EVERY_NANOS) {
        lastPlain = System.nanoTime();
        line(plain);
      }
      return;
    }
    clear();
    lines.forEach(out::println);
    drawnLines = lines.size();
    out.flush();
  }

  /** Takes the state away that is shown. */
  public synchronized void clear() {
    if (drawnLines > 0) {
      out.print("\u001b[" + drawnLines + "A\r\u001b[J");
      out.flush();
      drawnLines = 0;
    }
  }
}
