/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells when streaming jobs have nothing left to do: every one of them has made some checkpoints in
 * a row during which no table got a snapshot. A job that is behind writes with each checkpoint, or
 * does not complete one. No clock takes part, so it holds for any checkpoint interval and on a busy
 * machine.
 */
public final class Stillness {

  /** One may have begun before the last snapshot came, one hands over to the next layer. */
  private static final int CHECKPOINTS = 3;

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);
  private static final int MOST_NAMES = 3;

  private final LakeCatalog catalog;
  private final FlinkCluster cluster;
  private final List<String> tables;
  private final Consumer<String> progress;

  /**
   * @param tables the tables to watch
   * @param progress is told every few seconds what is still moving
   */
  public Stillness(
      LakeCatalog catalog, FlinkCluster cluster, List<String> tables, Consumer<String> progress) {
    this.catalog = catalog;
    this.cluster = cluster;
    this.tables = List.copyOf(tables);
    this.progress = progress;
  }

  /** The stillness of all tables of the lake but its own records, which those who wait write. */
  public Stillness(LakeCatalog catalog, FlinkCluster cluster, Consumer<String> progress) {
    this(catalog, cluster, OpsTable.others(catalog), progress);
  }

  /**
   * Waits until jobs have nothing left to do.
   *
   * @param jobs names of running jobs, all that write the tables
   * @param within how long at most
   * @throws LakeException when a job has ended or fails again and again, or tables are still
   *     written at the end of that time
   */
  public void await(List<String> jobs, Duration within) throws InterruptedException {
    Instant deadline = Instant.now().plus(within);
    Instant told = Instant.now();
    Map<String, Long> snapshots = snapshotIds();
    Map<String, Long> checkpoints = checkpoints(jobs);
    String moving = String.join(", ", jobs) + " have not made " + CHECKPOINTS + " checkpoints";
    while (true) {
      Map<String, Long> made = checkpoints(jobs);
      // After the checkpoints: what they committed must be seen.
      Map<String, Long> now = snapshotIds();
      if (!now.equals(snapshots)) {
        moving = "still written: " + changed(snapshots, now);
        snapshots = now;
        checkpoints = made;
      } else if (isStill(checkpoints, made)) {
        return;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new LakeException(
            ErrorCode.LAYERS_NOT_LEVEL,
            "The layers have not become level within " + within.toSeconds() + " s; " + moving + ".",
            "`lake stream list` shows the jobs. Wait for backfills and sweeps to end, or give it"
                + " more time with --wait.");
      }
      if (told.plus(TELL_EVERY).isBefore(Instant.now())) {
        told = Instant.now();
        progress.accept(moving);
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  /**
   * The same, and repairs in between until they find nothing more: what they write, the jobs have
   * to follow.
   *
   * @throws LakeException as {@link #await}, or when a repair fails
   */
  public void awaitRepaired(List<String> jobs, Repairs repairs, Duration within)
      throws InterruptedException {
    await(jobs, within);
    while (repairs.run(catalog)) {
      progress.accept("The repairs wrote something; waiting for the layers above");
      await(jobs, within);
    }
  }

  private static boolean isStill(Map<String, Long> before, Map<String, Long> made) {
    return made.entrySet().stream()
        .allMatch(job -> job.getValue() >= before.get(job.getKey()) + CHECKPOINTS);
  }

  private Map<String, Long> checkpoints(List<String> jobs) {
    Map<String, Long> completed = new LinkedHashMap<>();
    for (String job : jobs) {
      FlinkCluster.JobStatus running = cluster.runningJob(job);
      cluster.checkNotFailing(running);
      completed.put(job, cluster.checkpoints(running.id()).completed());
    }
    return completed;
  }

  private Map<String, Long> snapshotIds() {
    Map<String, Long> ids = new LinkedHashMap<>();
    tables.forEach(table -> ids.put(table, catalog.latestSnapshotId(table)));
    return ids;
  }

  private static String changed(Map<String, Long> before, Map<String, Long> now) {
    List<String> names = new ArrayList<>(now.keySet());
    names.removeIf(table -> now.get(table).equals(before.get(table)));
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES))
            + " and "
            + (names.size() - MOST_NAMES)
            + " others";
  }
}
