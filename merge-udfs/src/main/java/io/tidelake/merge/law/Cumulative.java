/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.law;

import io.tidelake.merge.law.Version.Origin;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * A cumulative measure: an offline base plus the real-time increments after the base's as-of.
 *
 * <p>The measure is a map from {@link Version} to amount. A snapshot or a correction is a base: the
 * whole measure as of its instant. A real-time version is an increment at its event time; the
 * sequence tells increments of one microsecond apart. A column group cannot express this, since a
 * base replaces the increments up to its as-of and not those after it.
 *
 * <p>{@link #merge} keeps the base with the latest as-of (of one as-of a correction beats a
 * snapshot, then the greater attempt wins) and the increments after it. That is a set union from
 * which a growing horizon cuts off the past, so it is commutative, associative and idempotent: the
 * order of arrival, repeats and the moment of compaction do not matter. Bases go by as-of and not
 * by the law's order of origins, because the increments before the latest base are gone. If one
 * version has two amounts, the greater one wins. A NULL amount carries nothing.
 */
public final class Cumulative {

  private static final Comparator<Long> BY_AS_OF =
      Comparator.<Long>comparingLong(Version::micros).thenComparing(Comparator.naturalOrder());

  private Cumulative() {}

  /** The union of two measures, without what the latest base covers. */
  public static Map<Long, BigDecimal> merge(
      Map<Long, BigDecimal> first, Map<Long, BigDecimal> second) {
    Map<Long, BigDecimal> union = new HashMap<>(first);
    second.forEach(
        (version, amount) -> {
          if (amount != null) {
            union.merge(version, amount, BigDecimal::max);
          }
        });
    union.values().removeIf(amount -> amount == null);
    union.keySet().stream()
        .filter(Cumulative::isBase)
        .max(BY_AS_OF)
        .ifPresent(base -> union.keySet().removeIf(version -> isCovered(version, base)));
    return union;
  }

  /** The base plus the increments after it; NULL when there is neither. */
  public static BigDecimal total(Map<Long, BigDecimal> measure) {
    return merge(measure, Map.of()).values().stream().reduce(BigDecimal::add).orElse(null);
  }

  private static boolean isBase(long version) {
    return Version.origin(version) != Origin.REAL_TIME;
  }

  private static boolean isCovered(long version, long base) {
    return version != base && (isBase(version) || Version.micros(version) <= Version.micros(base));
  }
}
