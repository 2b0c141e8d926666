/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.screen;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Output whose lines end with a line feed, whatever the platform's line separator is. */
public final class LineFeeds extends FilterOutputStream {

  private LineFeeds(OutputStream out) {
    super(out);
  }

  /** The same stream; with a carriage return in front of no line feed. */
  public static PrintStream of(PrintStream out) {
    // Elsewhere there is none to take away but those that are somebody's data.
    return System.lineSeparator().equals("\n")
        ? out
        : new PrintStream(new LineFeeds(out), true, Charset.defaultCharset());
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    int start = offset;
    for (int index = offset; index + 1 < end; index++) {
      if (bytes[index] == '\r' && bytes[index + 1] == '\n') {
        out.write(bytes, start, index - start);
        start = index + 1;
      }
    }
    out.write(bytes, start, end - start);
  }
}
