/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import java.util.Comparator;

/**
 * A place in the database's log.
 *
 * @param file one of its files; the number at its end grows
 * @param position a byte in it
 */
public record LogPlace(String file, long position) implements Comparable<LogPlace> {

  private static final Comparator<LogPlace> ORDER =
      Comparator.comparingInt((LogPlace place) -> place.file().length())
          .thenComparing(LogPlace::file)
          .thenComparingLong(LogPlace::position);

  @Override
  public String toString() {
    return file + ":" + position;
  }

  @Override
  public int compareTo(LogPlace other) {
    return ORDER.compare(this, other);
  }
}
