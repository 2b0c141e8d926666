/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.io.PrintStream;
import java.util.List;

/** Where the demo shows what goes on: redrawn in place on a terminal, plain lines elsewhere. */
final class Screen {

  private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private int drawnLines;
  private long lastPlain;

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line that stays. */
  synchronized void line(String text) {
    drawnLines = 0;
    out.println(text);
    out.flush();
  }

  /**
   * The state of things, over the one shown before.
   *
   * @param lines what a terminal shows
   * @param plain the same in one line, shown every five seconds elsewhere
   */
  synchronized void state(List<String> lines, String plain) {
    if (!terminal) {
      if (System.nanoTime() - lastPlain >= PLAIN_EVERY_NANOS) {
        lastPlain = System.nanoTime();
        line(plain);
      }
      return;
    }
    if (drawnLines > 0) {
      out.print("\u001b[" + drawnLines + "A");
    }
    for (String text : lines) {
      out.print("\u001b[2K" + text + "\n");
    }
    drawnLines = lines.size();
    out.flush();
  }
}
