/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.backfill.closeddays.DayComputations.Basis;
import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.DayRange;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.InputDays.Reach;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.DataFiles;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.maintenance.KeptDays;
import io.tidelake.tables.model.OpenDays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The closed days of the tables whose streams leave them (the wide fact, DWS, ADS): what they
 * depend on, which follow from a change, and computing those anew with the queries of their
 * pipelines, see {@link DayRepair}. What each day was computed from is recorded. Open days are left
 * to the stream.
 *
 * <p>To be used by the thread that made it, to which Flink's planner keeps.
 */
public final class ClosedDays {

  /**
   * A day is taken over so long after it has closed. Until then a stream may still commit what it
   * had taken before midnight, and would overwrite a newer result of batch.
   */
  private static final Duration HANDOVER = Duration.ofHours(1);

  /** Stands for all days together in records of tables whose days are not those of their inputs. */
  static final String ALL_DAYS = "";

  private static final String CLOSED_BEFORE = "closed before";
  private static final String QUERY = "query";
  private static final String TIME_ZONE = "time zone";

  /** Longer lists of days slow the planner down, and what is done is recorded list by list. */
  private static final int DAYS_AT_ONCE = 50;

  private final LakeCatalog catalog;
  private final DayComputations computations;
  private final DayRepair repair;
  private final List<ClosedTable> tables;
  private final String closedBefore;
  private final KeptDays keptDays;
  private final int openDays;
  private final String timeZone;

  /**
   * The closed days of now.
   *
   * @param engine where its batch jobs run
   * @throws LakeException when a pipeline is not valid or a table does not exist
   */
  public ClosedDays(LakeConfig config, LakeCatalog catalog, BatchEngine engine) {
    this.catalog = catalog;
    this.computations = new DayComputations(catalog);
    TableEnvironment session = FlinkSession.openBatch(config, engine.job("closed-days"));
    this.repair = new DayRepair(catalog, session);
    this.tables = ClosedTable.readAll(config, catalog, session);
    this.closedBefore = closedBefore(config);
    this.keptDays = KeptDays.of(config);
    this.openDays = config.openDays();
    this.timeZone = config.timeZone().getId();
  }

  private static String closedBefore(LakeConfig config) {
    return OpenDays.of(config).firstAt(Instant.now().minus(HANDOVER));
  }

  /**
   * Whether closed days can follow from a change.
   *
   * @param days in which days of a table
   */
  public static boolean concern(LakeConfig config, Collection<String> days) {
    return days.stream().anyMatch(day -> day.compareTo(closedBefore(config)) <= 0);
  }

  /** The days before it are closed, {@code yyyy-MM-dd}. */
  public String closedBefore() {
    return closedBefore;
  }

  /**
   * Recomputes what follows from a change, of a backfill for example, in the order in which the
   * tables are made from each other.
   *
   * @param table the table that has changed; nothing follows from one that no aggregation reads
   * @param days in which days, open ones among them or not
   * @return what was recomputed; empty when no closed day follows
   * @throws LakeException when a batch job fails, or other writers do not leave the days alone
   */
  public List<Recomputation> recompute(String table, Collection<String> days) {
    return follow(table, days, this::compute, Recomputation::differentDays);
  }

  /**
   * What {@link #recompute} would do at most: nothing follows from days in which nothing differs.
   */
  public List<Recomputation> plan(String table, Collection<String> days) {
    return follow(
        table,
        days,
        (target, affected, reason) ->
            new Recomputation(
                target.name(),
                target.isByDay() ? List.copyOf(affected) : List.of(),
                reason,
                Map.of()),
        planned -> planned.days().isEmpty() ? List.of(ALL_DAYS) : planned.days());
  }

  @FunctionalInterface
  private interface Computing {
    Recomputation of(ClosedTable target, Collection<String> days, String reason);
  }

  private List<Recomputation> follow(
      String table,
      Collection<String> days,
      Computing computing,
      Function<Recomputation, List<String>> changedDays) {
    Map<String, Set<String>> changes = new HashMap<>();
    changes.put(table, new TreeSet<>(days));
    List<Recomputation> recomputed = new ArrayList<>();
    for (ClosedTable target : tables) {
      SortedSet<String> affected = new TreeSet<>();
      List<String> changed = new ArrayList<>();
      target
          .inputs()
          .forEach(
              (input, reach) -> {
                Set<String> inInput = changes.getOrDefault(input, Set.of());
                if (inInput.stream().anyMatch(day -> counts(day, reach))) {
                  changed.add(input);
                  inInput.stream().filter(day -> counts(day, reach)).forEach(affected::add);
                }
              });
      if (!changed.isEmpty()) {
        Recomputation done =
            computing.of(target, affected, String.join(", ", changed) + " changed");
        recomputed.add(done);
        changes
            .computeIfAbsent(target.name(), name -> new TreeSet<>())
            .addAll(changedDays.apply(done));
      }
    }
    return recomputed;
  }

  public List<ClosedTable> tables() {
    return tables;
  }

