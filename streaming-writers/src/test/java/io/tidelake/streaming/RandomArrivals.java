/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import io.tidelake.streaming.Arrival.Group;
import io.tidelake.streaming.Arrival.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Random arrivals that meet in few parcels and at few times, so that every rule of the law acts.
 */
final class RandomArrivals {

  private static final int PARCELS = 300;
  private static final List<Instant> TIMES =
      IntStream.range(0, 40)
          .mapToObj(
              i ->
                  Instant.parse("2026-06-01T08:00:00Z")
                      .plus(i / 4, ChronoUnit.MINUTES)
                      .plus(i % 4, ChronoUnit.MICROS))
          .toList();
  private static final int[] SEQUENCES = {0, 1, 767};

  private final Random random;

  RandomArrivals(Random random) {
    this.random = random;
  }

  /**
   * Real-time records of a source, no two at one place of its order. Low parcels have dozens, high
   * ones none.
   */
  List<Arrival> realTime(int count) {
    Set<List<Object>> places = new HashSet<>();
    List<Arrival> arrivals = new ArrayList<>();
    while (arrivals.size() < count) {
      long parcel = (long) (PARCELS * random.nextDouble() * random.nextDouble());
      Instant time = oneOf(TIMES);
      int sequence = SEQUENCES[random.nextInt(SEQUENCES.length)];
      if (places.add(Arrays.asList(parcel, time, sequence))) {
        arrivals.add(new Arrival(Origin.REAL_TIME, null, parcel, time, sequence, groups()));
      }
    }
    return arrivals;
  }

  /** Batch runs: snapshots and corrections of a few as-ofs, each offering a part of the parcels. */
  List<List<Arrival>> runs(int count) {
    List<Instant> asOfs = List.of(oneOf(TIMES), oneOf(TIMES), oneOf(TIMES));
    return IntStream.range(0, count)
        .mapToObj(
            run -> {
              Origin origin = run % 2 == 0 ? Origin.SNAPSHOT : Origin.CORRECTION;
              Instant asOf = oneOf(asOfs);
              int attempt = run < 2 ? 255 : run;
              return IntStream.range(0, PARCELS)
                  .filter(parcel -> random.nextInt(3) == 0)
                  .mapToObj(parcel -> new Arrival(origin, run, parcel, asOf, attempt, groups()))
                  .toList();
            })
        .toList();
  }

  private Map<Group, List<Object>> groups() {
    Map<Group, List<Object>> groups = new EnumMap<>(Group.class);
    if (random.nextBoolean()) {
      groups.put(
          Group.ORDER,
          Arrays.asList(orNull("note " + random.nextInt(1000)), orNull(random.nextLong(1000))));
    }
    if (random.nextBoolean()) {
      groups.put(
          Group.SCAN,
          Arrays.asList(orNull("place " + random.nextInt(1000)), orNull(random.nextInt(1000))));
    }
    if (random.nextInt(3) == 0) {
      groups.put(Group.DELETION, List.of(random.nextBoolean()));
    }
    return groups;
  }

  private Object orNull(Object value) {
    return random.nextInt(3) == 0 ? null : value;
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
