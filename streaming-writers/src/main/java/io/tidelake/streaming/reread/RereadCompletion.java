/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings a run that has begun to its end: waits until change capture has read its tables, has them
 * settled in the lake, and begins anew with those that the source database did not hand out.
 */
final class RereadCompletion {

  private static final int MOST_BEGINNINGS = 10;

  /** More than the minute after which a quiet log shows a sign of life. */
  private static final Duration SILENT_FOR = Duration.ofMinutes(2);

  private final RereadBeginning beginning;
  private final RereadSettlement settlement;
  private final RereadCapture capture;
  private final RereadLog log;
  private final RereadWait waiting;
  private final Consumer<String> progress;

  RereadCompletion(
      RereadBeginning beginning,
      RereadSettlement settlement,
      RereadCapture capture,
      RereadLog log,
      RereadWait waiting,
      Consumer<String> progress) {
    this.beginning = beginning;
    this.settlement = settlement;
    this.capture = capture;
    this.log = log;
    this.waiting = waiting;
    this.progress = progress;
  }

  /**
   * Waits until a run is over.
   *
   * @return what became of the tables that were read
   * @throws LakeException when it was stopped or given up meanwhile, a table could not be read, or
   *     nothing moves
   */
  List<RereadResult.Table> complete(RereadState begun) throws InterruptedException {
    RereadState state = begun;
    List<RereadResult.Table> results = new ArrayList<>();
    for (int beginnings = 1; ; beginnings++) {
      awaitRead(state);
      RereadRun run = state.run();
      results.addAll(settlement.settle(run, state.readTables()));
      Set<String> failed = state.failedTables().keySet();
      if (!state.isInterrupted() || beginnings == MOST_BEGINNINGS) {
        break;
      }
      progress.accept(
          "The source database did not answer while change capture read; %s begins anew"
              .formatted(String.join(", ", failed)));
      state = log.announceAfter(run, run.of(failed));
      waiting.until("change capture to work again", capture::isRunning);
      beginning.begin(state, Optional.empty());
    }
    log.close(state.run());
    refuseFailedTables(state.failedTables());
    return results;
  }

  private void awaitRead(RereadState state) throws InterruptedException {
    waiting.until(
        "change capture to take up the order",
        RereadWait.TAKEN_UP_WITHIN,
        () -> state.isStarted() || state.isClosed(),
        state::answers);
    for (int beginnings = 0; !state.isAtRest(); beginnings++) {
      if (beginnings == MOST_BEGINNINGS) {
        throw RereadWait.standsStill(
            "Change capture has let go of the reading " + beginnings + " times.");
      }
      if (beginnings > 0) {
        progress.accept("Change capture has let go of the reading; it begins anew");
        log.start(state.run());
      }
      awaitAtRestOrDropped(state);
    }
    if (!state.isRead() && !state.isClosed()) {
      throw new LakeException(
          ErrorCode.REREAD_STOPPED,
          "The reading was stopped, " + state.progress() + ".",
          state.run().remedy());
    }
    state.requireNotGivenUp();
  }

  private void awaitAtRestOrDropped(RereadState state) throws InterruptedException {
    DroppedReading dropped = capture.dropped(state.run());
    StandingReading standing = new StandingReading(state, SILENT_FOR);
    waiting.until(
        "change capture to read " + String.join(", ", state.run().names()),
        () -> {
          if (standing.isSo(Instant.now())) {
            progress.accept("Change capture has said nothing for a while; it is started again");
            capture.startAgain();
          }
          return state.isAtRest() || dropped.isSo();
        },
        state::progress);
  }

  private static void refuseFailedTables(Map<String, String> failed) {
    if (!failed.isEmpty()) {
      throw new LakeException(
          ErrorCode.REREAD_FAILED,
          "Change capture could not read %s. All else of the reading is done."
              .formatted(
                  failed.entrySet().stream()
                      .map(table -> table.getKey() + ": " + table.getValue())
                      .collect(Collectors.joining(", "))),
          failed.containsValue(RereadState.NOT_ANSWERED)
              ? "The source database does not answer; look at its log. Then begin anew."
              : "A table needs a primary key and a place in the connector's table.include.list."
                  + " Then begin anew.");
    }
  }
}
