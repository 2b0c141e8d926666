/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceTopics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Has change capture begin with a run that is announced. */
final class RereadBeginning {

  private final LakeConfig config;
  private final RereadCapture capture;
  private final RereadLog log;
  private final SourceTopics topics;
  private final RereadWait waiting;

  RereadBeginning(
      LakeConfig config,
      RereadCapture capture,
      RereadLog log,
      SourceTopics topics,
      RereadWait waiting) {
    this.config = config;
    this.capture = capture;
    this.log = log;
    this.topics = topics;
    this.waiting = waiting;
  }

  /**
   * Has change capture begin with a run, unless another command does. Capture has to be caught up
   * with the database: what it told of later would come behind the rows that it reads, though it
   * happened before.
   *
   * @param stuck why capture cannot continue from its place in the database's log; empty when it
   *     can
   * @throws LakeException when the run was given up meanwhile, or nothing moves
   */
  void begin(RereadState state, Optional<String> stuck) throws InterruptedException {
    RereadRun run = state.run();
    if (stuck.isPresent()) {
      capture.continueFromNow(stuck.get());
    }
    capture.letGoOfEarlierReadings(run);
    try (SourceDatabase source = connect()) {
      awaitCaughtUp(source);
      // First the time, then the places in the topics: what is committed later comes behind them.
      long asOf = source.awaitEndOfSecond();
      Map<String, Map<Integer, Long>> from = new HashMap<>();
      for (RereadRun.Table table : run.tables()) {
        from.put(table.topic(), topics.ends(table.topic()));
      }
      log.refresh();
      state.requireNotGivenUp();
      if (!state.run().isOrdered()) {
        log.start(run.ordered(asOf, from));
      }
    }
  }

  private SourceDatabase connect() throws InterruptedException {
    AtomicReference<SourceDatabase> source = new AtomicReference<>();
    waiting.until(
        "the source database to answer",
        () -> {
          try {
            source.set(SourceDatabase.connect(config));
          } catch (LakeException e) {
            if (e.code() != ErrorCode.SOURCE_DATABASE_UNREACHABLE) {
              throw e;
            }
          }
          return source.get() != null;
        });
    return source.get();
  }

  private void awaitCaughtUp(SourceDatabase source) throws InterruptedException {
    Optional<LogPlace> place = source.logPlace();
    if (place.isPresent()) {
      waiting.until(
          "change capture to come to %s in the database's log".formatted(place.get()),
          () -> capture.hasComeTo(place.get()),
          capture::place);
    }
  }
}
