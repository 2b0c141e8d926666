/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import io.tidelake.error.LakeException;
import io.tidelake.schedule.ScheduleRun.State;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of all schedules, kept in the table {@code ops_schedule_run}. */
public final class ScheduleRuns {

  private final OpsTable table;

  private ScheduleRuns(OpsTable table) {
    this.table = table;
  }

  /**
   * Opens the table.
   *
   * @throws LakeException when there is no such table
   */
  public static ScheduleRuns open(LakeCatalog catalog) {
    return new ScheduleRuns(OpsTable.open(catalog, "ops_schedule_run"));
  }

  /**
   * The newest row of a schedule, by its scheduled time; empty when it was never met.
   *
   * @throws LakeException when the table cannot be read
   */
  public Optional<ScheduleRun> latest(String schedule) {
    return ofSchedule(schedule).max(Comparator.comparing(ScheduleRun::fireTime));
  }

  /** All rows of a schedule, the oldest first. */
  List<ScheduleRun> all(String schedule) {
    return ofSchedule(schedule).toList();
  }

  private Stream<ScheduleRun> ofSchedule(String schedule) {
    return table.read(Map.of("schedule", schedule)).stream().map(ScheduleRuns::run);
  }

  /** Writes a run over what was known of it. */
  void write(ScheduleRun run) {
    Map<String, Object> row = new HashMap<>();
    row.put("schedule", run.schedule());
    row.put("fire_time", run.fireTime());
    row.put("cron", run.cron());
    row.put("command", run.command());
    row.put("state", run.state().name());
    row.put("attempts", run.attempts());
    row.put("exit_code", run.exitCode());
    row.put("message", run.message());
    row.put("started_at", run.startedAt());
    row.put("finished_at", run.finishedAt());
    table.write(List.of(row));
  }

  private static ScheduleRun run(Map<String, Object> row) {
    return new ScheduleRun(
        (String) row.get("schedule"),
        (Instant) row.get("fire_time"),
        (String) row.get("cron"),
        (String) row.get("command"),
        State.valueOf((String) row.get("state")),
        (Integer) row.get("attempts"),
        (Integer) row.get("exit_code"),
        (String) row.get("message"),
        (Instant) row.get("started_at"),
        (Instant) row.get("finished_at"));
  }
}
