/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * What the flows of a workload share: the clock, what will happen, the random choices and the
 * numbers that are given to rows.
 */
final class Simulation {

  /** Something that will happen, and the changes it commits. */
  private record Event(Instant at, long order, Function<Instant, List<RowChange>> changes) {}

  private final WorkloadOptions options;
  private final RandomChoices random;
  private final PriorityQueue<Event> agenda =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
  private long eventOrder;
  private long nextEventId = 1;
  private long nextDeclarationId = 1;
  private Instant clock;

  /** A simulation in which nothing is planned, at the start of the first day. */
  Simulation(WorkloadOptions options) {
    this.options = options;
    this.random = new RandomChoices(options.seed());
    this.clock = options.firstDay().atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  WorkloadOptions options() {
    return options;
  }

  RandomChoices random() {
    return random;
  }

  /** Over which time orders are placed. */
  Duration span() {
    return Duration.ofDays(options.days());
  }

  /** The time of the last transaction; the start of the first day before there was one. */
  Instant now() {
    return clock;
  }

  /**
   * Plans a transaction.
   *
   * @param time when, to the microsecond; of two at the same time the one planned first comes first
   * @param changes makes its changes at its turn, given the time at which it commits
   */
  void at(Instant time, Function<Instant, List<RowChange>> changes) {
    agenda.add(new Event(time.truncatedTo(ChronoUnit.MICROS), eventOrder++, changes));
  }

  /** True while transactions are left. */
  boolean hasNext() {
    return !agenda.isEmpty();
  }

  /**
   * Sets the clock to the next transaction and has it happen.
   *
   * @throws NoSuchElementException when none is left
   */
  List<RowChange> next() {
    Event event = agenda.poll();
    if (event == null) {
      throw new NoSuchElementException("The workload is done");
    }
    // Each transaction has a microsecond of its own, as a busy database's clock has.
    clock = event.at().isAfter(clock) ? event.at() : clock.plus(1, ChronoUnit.MICROS);
    return event.changes().apply(clock);
  }

  /** The number of a new scan. */
  long nextEventId() {
    return nextEventId++;
  }

  /** The number of a new customs declaration. */
  long nextDeclarationId() {
    return nextDeclarationId++;
  }
}
