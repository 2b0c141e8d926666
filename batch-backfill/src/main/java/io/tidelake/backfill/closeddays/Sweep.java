/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.backfill.closeddays.DayComputations.Basis;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.backfill.model.SweepResult;
import io.tidelake.streaming.pipeline.InputDays.Reach;
import io.tidelake.tables.diff.DataFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the closed days whose inputs were written since they were computed last, from Paimon's
 * metadata alone, and computes only those anew. A change is never missed. A day is computed in vain
 * when its input was compacted after the computation and the snapshots since then have expired.
 */
public final class Sweep {

  private final ClosedDays closedDays;
  private final List<Recomputation> recomputed = new ArrayList<>();
  private final Map<String, Integer> unchanged = new TreeMap<>();
  private final Map<String, List<String>> withoutInput = new TreeMap<>();

  /** Days that a plan expects to change, by table. */
  private final Map<String, Set<String>> expected = new HashMap<>();

  /** Days whose inputs were only compacted since their computation, and what they are made of. */
  private final Map<String, Basis> compacted = new TreeMap<>();

  private Sweep(ClosedDays closedDays) {
    this.closedDays = closedDays;
  }

  /**
   * Sweeps all tables, each after those that it is made from.
   *
   * @throws io.tidelake.error.LakeException when a batch job fails; what was computed before stays
   */
  public static SweepResult run(ClosedDays closedDays) {
    Sweep sweep = new Sweep(closedDays);
    for (ClosedTable table : closedDays.tables()) {
      SortedMap<String, SortedSet<String>> due = sweep.due(table);
      if (!sweep.compacted.isEmpty()) {
        // So that it is still known when the snapshots since then have expired.
        closedDays.recordAsBefore(table, sweep.compacted);
      }
      due.forEach((reason, days) -> sweep.recomputed.add(closedDays.compute(table, days, reason)));
    }
    return sweep.result();
  }

  /**
   * What {@link #run} would do now; changes nothing. A day that follows a recomputed one is among
   * it, though nothing will follow when no row differs.
   */
  public static SweepResult plan(ClosedDays closedDays) {
    Sweep sweep = new Sweep(closedDays);
    for (ClosedTable table : closedDays.tables()) {
      sweep
          .due(table)
          .forEach(
              (reason, days) -> {
                sweep.expected.computeIfAbsent(table.name(), name -> new TreeSet<>()).addAll(days);
                sweep.recomputed.add(
                    new Recomputation(
                        table.name(),
                        table.isByDay() ? List.copyOf(days) : List.of(),
                        reason,
                        Map.of()));
              });
    }
    return sweep.result();
  }

  private SweepResult result() {
    return new SweepResult(closedDays.closedBefore(), recomputed, unchanged, withoutInput);
  }

  /** The days of a table that have to be computed, by the reason. */
  private SortedMap<String, SortedSet<String>> due(ClosedTable table) {
    Map<String, DataFiles> files = closedDays.inputFiles(table);
    SortedMap<String, Basis> last = closedDays.lastComputations(table);
    SortedMap<String, SortedSet<String>> due = new TreeMap<>();
    compacted.clear();
    int same = 0;
    for (String day : days(table, files)) {
      Basis then = last.get(day);
      Basis now = closedDays.basis(table, day, files);
      String reason = reason(table, day, files, then, now);
      if (!reason.isEmpty()) {
        due.computeIfAbsent(reason, text -> new TreeSet<>()).add(day);
      } else {
        same++;
        if (!now.inputs().equals(then.inputs())) {
          compacted.put(day, now);
        }
      }
    }
    unchanged.put(table.name(), same);
    return due;
  }

  /** The closed days that can be computed; those without any input are noted. */
  private Set<String> days(ClosedTable table, Map<String, DataFiles> files) {
    Set<String> days = new TreeSet<>();
    files.forEach(
        (input, inputFiles) -> {
          days.addAll(inputFiles.days());
          days.addAll(expected.getOrDefault(input, Set.of()));
          // A day that was computed to be empty has no files any more once it is compacted.
          closedDays
              .closedTable(input)
              .ifPresent(closed -> days.addAll(closedDays.lastComputations(closed).keySet()));
        });
    if (!table.isByDay()) {
      return days.isEmpty() ? Set.of() : Set.of(ClosedDays.ALL_DAYS);
    }
    days.removeIf(
        day -> day.isEmpty() || !closedDays.isClosed(day) || !closedDays.isKept(table, day));
    List<String> kept =
        closedDays.filesOf(table).days().stream()
            .filter(day -> closedDays.isClosed(day) && !days.contains(day))
            .toList();
    if (!kept.isEmpty()) {
      withoutInput.put(table.name(), kept);
    }
    return days;
  }

  /**
   * Why a day has to be computed; empty when it has not.
   *
   * @param then what it was computed from last; NULL when it never was
   * @param now what it would be computed from now
   */
  private String reason(
      ClosedTable table, String day, Map<String, DataFiles> files, Basis then, Basis now) {
    List<String> reasons = new ArrayList<>();
    table
        .inputs()
        .forEach(
            (input, reach) -> {
              if (isExpected(input, reach, day)) {
                reasons.add("follows " + input);
              }
            });
    if (then == null) {
      reasons.add("never computed");
    } else {
      now.inputs()
          .forEach(
              (name, checksum) -> {
                if (!checksum.equals(then.inputs().get(name))
                    && (!files.containsKey(name)
                        || isWritten(table, day, name, files.get(name), then))) {
                  reasons.add(name + " changed");
                }
              });
    }
    return reasons.stream().collect(Collectors.joining(", "));
  }

  private boolean isExpected(String input, Reach reach, String day) {
    Set<String> days = expected.getOrDefault(input, Set.of());
    return reach == Reach.SAME_DAY
        ? days.contains(day) || days.contains(ClosedDays.ALL_DAYS)
        : !days.isEmpty();
  }

  private boolean isWritten(
      ClosedTable table, String day, String input, DataFiles files, Basis then) {
    Long since = then.snapshots().get(input);
    String checksum = then.inputs().get(input);
    Predicate<String> days = closedDays.inputDays(table.inputs().get(input), day);
    return since == null || checksum == null || files.writtenSince(since, checksum, days);
  }
}
