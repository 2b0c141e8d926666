/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.error.LakeException;
import io.tidelake.publish.PublisherReport.TableState;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * How the last publication of each table ended. Tells of problems that are new, and of their ends;
 * not of each repetition. Each table is reported by one thread at a time.
 */
final class TableStates {

  private final Map<String, TableState> states = new ConcurrentHashMap<>();
  private final Consumer<String> events;
  private final Clock clock;

  TableStates(Consumer<String> events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Readers see all that there is to see of a snapshot. */
  void succeeded(String name, long snapshot) {
    TableState before = states.put(name, TableState.shown(snapshot));
    if (before != null && before.code() != null) {
      events.accept("The table " + name + " is published again, snapshot " + snapshot + ".");
    }
  }

  /** Readers see what they saw before. */
  void failed(String name, LakeException problem) {
    TableState before = states.get(name);
    boolean isNew = before == null || !problem.code().name().equals(before.code());
    states.put(
        name,
        new TableState(
            before == null ? 0 : before.snapshot(),
            problem.code().name(),
            problem.getMessage(),
            problem.remedy(),
            isNew ? clock.instant().toString() : before.since()));
    if (isNew) {
      events.accept(
          "problem " + problem.code() + ": " + problem.getMessage() + " " + problem.remedy());
    }
  }

  /** There is no such table any more. */
  void forget(String name) {
    states.remove(name);
  }

  /** All states as they are now, by name. */
  Map<String, TableState> current() {
    return new TreeMap<>(states);
  }
}
