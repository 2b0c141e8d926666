/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Change capture, as a reading needs it: it is asked where it is, told to let go of a reading, and
 * started again when it stands. It may end and start at any moment, and what is asked of it then
 * stays without an answer, which is no error.
 */
final class RereadCapture {

  /** Within which change capture writes down what it reads, and what it reads no more. */
  private static final Duration WRITTEN_DOWN_WITHIN = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final LakeConfig config;
  private final List<SourceFile> captured;
  private final Consumer<String> progress;
  private final CaptureConnector connector;

  /**
   * @param config has the connector's address
   * @param captured the source tables that change capture reads
   */
  RereadCapture(LakeConfig config, List<SourceFile> captured, Consumer<String> progress) {
    this.config = config;
    this.captured = captured;
    this.progress = progress;
    this.connector = new CaptureConnector(config.source().connector());
  }

  /**
   * Why change capture cannot continue from its place in the database's log, or reads the log
   * wrongly; empty when it works.
   *
   * @param names of the tables that are about to be read
   * @param where which of their rows; NULL for all
   * @throws LakeException when it does not work otherwise, or not all captured tables are about to
   *     be read: having it continue from now leaves changes of all of them out
   */
  Optional<String> whyStuck(List<String> names, String where) throws InterruptedException {
    Optional<String> why = connector.whyStuck().or(this::misreadTables);
    why.ifPresent(stuck -> requireAll(names, where, stuck));
    return why;
  }

  /**
   * Why change capture cannot continue with a reading that has begun; empty when it can, or has
   * read everything.
   *
   * @throws LakeException as {@link #whyStuck} does, when not all captured tables are being read
   */
  Optional<String> whyStuck(RereadState state) {
    if (state.isRead()) {
      return Optional.empty();
    }
    Optional<String> why =
        asked(Optional.<String>empty(), connector::failure)
            .filter(failure -> CaptureConnector.whyStuck(failure).isPresent());
    why.ifPresent(stuck -> requireAll(state.run().names(), state.run().where(), stuck));
    return why;
  }

  private void requireAll(List<String> names, String where, String stuck) {
    if (where != null || !names.containsAll(captured.stream().map(SourceFile::table).toList())) {
      throw new LakeException(
          ErrorCode.CAPTURE_STUCK,
          "Change capture cannot go on, and changes of all tables are missing: " + stuck,
          "`lake sources reread --all` has it go on from now and reads all tables again.");
    }
  }

  private Optional<String> misreadTables() {
    return config.source().database() == null
        ? Optional.empty()
        : new SourceCheck(config, captured)
            .misreadColumns().stream()
                .map(finding -> finding.table() + ": " + finding.message())
                .reduce((one, other) -> one + "; " + other);
  }

  /**
   * Has change capture continue from now, where it cannot from its place.
   *
   * @param stuck why it cannot
   */
  void continueFromNow(String stuck) throws InterruptedException {
    progress.accept("Change capture cannot go on: " + stuck);
    connector.goOnFromNow();
    progress.accept("Change capture goes on from now");
  }

  boolean isRunning() {
    return asked(false, connector::isRunning);
  }

  /** Whether it has come to a place in the database's log, as far as is known. */
  boolean hasComeTo(LogPlace place) {
    return asked(false, () -> connector.hasComeTo(place));
  }

  /** Where it is in the database's log, for people; empty when that is not known. */
  String place() {
    return asked(
        "", () -> "it is at " + connector.place().map(LogPlace::toString).orElse("no place"));
  }

  /**
   * Has change capture let go of what it reads by an earlier order: one that comes meanwhile would
   * be mixed with that.
   */
  void letGoOfEarlierReadings(RereadRun run) throws InterruptedException {
    Instant deadline = Instant.now().plus(WRITTEN_DOWN_WITHIN);
    Optional<String> earlier = readingOtherThan(run);
    while (earlier.isPresent() && Instant.now().isBefore(deadline)) {
      Thread.sleep(LOOK_EVERY.toMillis());
      earlier = readingOtherThan(run);
    }
    if (earlier.isPresent()) {
      progress.accept(
          "Change capture still reads by the order %s; it lets go of that"
              .formatted(earlier.get()));
      dropReading();
    }
  }

  private Optional<String> readingOtherThan(RereadRun run) {
    return asked(Optional.<String>empty(), connector::reading).filter(id -> !id.equals(run.id()));
  }

  /**
   * Has change capture let go of the tables that it reads again.
   *
   * @throws LakeException when it does not do so in time, or does not answer
   */
  void dropReading() throws InterruptedException {
    try {
      connector.dropReading();
    } catch (IOException e) {
      throw connector.silent(e);
    }
  }

  /** Notices when it has let go of a reading by itself. */
  DroppedReading dropped(RereadRun run) {
    return new DroppedReading(connector, run);
  }

  /**
   * Change capture that is started again continues to read behind the rows that it has sent. When
   * it does not answer, it is about to start anyway.
   */
  void startAgain() {
    asked(
        null,
        () -> {
          connector.restart();
          return null;
        });
  }

  /**
   * Undoes what a command that was killed may have left: it stopped, or its configuration other.
   */
  void takeUpAgain() {
    asked(
        null,
        () -> {
          if (connector.isLeftChanged()) {
            progress.accept("Change capture was left stopped or changed; it goes on as it was");
            connector.takeUpAgain();
          }
          return null;
        });
  }

  private static <T> T asked(T otherwise, Callable<T> question) {
    try {
      return question.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return otherwise;
    } catch (Exception e) {
      // It ends and starts: nothing is known now.
      return otherwise;
    }
  }
}
