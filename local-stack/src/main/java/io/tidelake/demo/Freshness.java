/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.util.List;

/**
 * How old a layer was while the order system wrote: the time since the commit of the first order
 * that it did not show yet.
 *
 * @param layer ods, dwd, dws or ads
 * @param samples how often it was looked at and lacked something
 * @param p50 seconds, at half of the samples or better
 * @param p95 seconds, at 95 of 100 samples or better
 * @param max seconds, at the worst sample
 */
public record Freshness(String layer, int samples, double p50, double p95, double max) {

  static Freshness of(String layer, List<Double> ages) {
    List<Double> sorted = ages.stream().sorted().toList();
    return new Freshness(
        layer,
        sorted.size(),
        percentile(sorted, 0.5),
        percentile(sorted, 0.95),
        sorted.get(sorted.size() - 1));
  }

  private static double percentile(List<Double> sorted, double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
