/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.screen;

import java.util.List;
import java.util.Locale;

/** Values as people read them. */
public final class Format {

  private Format() {}

  /** A count, as {@code 12,345}. */
  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Days in short; none stands for all days. */
  public static String days(List<String> days) {
    return switch (days.size()) {
      case 0 -> "all";
      case 1, 2 -> String.join(", ", days);
      default -> days.get(0) + " to " + days.get(days.size() - 1) + " (" + days.size() + ")";
    };
  }
}