  /** The table of a name, when it is one of {@link #tables()}. */
  Optional<ClosedTable> closedTable(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  /** The data files of a table itself as they are now. */
  DataFiles filesOf(ClosedTable table) {
    return DataFiles.of(catalog, table.name());
  }

  SortedMap<String, Basis> lastComputations(ClosedTable table) {
    return computations.of(table.name());
  }

  /** Whether a change of an input's day can concern a closed day. */
  private boolean counts(String day, Reach reach) {
    return reach == Reach.SAME_DAY ? isClosed(day) : day.compareTo(lastInputDay()) <= 0;
  }

  boolean isClosed(String day) {
    return day.compareTo(closedBefore) < 0;
  }

  /**
   * Whether the inputs of a table still keep a day. Else what came late of it, or was read again,
   * is all that there is of it, and would not do to compute it.
   */
  boolean isKept(ClosedTable table, String day) {
    return day.compareTo(firstKept(table)) >= 0;
  }

  /** The first day that all inputs keep; an empty text when they keep all days. */
  private String firstKept(ClosedTable table) {
    Instant now = Instant.now();
    return table.inputs().keySet().stream()
        .flatMap(input -> keptDays.firstAt(catalog.definition(input), now).stream())
        .max(String::compareTo)
        .orElse("");
  }

  /**
   * The first day of a table whose days are not those of its inputs that is computed: no input has
   * anything of the days before; and as long after a day that is dropped as days are open, dropped
   * orders may still have had milestones.
   */
  private String firstComputed(ClosedTable table, Map<String, DataFiles> files) {
    String kept = DayRange.plusDays(firstKept(table), openDays);
    String first = firstDay(files);
    return kept.compareTo(first) > 0 ? kept : first;
  }

  /**
   * The last day of an input that counts for the closed days of a table whose days are other ones:
   * the first open day, since an order may have the date of a time zone in which the next day has
   * begun already. A milestone that comes still earlier is seen when the day of its order closes.
   */
  private String lastInputDay() {
    return closedBefore;
  }

  /** The data files of a table's inputs as they are now. */
  Map<String, DataFiles> inputFiles(ClosedTable table) {
    Map<String, DataFiles> files = new TreeMap<>();
    table.inputs().keySet().forEach(input -> files.put(input, DataFiles.of(catalog, input)));
    return files;
  }

  /** Which days of an input a day of a table depends on. */
  Predicate<String> inputDays(Reach reach, String day) {
    return reach == Reach.SAME_DAY
        ? day::equals
        // A table without days has the empty one.
        : inputDay -> inputDay.compareTo(lastInputDay()) <= 0;
  }

  /**
   * What a day would be computed from now.
   *
   * @param day the day, or {@link #ALL_DAYS}
   */
  Basis basis(ClosedTable table, String day, Map<String, DataFiles> files) {
    Map<String, String> inputs = new TreeMap<>();
    Map<String, Long> snapshots = new TreeMap<>();
    table
        .inputs()
        .forEach(
            (input, reach) -> {
              inputs.put(input, files.get(input).checksum(inputDays(reach, day)));
              snapshots.put(input, files.get(input).snapshot());
            });
    List<String> query = new ArrayList<>(table.derivation().views());
    query.add(table.derivation().query());
    inputs.put(QUERY, DataFiles.checksum(query));
    inputs.put(TIME_ZONE, timeZone);
    if (day.equals(ALL_DAYS)) {
      inputs.put(CLOSED_BEFORE, closedBefore);
    }
    return new Basis(inputs, snapshots);
  }

  /** Records that days would be computed from the same rows, now in other files. */
  void recordAsBefore(ClosedTable table, Map<String, Basis> bases) {
    computations.renew(table.name(), bases);
  }

  /**
   * Recomputes days of a table and records it.
   *
   * @param days closed days; all are taken for a table whose days are not those of its inputs
   * @param reason why, for people
   */
  Recomputation compute(ClosedTable table, Collection<String> days, String reason) {
    Map<String, DayCounts> counts = new TreeMap<>();
    if (!table.isByDay()) {
      counts.putAll(compute(table, Set.of(ALL_DAYS)));
      return new Recomputation(table.name(), List.of(), reason, counts);
    }
    List<String> left = new ArrayList<>(new TreeSet<>(days));
    left.removeIf(day -> !isKept(table, day));
    while (!left.isEmpty()) {
      List<String> some = left.subList(0, Math.min(DAYS_AT_ONCE, left.size()));
      counts.putAll(compute(table, Set.copyOf(some)));
      some.clear();
    }
    return new Recomputation(table.name(), List.copyOf(days), reason, counts);
  }

  private Map<String, DayCounts> compute(ClosedTable table, Set<String> days) {
    Instant now = Instant.now();
    // Before the inputs are read: what changes meanwhile counts as changed.
    Map<String, DataFiles> files = inputFiles(table);
    Map<String, Basis> bases = new TreeMap<>();
    days.forEach(day -> bases.put(day, basis(table, day, files)));
    Map<String, DayCounts> counts =
        repair.makeRight(
            table,
            table.isByDay()
                ? DayRange.of(days, closedBefore)
                : DayRange.since(firstComputed(table, files), closedBefore));
    Map<String, DayCounts> recorded = new TreeMap<>(counts);
    recorded.put(ALL_DAYS, counts.values().stream().reduce(DayCounts.NONE, DayCounts::plus));
    computations.record(table.name(), bases, recorded, now);
    return counts;
  }

  /** The first day that any input has; nothing is known of days before it. */
  private String firstDay(Map<String, DataFiles> files) {
    return files.values().stream()
        .flatMap(input -> input.days().stream())
        .filter(day -> !day.isEmpty())
        .min(String::compareTo)
        .orElse(closedBefore);
  }
}
