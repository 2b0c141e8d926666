/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.util.List;

/**
 * How a demo ended.
 *
 * @param seed seed of the workload
 * @param changes row changes that the order system committed
 * @param writtenPerSecond changes a second while it wrote
 * @param freshness how old each layer was while it wrote
 * @param seconds from the first change to quiet layers
 * @param comparisons each table with what it should hold
 */
public record DemoResult(
    long seed,
    long changes,
    double writtenPerSecond,
    double seconds,
    List<Freshness> freshness,
    List<Comparison> comparisons) {

  /** True when every table holds what it should. */
  public boolean agrees() {
    return Comparison.allAgree(comparisons);
  }
}
