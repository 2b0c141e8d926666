package io.tidelake.streaming;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that happens to parcels of one day, step by step, and what the layers must hold after
 * each step. Scenarios share a lake: each has a day of its own, so no other touches its rows.
 */
final class Scenario {

  /** What a table must hold for a day, see {@link TestLake#rows}. */
  record Expectation(String table, String columns, String day, List<String> rows) {}

  /** Source rows, and what the layers hold when they have arrived. */
  record Step(String rows, List<Expectation> expectations) {}

  private final String name;
  private final String day;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param name a sentence that the steps prove
   * @param day the business day that {@code {day}} stands for
   */
  Scenario(String name, String day) {
    this.name = name;
    this.day = day;
  }

  /** Begins a step with source rows, see {@link TestLake#insert}; each gets the scenario's dt. */
  Scenario given(String rows) {
    String ofTheDay =
        rows.replace("{day}", day).replaceAll("(?m)^(\\w+): ", "$1: dt = '" + day + "', ");
    steps.add(new Step(ofTheDay, new ArrayList<>()));
    return this;
  }

  /** Adds what a table holds for the day after the step. */
  Scenario expect(String table, String columns, String... rows) {
    List<String> ofTheDay = List.of(rows).stream().map(row -> row.replace("{day}", day)).toList();
    steps.get(steps.size() - 1).expectations().add(new Expectation(table, columns, day, ofTheDay));
    return this;
  }

  String name() {
    return name;
  }

  List<Step> steps() {
    return steps;
  }
}
