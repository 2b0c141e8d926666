/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import io.tidelake.merge.law.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A run of a backfill, as {@code ops_backfill_run} records it.
 *
 * @param id names the run
 * @param target the table that it writes
 * @param mode what its values may replace
 * @param version version of every column group that it writes
 * @param mapping file of the mapping
 * @param input where the snapshot is; of an undo, that of the backfill
 * @param undoneRun the run that this one undoes; empty for a backfill
 * @param partitions values of {@code dt} in the order in which they are written; one empty text for
 *     a table without partitions
 * @param state how far it came
 * @param message why it failed
 * @param startedBy user and host
 * @param startedAt when it was started
 * @param finishedAt when it was done or failed
 */
public record BackfillRun(
    String id,
    String target,
    BackfillMode mode,
    long version,
    String mapping,
    String input,
    Optional<String> undoneRun,
    List<String> partitions,
    State state,
    Optional<String> message,
    String startedBy,
    Instant startedAt,
    Optional<Instant> finishedAt) {

  /** How the users of all commits of runs begin. */
  public static final String COMMIT_USER = "backfill ";

  /** How far a run came. */
  public enum State {
    running,
    done,
    failed
  }

  public BackfillRun {
    partitions = List.copyOf(partitions);
  }

  /**
   * What the job that writes a partition is called on the cluster.
   *
   * @param dt empty for a table without partitions
   */
  public static String jobName(String run, String dt) {
    return dt.isEmpty() ? run : run + " " + dt;
  }

  /** The user of the commit of a partition; {@code dt} is empty for a table without partitions. */
  public static String commitUser(String run, String dt) {
    return COMMIT_USER + jobName(run, dt);
  }

  /** The instant that the snapshot describes. */
  public Instant asOf() {
    return Instant.EPOCH.plus(Version.micros(version), ChronoUnit.MICROS);
  }

  /** A run that begins. */
  public static BackfillRun started(
      String id,
      String target,
      BackfillMode mode,
      long version,
      String mapping,
      String input,
      Optional<String> undoneRun,
      List<String> partitions,
      String startedBy,
      Instant startedAt) {
    return new BackfillRun(
        id,
        target,
        mode,
        version,
        mapping,
        input,
        undoneRun,
        partitions,
        State.running,
        Optional.empty(),
        startedBy,
        startedAt,
        Optional.empty());
  }

  /** The same run when it is done. */
  public BackfillRun done(Instant at) {
    return with(State.done, Optional.empty(), Optional.of(at));
  }

  /** The same run when it has failed. */
  public BackfillRun failed(String reason, Instant at) {
    return with(State.failed, Optional.of(reason), Optional.of(at));
  }

  /** The same run when it goes on. */
  public BackfillRun resumed() {
    return with(State.running, Optional.empty(), Optional.empty());
  }

  private BackfillRun with(State newState, Optional<String> reason, Optional<Instant> at) {
    return new BackfillRun(
        id,
        target,
        mode,
        version,
        mapping,
        input,
        undoneRun,
        partitions,
        newState,
        reason,
        startedBy,
        startedAt,
        at);
  }
}
