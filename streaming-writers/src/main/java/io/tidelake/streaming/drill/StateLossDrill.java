/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.drill;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.Stillness;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.pipeline.Repairs;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.BucketFiles;
import io.tidelake.tables.diff.DataFiles;
import io.tidelake.tables.diff.TableComparison;
import io.tidelake.tables.diff.Verification;
import io.tidelake.tables.io.OpsTable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;

/**
 * Loses all streaming state on purpose: the jobs end, their checkpoints and savepoints are thrown
 * away, and they start from the tables alone. Then every table is compared with what it held
 * before, value by value.
 *
 * <p>The source may go on meanwhile. Change capture ends first, so that all layers become level
 * while the changes wait in the log, and begins anew last: only then it reads the log again, from
 * its beginning.
 */
public final class StateLossDrill {

  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("'drill-'yyyyMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);

  private static final Duration TAGS_KEPT_FOR = Duration.ofDays(1);

  /** A cluster collects the metrics of its jobs every ten seconds. */
  private static final Duration METRICS_AFTER = Duration.ofSeconds(15);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final StreamingJobs jobs;
  private final FlinkCluster cluster;
  private final Duration patience;
  private final Consumer<String> progress;
  private final Stillness stillness;
  private final List<String> tables;
  private final Set<String> captured;
  private final List<String> captures = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  /**
   * @param config the jobs of the configuration are those that lose their state
   * @param patience how long the layers may take to become level, each time
   * @param progress is told what is going on, a line each
   */
  public StateLossDrill(
      LakeConfig config, LakeCatalog catalog, Duration patience, Consumer<String> progress) {
    this.config = config;
    this.catalog = catalog;
    this.jobs = new StreamingJobs(config);
    this.cluster = new FlinkCluster(config.cluster().restAddress());
    this.patience = patience;
    this.progress = progress;
    // Not the lake's own records: backfills and schedules write them.
    this.tables = OpsTable.others(catalog);
    this.stillness = new Stillness(catalog, cluster, progress);
    this.captured = Pipeline.captured(config);
    Set<String> sources = Pipeline.sourceNames(config);
    config.jobs().keySet().forEach(job -> (captures(job, sources) ? captures : others).add(job));
  }

  private boolean captures(String job, Set<String> sources) {
    return config.job(job).pipelines().stream()
        .anyMatch(
            pipeline -> !Pipeline.read(config, pipeline).derivationsReading(sources).isEmpty());
  }

  /**
   * Runs the drill. All jobs of the configuration must run.
   *
   * @throws LakeException when a job does not run, or the layers do not become level in time:
   *     nothing is lost then, and the jobs go on; or when a later step fails, in which case the
   *     next start of the jobs mends it
   */
  public DrillResult run() throws InterruptedException {
    Instant start = Instant.now();
    String id = ID.format(start);
    for (String job : config.jobs().keySet()) {
      cluster.runningJob(job);
    }
    progress.accept(
        "If the drill is interrupted, `lake stream start` starts the jobs that are missing.");
    becomeLevel();
    progress.accept(
        "All state is lost from here on. The tag %s keeps what the tables hold, %s/%s the old checkpoints"
            .formatted(id, config.cluster().checkpoints(), id));
    try {
      return loseState(id, start);
    } catch (LakeException e) {
      throw new LakeException(
          ErrorCode.DRILL_NOT_FINISHED,
          "The drill was not finished: " + e.getMessage(),
          "`lake stream start` starts the jobs that are missing, from the tables.",
          e);
    }
  }

  /** Ends change capture and waits for the rest; if that fails, all is as before. */
  private void becomeLevel() throws InterruptedException {
    end(captures);
    try {
      // A job that begins anew looks dimensions up as they are now.
      stillness.awaitRepaired(others, new Repairs(config), patience);
    } catch (LakeException e) {
      captures.forEach(jobs::start);
      throw e;
    }
  }

  private DrillResult loseState(String id, Instant start) throws InterruptedException {
    end(others);
    Map<String, Snapshot> before = tag(id);
    List<String> all = List.copyOf(config.jobs().keySet());
    all.forEach(job -> jobs.moveCheckpoints(job, id));
    progress.accept("The checkpoints and savepoints of " + String.join(", ", all) + " are gone");

    startFromNothing(others);
    stillness.await(others, patience);
    List<DrillResult.Table> afterJobs = compare(before, table -> true, false);

    List<DrillResult.Table> afterCapture = new ArrayList<>();
    boolean sourceWrote = false;
    if (!captures.isEmpty()) {
      startFromNothing(captures);
      awaitReplay();
      afterCapture.addAll(compare(before, captured::contains, true));
      sourceWrote = !afterCapture.stream().allMatch(DrillResult.Table::isUnchanged);
      if (!sourceWrote) {
        stillness.await(all, patience);
        afterCapture.addAll(compare(before, table -> !captured.contains(table), false));
      }
    }
    boolean agrees =
        afterJobs.stream().allMatch(DrillResult.Table::agrees)
            && afterCapture.stream().allMatch(DrillResult.Table::agrees);
    if (agrees) {
      before.keySet().forEach(table -> catalog.table(table).deleteTag(id));
      jobs.deleteMovedCheckpoints(id);
    }
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
    return new DrillResult(id, agrees, sourceWrote, seconds, afterJobs, afterCapture);
  }

  private void end(List<String> names) throws InterruptedException {
    for (String job : names) {
      cluster.cancel(cluster.runningJob(job));
      progress.accept(job + " ended");
    }
  }

  private void startFromNothing(List<String> names) {
    for (String job : names) {
      jobs.startFromNothing(job);
      progress.accept(job + " started from nothing");
    }
  }

  /** Keeps what the tables hold; those that hold nothing are left out. */
  private Map<String, Snapshot> tag(String id) {
    Map<String, Snapshot> tagged = new TreeMap<>();
    for (String name : tables) {
      FileStoreTable table = catalog.table(name);
      table
          .latestSnapshot()
          .ifPresent(
              snapshot -> {
                table.createTag(id, snapshot.id(), TAGS_KEPT_FOR);
                tagged.put(name, snapshot);
              });
    }
    return tagged;
  }

  /** Waits until change capture has read again what the log had when it began anew. */
  private void awaitReplay() throws InterruptedException {
    Instant start = Instant.now();
    Instant deadline = start.plus(patience);
    Set<String> caughtUp = new HashSet<>();
    while (true) {
      Map<String, Long> pending = new TreeMap<>();
      for (String job : captures) {
        FlinkCluster.JobStatus running = cluster.runningJob(job);
        cluster.checkNotFailing(running);
        pending.putAll(cluster.pendingRecords(running.id()));
      }
      pending.forEach(
          (source, records) -> {
            if (records == 0) {
              caughtUp.add(source);
            }
          });
      pending.keySet().removeAll(caughtUp);
      if (pending.isEmpty() && start.plus(METRICS_AFTER).isBefore(Instant.now())) {
        // What was read is committed.
        new Stillness(catalog, cluster, List.of(), progress)
            .await(captures, Duration.between(Instant.now(), deadline));
        return;
      }
      long left = pending.values().stream().mapToLong(Long::longValue).sum();
      if (Instant.now().isAfter(deadline)) {
        throw new LakeException(
            ErrorCode.CAPTURE_BEHIND,
            "Change capture has not read the log again within "
                + patience.toSeconds()
                + " s; "
                + left
                + " records are left.",
            "Give it more time with --wait.");
      }
      if (left > 0) {
        progress.accept(left + " records of the log are to be read again");
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  private List<DrillResult.Table> compare(
      Map<String, Snapshot> before, Predicate<String> which, boolean mayGoOn) {
    return tables.stream()
        .filter(which)
        .map(name -> DrillResult.Table.of(compare(name, before.get(name)), mayGoOn))
        .toList();
  }

  /**
   * @param before the snapshot with what the table held before; NULL when it held nothing
   */
  private Verification compare(String name, Snapshot before) {
    FileStoreTable table = catalog.table(name);
    Snapshot now = table.latestSnapshot().orElse(null);
    TableComparison comparison =
        new TableComparison(catalog.definition(name), table.rowType(), OptionalLong.empty());
    Set<String> days = new TreeSet<>(DataFiles.of(table, before).days());
    days.addAll(DataFiles.of(table, now).days());
    List<Verification.Partition> partitions =
        days.stream()
            .map(dt -> comparison.compare(dt, files(table, now, dt), files(table, before, dt)))
            .collect(Collectors.toList());
    return new Verification(name, "what it held before", partitions, comparison.samples());
  }

  private static Map<Integer, BucketFiles> files(
      FileStoreTable table, Snapshot snapshot, String dt) {
    return snapshot == null ? Map.of() : BucketFiles.all(table, snapshot, dt);
  }
}
