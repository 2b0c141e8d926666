/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something that happens to parcels of one day, step by step, and what the layers must hold after
 * each step. Scenarios share a lake: each runs on a day of its own, so no other touches its rows.
 */
final class Scenario {

  /** What a table must hold for a day, see {@link TestLake#rows}. */
  record Expectation(String table, String columns, String day, List<String> rows) {}

  /** Source rows, and what the layers hold when they and those of the steps before have arrived. */
  record Step(String rows, List<Expectation> expectations) {

    private Step on(String day) {
      return new Step(
          rows.replaceAll("(?m)^(\\w+): ", "$1: dt = '{day}', ").replace("{day}", day),
          expectations.stream()
              .map(
                  expected ->
                      new Expectation(
                          expected.table(),
                          expected.columns(),
                          day,
                          expected.rows().stream().map(row -> row.replace("{day}", day)).toList()))
              .toList());
    }
  }

  private final String name;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param name a sentence that the steps prove
   */
  Scenario(String name) {
    this.name = name;
  }

  /**
   * Begins a step with source rows, see {@link TestLake#insert}; they need no dt. {@code {day}}
   * stands for the day on which the scenario runs.
   */
  Scenario given(String rows) {
    steps.add(new Step(rows, new ArrayList<>()));
    return this;
  }

  /** Adds what a table holds for the day after the step. */
  Scenario expect(String table, String columns, String... rows) {
    steps
        .get(steps.size() - 1)
        .expectations()
        .add(new Expectation(table, columns, "{day}", Arrays.asList(rows)));
    return this;
  }

  String name() {
    return name;
  }

  /** The steps on a day. */
  List<Step> on(String day) {
    return steps.stream().map(step -> step.on(day)).toList();
  }
}
