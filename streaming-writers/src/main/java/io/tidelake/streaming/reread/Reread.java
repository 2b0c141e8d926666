/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.tables.catalog.LakeCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads tables of the source again beside the running stream. Change capture reads them in chunks
 * between the changes (Debezium's incremental snapshot), so the rows come through the same topics
 * and are ordered by the log like any change. Then the rows that the lake has, and the source has
 * not, are marked as deleted.
 *
 * <p>What is going on lies in Kafka alone: a run continues when this command has ended, and any
 * command can take it up again. There is one run at a time.
 *
 * <p>This is what commands call: {@link RereadBeginning} has change capture begin, {@link
 * RereadCompletion} waits for it, {@link RereadSettlement} marks deletions.
 */
public final class Reread implements AutoCloseable {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(30);

  private final LakeConfig config;
  private final Consumer<String> progress;
  private final List<SourceFile> captured;
  private final RereadCapture capture;
  private final RereadLog log;
  private final SourceTopics topics;
  private final RereadWait waiting;
  private final RereadBeginning beginning;
  private final RereadCompletion completion;
  private final Instant began = Instant.now();

  /**
   * @param patience how long to wait while nothing moves
   * @param progress is told what is going on, a line each
   * @throws LakeException when change capture is not configured for it
   */
  public Reread(
      LakeConfig config, LakeCatalog catalog, Duration patience, Consumer<String> progress) {
    this.config = config;
    this.progress = progress;
    this.captured = SourceFiles.read(config);
    if (captured.isEmpty()) {
      throw new LakeException(
          ErrorCode.NO_SOURCE_TABLES,
          "No file of the project describes a source table.",
          "Write one in " + config.folders().sources() + ".");
    }
    if (config.source().connector() == null) {
      throw new LakeException(
          ErrorCode.REREAD_NOT_CONFIGURED,
          "The configuration has no `source: connector:`, the address of change capture in Kafka Connect.",
          "Write it there, as http://host:8083/connectors/NAME.");
    }
    this.capture = new RereadCapture(config, captured, progress);
    this.log = RereadLog.of(config, captured);
    this.topics = new SourceTopics(captured.get(0).kafka(), KAFKA_WITHIN);
    this.waiting = new RereadWait(log, patience, progress);
    this.beginning = new RereadBeginning(config, capture, log, topics, waiting);
    RereadSettlement settlement =
        new RereadSettlement(config, catalog, captured, topics, waiting, progress);
    this.completion = new RereadCompletion(beginning, settlement, capture, log, waiting, progress);
  }

  /**
   * A run that is not over.
   *
   * @param what it is and how far, for people
   * @param whatToDo when no command waits for it
   * @param changesMissing whether changes of all tables are missing until it is over
   */
  public record Unfinished(String what, String whatToDo, boolean changesMissing) {}

  /**
   * The run that is not over; empty when there is none, or change capture is not configured for it.
   *
   * @throws LakeException when Kafka does not answer
   */
  public static Optional<Unfinished> unfinished(LakeConfig config, List<SourceFile> captured) {
    try (RereadLog log = RereadLog.of(config, captured)) {
      log.refresh();
      return log.open()
          .map(
              state ->
                  new Unfinished(
                      state.run().notOver().getMessage()
                          + (state.isToldToStop() ? " It was told to stop." : "")
                          + (state.progress().isEmpty()
                              ? ""
                              : " It has come to " + state.progress() + "."),
                      state.run().remedy(),
                      state.run().stuck() != null));
    } catch (LakeException e) {
      if (e.code() == ErrorCode.REREAD_NOT_CONFIGURED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The tables of the source that can be read again. */
  public List<String> tables() {
    return captured.stream().map(SourceFile::table).distinct().sorted().toList();
  }

  /**
   * Reads tables again and waits until the lake has caught up with the source.
   *
   * @param names tables of the source
   * @param where which rows, as SQL of the source; then deletions are not looked for. NULL for all
   * @throws LakeException when a table is not captured, another run is not over, or nothing moves
   */
  public RereadResult run(List<String> names, String where) throws InterruptedException {
    List<SourceFile> wanted = names.stream().map(this::captured).toList();
    log.refresh();
    log.open()
        .ifPresent(
            open -> {
              throw open.run().notOver();
            });
    checkAtSource(wanted, where);
    Optional<String> stuck = capture.whyStuck(names, where);
    RereadState state = log.announce(RereadRun.announced(where, stuck.orElse(null), wanted));
    RereadRun first = log.open().orElseThrow().run();
    if (!first.id().equals(state.run().id())) {
      log.close(state.run());
      throw first.notOver();
    }
    beginning.begin(state, stuck);
    return complete(state);
  }

  private SourceFile captured(String name) {
    return captured.stream()
        .filter(table -> table.table().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.SOURCE_TABLE_UNKNOWN,
                    "No source file describes a table " + name + ".",
                    "The source tables are " + String.join(", ", tables()) + "."));
  }

  /** Tells how much there is to read, and refuses a condition that the source does not take. */
  private void checkAtSource(List<SourceFile> wanted, String where) {
    try (SourceDatabase source = SourceDatabase.connect(config)) {
      for (SourceFile table : wanted) {
        OptionalLong rows = source.aboutRows(table.table());
        progress.accept(
            table.table()
                + " has "
                + (rows.isPresent()
                    ? "about " + rows.getAsLong() + " rows"
                    : "rows of unknown number"));
        if (where != null) {
          source.requireCondition(table.table(), where);
        }
      }
    }
  }

  private RereadResult complete(RereadState begun) throws InterruptedException {
    List<RereadResult.Table> tables = completion.complete(begun);
    RereadRun run = begun.run();
    return new RereadResult(
        run.id(),
        run.asOf(),
        run.where(),
        tables,
        Duration.between(began, Instant.now()).toMillis() / 1000.0);
  }

  /**
   * Resumes the run that is not over.
   *
   * @throws LakeException when there is none, or nothing moves
   */
  public RereadResult resume() throws InterruptedException {
    RereadState state = open();
    capture.takeUpAgain();
    RereadRun run = state.run();
    Optional<String> stuck =
        run.isOrdered() ? capture.whyStuck(state) : capture.whyStuck(run.names(), run.where());
    if (stuck.isPresent() && (run.isOrdered() || run.stuck() == null)) {
      state = log.announceAfter(run, run.stuckBecause(stuck.get()));
    }
    if (!state.run().isOrdered()) {
      beginning.begin(state, stuck);
    } else if (!state.isStarted()) {
      // Capture may have been killed between taking the order and following it.
      log.start(run);
    }
    if (state.isToldToStop() && !state.isRead()) {
      log.goOn(state.run());
      capture.startAgain();
    }
    return complete(state);
  }

  /**
   * A run that was stopped.
   *
   * @param tables that it reads
   * @param read whether all their rows had been read already
   */
  public record Stopped(List<String> tables, boolean read) {}

  /**
   * Has change capture stop reading, until {@link #resume}. A restart of capture resumes, too.
   *
   * @throws LakeException when there is none, or change capture does not answer
   */
  public Stopped stop() throws InterruptedException {
    RereadState state = open();
    waiting.until(
        "the command that reads %s to begin".formatted(String.join(", ", state.run().names())),
        RereadWait.TAKEN_UP_WITHIN,
        () -> state.run().isOrdered() || state.isClosed(),
        () -> "");
    if (!state.isAtRest()) {
      log.pause(state.run());
      waiting.until(
          "change capture to stop reading",
          RereadWait.TAKEN_UP_WITHIN,
          state::isAtRest,
          state::answers);
    }
    return new Stopped(state.run().names(), state.isRead());
  }

  /**
   * Gives up the run that is not over: what was read stays, deletions are not looked for.
   *
   * @return the tables of the run
   * @throws LakeException when there is none, changes are missing until it is over, or change
   *     capture does not answer
   */
  public List<String> abandon() throws InterruptedException {
    RereadState state = open();
    if (state.run().stuck() != null) {
      throw state.run().notOver();
    }
    capture.takeUpAgain();
    // First: nobody begins anew with what capture lets go of.
    log.close(state.run());
    if (state.run().isOrdered() && !state.isRead()) {
      capture.dropReading();
    }
    return state.run().names();
  }

  private RereadState open() {
    log.refresh();
    return log.open()
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.NO_REREAD,
                    "No table is being read again.",
                    "`lake sources reread TABLE` begins."));
  }

  @Override
  public void close() {
    log.close();
    topics.close();
  }
}
