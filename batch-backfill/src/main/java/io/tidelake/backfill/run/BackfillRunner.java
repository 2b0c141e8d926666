package io.tidelake.backfill.run;

import io.tidelake.backfill.closeddays.ClosedDays;
import io.tidelake.backfill.ledger.BackfillRecords;
import io.tidelake.backfill.ledger.CommitTag;
import io.tidelake.backfill.ledger.PartitionLocks;
import io.tidelake.backfill.ledger.RunHistory;
import io.tidelake.backfill.model.BackfillLimits;
import io.tidelake.backfill.model.BackfillProgress;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.backfill.undo.Undo;
import io.tidelake.backfill.write.Backfill;
import io.tidelake.backfill.write.Mapping;
import io.tidelake.backfill.write.PartitionJob;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.LakeHome;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.BucketFiles;
import io.tidelake.tables.diff.ChangeCounter;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.diff.ColumnGroup;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.paimon.Snapshot;
import org.apache.paimon.consumer.Consumer;
import org.apache.paimon.consumer.ConsumerManager;
import org.apache.paimon.table.FileStoreTable;

/**
 * Writes snapshots into tables, partition by partition. Each partition is one commit, whose user
 * names run and partition: a run that goes on after an interruption finds what it has committed and
 * does not write it again. The snapshot of the commit gets a tag, so that its changes can be
 * counted, and undone, later.
 */
