/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.ledger;

import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.law.Version;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The runs over one table: which of them are undone, and which attempts are taken. */
public final class RunHistory {

  private final BackfillRecords records;
  private final String target;
  private final Map<String, BackfillRun> runs;

  /** The partitions that each undo has written, as far as they were asked for. */
  private final Map<String, Set<String>> undonePartitions = new ConcurrentHashMap<>();

  private RunHistory(BackfillRecords records, String target, Map<String, BackfillRun> runs) {
    this.records = records;
    this.target = target;
    this.runs = runs;
  }

  /** The same as if a run did not exist. */
  public RunHistory without(BackfillRun run) {
    RunHistory rest = new RunHistory(records, target, new HashMap<>(runs));
    rest.runs.remove(run.id());
    return rest;
  }

  public static RunHistory of(BackfillRecords records, String target) {
    return new RunHistory(
        records,
        target,
        records.runs().stream()
            .filter(run -> run.target().equals(target))
            .collect(Collectors.toMap(BackfillRun::id, Function.identity())));
  }

  /** The runs that wrote a snapshot, in no order. */
  public List<BackfillRun> backfills() {
    return runs.values().stream().filter(run -> run.undoneRun().isEmpty()).toList();
  }

  /** The backfill that an undo is about; a backfill itself. */
  public BackfillRun backfillOf(BackfillRun run) {
    return run.undoneRun().map(undone -> backfillOf(runs.get(undone))).orElse(run);
  }

  /** Whether a run takes a backfill's rows back; an undo of an undo brings them back again. */
  public boolean takesBack(BackfillRun run) {
    return run.undoneRun().map(undone -> !takesBack(runs.get(undone))).orElse(false);
  }

  /** The runs that undo a backfill, or bring it back. */
  public List<BackfillRun> undosOf(BackfillRun backfill) {
    return runs.values().stream()
        .filter(run -> run.undoneRun().isPresent() && backfillOf(run).equals(backfill))
        .toList();
  }

  /** Whether a backfill's rows of a partition are taken back. */
  public boolean isUndone(BackfillRun backfill, String dt) {
    return undosOf(backfill).stream()
        .filter(undo -> partitionsOf(undo).contains(dt))
        // Undos of one partition never overlap, so the one with the last attempt has written last.
        // Not the one that began last: the clock may have been set back.
        .max(Comparator.comparingInt(undo -> Version.slot(undo.version())))
        .map(this::takesBack)
        .orElse(false);
  }

  private Set<String> partitionsOf(BackfillRun undo) {
    return undonePartitions.computeIfAbsent(
        undo.id(),
        id -> records.receipts(id).stream().map(Receipt::dt).collect(Collectors.toSet()));
  }

  /**
   * The version of the next run over a snapshot.
   *
   * @param asOf the instant that the snapshot describes, in microseconds since 1970
   * @throws LakeException when no attempt is left
   */
  public long nextVersion(BackfillMode mode, long asOf) {
    return mode.version(asOf, nextAttempt(mode.version(asOf, 0)));
  }

  /** The next attempt over the instant of a version, which is that of the first attempt. */
  private int nextAttempt(long first) {
    boolean isFirst = backfills().stream().noneMatch(run -> isOf(run.version(), first));
    return isFirst
        ? 0
        : next(
            runs.values().stream()
                // An undo writes attempts over the instants of several runs.
                .filter(run -> run.undoneRun().isPresent() || isOf(run.version(), first))
                .mapToInt(run -> Version.slot(run.version())));
  }

  /**
   * An attempt after all that the table has seen, whatever their instants.
   *
   * @throws LakeException when there is none left
   */
  public int nextAttempt() {
    return next(runs.values().stream().mapToInt(run -> Version.slot(run.version())));
  }

  private int next(IntStream attempts) {
    int next = attempts.max().orElse(-1) + 1;
    if (next > Version.MAX_ATTEMPT) {
      throw new LakeException(
          ErrorCode.ATTEMPTS_EXHAUSTED,
          target + " has seen " + next + " attempts over one instant, and there are no more.",
          "Give another --as-of, a second later for example.");
    }
    return next;
  }

  private static boolean isOf(long version, long first) {
    return Version.origin(version) == Version.origin(first)
        && Version.micros(version) == Version.micros(first);
  }
}
