/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The random choices of a simulation, all from one seed. Each takes its number in the order in
 * which it is asked for: whoever asks in another order gets another history.
 */
final class RandomChoices {

  private final SplittableRandom random;

  RandomChoices(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** True with a probability of 0 to 1. */
  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** 0 to n-1; the lowest tenth is chosen about four times in ten. */
  int skewed(int n) {
    return (int) (n * Math.pow(random.nextDouble(), 2.5));
  }

  /** 0 to n-1, each as likely as the others. */
  int below(int n) {
    return random.nextInt(n);
  }

  /** One of some choices. */
  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** An amount of money, given in cents; the end is excluded. */
  BigDecimal cents(int from, int to) {
    return BigDecimal.valueOf(random.nextInt(from, to))
        .divide(BigDecimal.valueOf(100), 2, RoundingMode.UNNECESSARY);
  }

  /** Some part of a duration. */
  Duration fraction(Duration whole) {
    return Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
  }

  /** A duration between two numbers of seconds. */
  Duration seconds(int from, int to) {
    return Duration.ofNanos(random.nextLong(from * 1_000_000_000L, to * 1_000_000_000L));
  }

  /** A duration between two numbers of minutes. */
  Duration minutes(int from, int to) {
    return seconds(from * 60, to * 60);
  }

  /** A duration between two numbers of hours. */
  Duration hours(int from, int to) {
    return minutes(from * 60, to * 60);
  }
}