public final class BackfillRunner {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);
  private static final Duration WORKERS_END_WITHIN = FlinkCluster.ENDS_WITHIN.multipliedBy(2);

  private final LakeHome home;
  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final BackfillRecords records;
  private final BatchEngine engine;
  private final BackfillProgress progress;
  private final Duration undoFor;

  /**
   * @param engine where its jobs run
   * @param progress is told how far it is
   * @throws LakeException when the configuration of backfills cannot be understood
   */
  public BackfillRunner(
      LakeHome home,
      LakeConfig config,
      LakeCatalog catalog,
      BatchEngine engine,
      BackfillProgress progress) {
    this.home = home;
    this.config = config;
    this.catalog = catalog;
    this.records = new BackfillRecords(catalog);
    this.engine = engine;
    this.progress = progress;
    this.undoFor = config.backfill().undoFor();
  }

  /**
   * Runs a backfill.
   *
   * @return the run when it is done; its receipts are in {@code ops_backfill_receipt}
   * @throws LakeException when it cannot be understood, in which case nothing is written; or when
   *     it fails, in which case {@link #resume} goes on
   */
  public BackfillRun run(BackfillRequest request, BackfillLimits limits)
      throws InterruptedException {
    long asOf = Backfill.checkAsOf(request.asOf());
    // The days do not depend on the version, which is not known before the days are locked.
    Backfill understood =
        Backfill.open(
            config,
            catalog,
            request.target(),
            request.input(),
            mapping(request, request.mode().version(asOf, 0)),
            request.days());
    refuseUnready(request.input(), understood);
    job(understood, limits).checkMapping(understood.partitions().get(0));
    BackfillRun run =
        start(
            understood.target(),
            understood.partitions(),
            (id, now) ->
                BackfillRun.started(
                    id,
                    request.target(),
                    request.mode(),
                    nextVersion(records, request, asOf),
                    request.mapping().toString(),
                    request.input(),
                    Optional.empty(),
                    understood.partitions(),
                    startedBy(),
                    now));
    return write(run, understood.with(mapping(request, run.version())), limits);
  }

  /**
   * Undoes a run: the rows that it touched become what they would be without it. Real-time records
   * and other runs stay. Undoing an undo brings the run's rows back.
   *
   * @param id the run to undo
   * @return the run that undid it, when it is done
   * @throws LakeException when there is no such run, it is not over, is undone already, or is so
   *     long ago that what it found is not kept any more; or when writing fails, in which case
   *     {@link #resume} goes on
   */
  public BackfillRun undo(String id, BackfillLimits limits) throws InterruptedException {
    Undo understood = Undo.open(catalog, records, id);
    BackfillRun run =
        start(
            understood.target(),
            understood.partitions(),
            (newId, now) -> {
              // Once more, now that nobody else can write these days.
              Undo undo = Undo.open(catalog, records, id);
              return BackfillRun.started(
                  newId,
                  undo.backfill().target(),
                  undo.backfill().mode(),
                  undo.version(),
                  undo.backfill().mapping(),
                  undo.backfill().input(),
                  Optional.of(id),
                  undo.partitions(),
                  startedBy(),
                  now);
            });
    understood.problems().forEach(progress::message);
    return write(run, Undo.resume(catalog, records, run), limits);
  }

  /** The version of the next run of a request. */
  static long nextVersion(BackfillRecords records, BackfillRequest request, long asOf) {
    long first = request.mode().version(asOf, 0);
    int attempt = RunHistory.of(records, request.target()).nextAttempt(first);
    return request.mode().version(asOf, attempt);
  }

  /** Locks partitions and records a run that writes them. */
  private BackfillRun start(
      FileStoreTable target,
      List<String> partitions,
      BiFunction<String, Instant, BackfillRun> newRun) {
    Instant now = now();
    String id = RUN_TIME.format(now) + "-" + target.name();
    PartitionLocks locks = new PartitionLocks(target, id);
    Set<String> ended = locks.acquire(partitions, records::isUnfinished);
    try {
      // Killed before they were recorded: nobody would give back what they keep.
      ended.stream()
          .filter(run -> records.find(run).isEmpty())
          .forEach(consumers(target)::deleteConsumer);
      BackfillRun started = newRun.apply(id, now);
      keepSnapshots(target, id);
      records.save(started);
      return started;
    } catch (RuntimeException e) {
      locks.release(partitions);
      throw e;
    }
  }

  /**
   * Goes on with a run that was interrupted or has failed.
   *
   * @return the run when it is done
   * @throws LakeException when there is no such run, another process goes on with it, its snapshot
   *     or mapping is not there any more, or it fails again
   */
  public BackfillRun resume(String id, BackfillLimits limits) throws InterruptedException {
    BackfillRun run = records.run(id);
    if (run.state() == BackfillRun.State.done) {
      return run;
    }
    FileStoreTable target = catalog.table(run.target());
    PartitionLocks locks = new PartitionLocks(target, id);
    locks.acquire(run.partitions(), records::isUnfinished);
    Rest rest;
    try {
      stopJobsOf(run);
      rest = rest(run, limits);
    } catch (RuntimeException e) {
      locks.release(run.partitions());
      throw e;
    }
    BackfillRun resumed = run.resumed();
    records.save(resumed);
    return rest.write(resumed);
  }

  /** What is left of an interrupted run. */
  @FunctionalInterface
  private interface Rest {
    BackfillRun write(BackfillRun resumed) throws InterruptedException;
  }

  private Rest rest(BackfillRun run, BackfillLimits limits) {
    if (run.undoneRun().isPresent()) {
      Undo undo = Undo.resume(catalog, records, run);
      return resumed -> write(resumed, undo, limits);
    }
    Backfill backfill = Backfill.open(config, catalog, run);
    refuseUnready(run.input(), backfill);
    return resumed -> write(resumed, backfill, limits);
  }

  /**
   * Gives an interrupted or failed run up: what it has written stays, and its partitions are free.
   *
   * @throws LakeException when there is no such run, it is done, or a process works on it, as far
   *     as can be known
   */
  public BackfillRun abandon(String id) throws InterruptedException {
    BackfillRun run = unfinished(id);
    // Fails while another process works on it.
    new PartitionLocks(catalog.table(run.target()), id)
        .acquire(run.partitions(), records::isUnfinished);
    return giveUp(run);
  }

  /**
   * The same for a run whose process cannot be seen from here: it ran on another machine, or its
   * number belongs to another process now. Should it live after all, it stops before the next
   * partition that it would begin.
   *
   * @throws LakeException when there is no such run, or it is done
   */
  public BackfillRun abandonByForce(String id) throws InterruptedException {
    BackfillRun run = unfinished(id);
    new PartitionLocks(catalog.table(run.target()), id).seize(run.partitions());
    return giveUp(run);
  }

  private BackfillRun unfinished(String id) {
    BackfillRun run = records.run(id);
    if (run.state() == BackfillRun.State.done) {
      throw new LakeException(
          "RUN_DONE",
          "The run " + id + " is done.",
          "`lake backfill receipt " + id + "` shows what it did.");
    }
    return run;
  }

  private BackfillRun giveUp(BackfillRun run) throws InterruptedException {
    FileStoreTable target = catalog.table(run.target());
    stopJobsOf(run);
    completeReceipts(run, target);
    BackfillRun failed = run.failed("abandoned", now());
    finish(failed, target);
    return failed;
  }

  /**
   * Tags and counts what a run has committed before it was interrupted, so that it can be undone
   * like the rest.
   */
  private void completeReceipts(BackfillRun run, FileStoreTable target) {
    List<ColumnGroup> groups = ColumnGroup.of(catalog.definition(run.target()), target.rowType());
    for (String dt : openPartitions(run)) {
      committed(run, BackfillRun.commitUser(run.id(), dt))
          .ifPresent(
              commit -> records.save(receipt(run, target, groups, dt, Optional.of(commit), now())));
    }
  }

  private List<String> openPartitions(BackfillRun run) {
    List<String> open = new ArrayList<>(run.partitions());
    records.receipts(run.id()).forEach(receipt -> open.remove(receipt.dt()));
    return open;
  }

  /** Records how a run ended, and frees what it held; in an order that a kill cannot spoil. */
  private void finish(BackfillRun ended, FileStoreTable target) {
    consumers(target).deleteConsumer(ended.id());
    records.save(ended);
    new PartitionLocks(target, ended.id()).release(ended.partitions());
  }

  private static Mapping mapping(BackfillRequest request, long version) {
    return Mapping.read(request.mapping(), version);
  }

  private static void refuseUnready(String input, Backfill backfill) {
    if (!backfill.missingDays().isEmpty()) {
      throw new LakeException(
          "DAYS_MISSING",
          "The snapshot has no rows of " + String.join(", ", backfill.missingDays()) + ".",
          "It has "
              + (backfill.partitions().isEmpty()
                  ? "none of the days asked for"
                  : String.join(", ", backfill.partitions()))
              + "; name these with --days, or complete the snapshot.");
    }
    if (backfill.partitions().isEmpty() || backfill.rows(backfill.partitions()).orElse(1) == 0) {
      throw new LakeException(
          "SNAPSHOT_EMPTY",
          "The snapshot " + input + " has no rows that could be written.",
          "Check the folder, and that the export was complete.");
    }
  }

  private BackfillRun write(BackfillRun run, Backfill backfill, BackfillLimits limits)
      throws InterruptedException {
    int parallelism = Math.max(1, Math.min(limits.parallelism(), openPartitions(run).size()));
    PartitionJob job =
        job(backfill, new BackfillLimits(parallelism, limits.rowsPerSecond(), limits.maxRejects()));
    return write(
        run,
        backfill.target(),
        backfill.groups(),
        parallelism,
        backfill::rows,
        new PartitionWriter() {
          @Override
          public void write(String commitUser, String dt, LongConsumer rowsWritten)
              throws InterruptedException {
            job.run(
                run.id(), commitUser, dt, backfill.otherDays(dt), rowsWritten, records, progress);
          }

          @Override
          public void complete(String commitUser, String dt) throws InterruptedException {
            job.rejectAgain(run.id(), commitUser, dt, backfill.otherDays(dt));
          }
        });
  }

  private PartitionJob job(Backfill backfill, BackfillLimits limits) {
    return new PartitionJob(
        config, config, backfill.target(), backfill.mapping(), backfill.input(), engine, limits);
  }

  private BackfillRun write(BackfillRun run, Undo undo, BackfillLimits limits)
      throws InterruptedException {
    return write(
        run,
        undo.target(),
        undo.groups(),
        limits.parallelism(),
        partitions -> OptionalLong.empty(),
        new PartitionWriter() {
          @Override
          public void write(String commitUser, String dt, LongConsumer rowsWritten) {
            undo.write(undo.target(), commitUser, dt, rowsWritten);
          }

          @Override
          public void complete(String commitUser, String dt) {
            // An undo writes nothing but its commit.
          }
        });
  }

  /** Writes partitions. */
  private interface PartitionWriter {

    /**
     * Writes a partition in one commit, or none when there is nothing to write.
     *
     * @param commitUser how the user of the commit begins
     * @param rowsWritten is told how many rows it has written
     */
    void write(String commitUser, String dt, LongConsumer rowsWritten) throws InterruptedException;

    /** Does what an interruption right after the commit may have left undone. */
    void complete(String commitUser, String dt) throws InterruptedException;
  }

  private BackfillRun write(
      BackfillRun run,
      FileStoreTable target,
      List<ColumnGroup> groups,
      int parallelism,
      Function<List<String>, OptionalLong> rowsOf,
      PartitionWriter writer)
      throws InterruptedException {
    List<String> open = openPartitions(run);
    int done = run.partitions().size() - open.size();
    if (done > 0) {
      progress.message(done + " of " + run.partitions().size() + " partitions are done");
    }
    Map<String, Long> rows = new ConcurrentHashMap<>();
    OptionalLong total = rowsOf.apply(open);
    ExecutorService workers = Executors.newFixedThreadPool(parallelism);
    List<Future<Receipt>> receipts = new ArrayList<>();
    try {
      for (String dt : open) {
        receipts.add(
            workers.submit(
                () -> {
                  Receipt receipt =
                      writePartition(
                          run,
                          target,
                          groups,
                          writer,
                          dt,
                          count -> {
                            rows.put(dt, count);
                            progress.rows(
                                rows.values().stream().mapToLong(Long::longValue).sum(), total);
                          });
                  // A small day may end before its job was ever asked how far it is.
                  rows.put(dt, receipt.counts().offered());
                  return receipt;
                }));
      }
      for (Future<Receipt> receipt : receipts) {
        progress.partition(receipt.get());
      }
    } catch (ExecutionException e) {
      LakeException failure = failure(run, e.getCause());
      end(workers);
      fail(run, target, failure);
      throw failure;
    } finally {
      end(workers);
    }
    BackfillRun finished = run.done(now());
    finish(finished, target);
    recomputeClosedDays(run);
    return finished;
  }

  /** Waits for partitions that were begun to stop: they must not commit without their lock. */
  private static void end(ExecutorService workers) throws InterruptedException {
    workers.shutdownNow();
    if (!workers.awaitTermination(WORKERS_END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new LakeException(
          "JOB_NOT_STOPPED",
          "A partition is still being written after "
              + WORKERS_END_WITHIN.toSeconds()
              + " s; the run keeps its locks.",
          "End the process, then go on with `lake backfill resume`.");
    }
  }

  private void fail(BackfillRun run, FileStoreTable target, LakeException failure) {
    if (failure.code().equals(PartitionLocks.LOCK_LOST)) {
      // What is recorded of the run is another process's now.
      return;
    }
    try {
      completeReceipts(run, target);
      records.save(run.failed(failure.getMessage(), now()));
    } catch (RuntimeException e) {
      // The disk may be full: the failure itself is what to say. The run can be resumed either way.
      failure.addSuppressed(e);
    }
    new PartitionLocks(target, run.id()).release(run.partitions());
  }

  /** Open days follow by stream. */
  private void recomputeClosedDays(BackfillRun run) {
    List<String> changed =
        records.receipts(run.id()).stream()
            .filter(receipt -> receipt.counts().touchesRows())
            .map(Receipt::dt)
            .toList();
    if (ClosedDays.concern(config, changed)) {
      progress.message("closed days that follow from " + run.target() + " are computed anew");
      new ClosedDays(home, config, catalog, engine)
          .recompute(run.target(), changed)
          .forEach(progress::recomputed);
    }
  }

  private static LakeException failure(BackfillRun run, Throwable cause) {
    if (cause instanceof LakeException known) {
      return known;
    }
    return new LakeException(
        "BACKFILL_FAILED",
        "The run " + run.id() + " failed: " + LakeException.rootMessage(cause),
        "Mend the cause, then go on with `lake backfill resume " + run.id() + "`.",
        cause instanceof Exception exception ? exception : null);
  }

  private Receipt writePartition(
      BackfillRun run,
      FileStoreTable target,
      List<ColumnGroup> groups,
      PartitionWriter writer,
      String dt,
      LongConsumer rowsWritten)
      throws InterruptedException {
    Instant start = now();
    String user = BackfillRun.commitUser(run.id(), dt);
    new PartitionLocks(target, run.id()).checkHeld(dt);
    Optional<Snapshot> commit = committed(run, user);
    if (commit.isEmpty()) {
      writer.write(user, dt, rowsWritten);
      commit = committed(run, user);
    } else {
      writer.complete(user, dt);
    }
    Receipt receipt = receipt(run, target, groups, dt, commit, start);
    records.save(receipt);
    return receipt;
  }

  private Receipt receipt(
      BackfillRun run,
      FileStoreTable target,
      List<ColumnGroup> groups,
      String dt,
      Optional<Snapshot> commit,
      Instant start) {
    ChangeCounts counts = ChangeCounts.NONE;
    long latest = target.latestSnapshot().map(Snapshot::id).orElse(0L);
    if (commit.isPresent()) {
      CommitTag.create(undoFor, target, run.id(), dt, commit.get());
      counts =
          ChangeCounter.count(
              BucketFiles.before(target, commit.get(), dt),
              BucketFiles.added(target, commit.get(), dt),
              groups);
    }
    return new Receipt(
        run.id(),
        run.target(),
        dt,
        commit.map(snapshot -> snapshot.id() - 1).orElse(latest),
        commit.map(Snapshot::id).orElse(latest),
        counts,
        records.rejects(run.id(), dt).size(),
        start,
        Duration.between(start, now()).toMillis());
  }

  /** The snapshot that a run made of a partition, if it did. */
  private Optional<Snapshot> committed(BackfillRun run, String user) {
    // The snapshot at its start, which it keeps; 0 for a run that was given up and goes on.
    long start =
        consumers(catalog.table(run.target()))
            .consumer(run.id())
            .map(consumer -> consumer.nextSnapshot() - 1)
            .orElse(0L);
    return catalog.findCommit(run.target(), user + "_", start);
  }

  /** As long as a run is not done, no snapshot since its start expires. */
  private static void keepSnapshots(FileStoreTable target, String run) {
    Long latest = target.snapshotManager().latestSnapshotId();
    consumers(target).resetConsumer(run, new Consumer(latest == null ? 1 : latest));
  }

  private static ConsumerManager consumers(FileStoreTable target) {
    return new ConsumerManager(target.fileIO(), target.location());
  }

  /** A job of an earlier process may still run on a cluster, and would commit a second time. */
  private void stopJobsOf(BackfillRun run) throws InterruptedException {
    FlinkCluster cluster = engine.jobs();
    for (FlinkCluster.JobStatus job : cluster.jobs()) {
      if (job.name().startsWith(run.id())) {
        cluster.cancel(job);
      }
    }
  }

  private static String startedBy() {
    return System.getProperty("user.name") + "@" + PartitionLocks.host();
  }

  /** What the records can hold. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
