/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import io.tidelake.merge.law.Version;

/** What the values of a run may replace. */
public enum BackfillMode {

  /** Snapshot versions: fill what real time never delivered. */
  FILL("fill") {
    @Override
    public long version(long asOfMicros, int attempt) {
      return Version.snapshot(asOfMicros, attempt);
    }
  },

  /** Correction versions: replace everything up to the as-of, and nothing that came later. */
  CORRECT("correct") {
    @Override
    public long version(long asOfMicros, int attempt) {
      return Version.correction(asOfMicros, attempt);
    }
  };

  private final String label;

  BackfillMode(String label) {
    this.label = label;
  }

  /** The version of the values that a run writes. */
  public abstract long version(long asOfMicros, int attempt);

  /** The mode of a name, as {@link #toString} gives it. */
  public static BackfillMode of(String label) {
    for (BackfillMode mode : values()) {
      if (mode.label.equals(label)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("There is no mode " + label);
  }

  @Override
  public String toString() {
    return label;
  }
}
