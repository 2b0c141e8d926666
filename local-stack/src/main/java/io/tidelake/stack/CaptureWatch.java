/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.error.LakeException;
import io.tidelake.stack.server.CaptureWorker;
import io.tidelake.streaming.capture.CaptureConnector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps change capture going: its task is started again as often as it fails, with growing pauses,
 * since a database or Kafka that is away ends it. What goes on is said once. Capture that has lost
 * its place is not started again; that must not pass in silence. Neither is a reading at which it
 * fails.
 */
public final class CaptureWatch {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A task that waits for Kafka runs for a minute before it fails. */
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(2);

  private final CaptureConnector connector;
  private final Duration leftAfter;
  private final Path log;
  private final Consumer<String> progress;
  private Duration pause = FIRST_PAUSE;
  private Instant failedAt = Instant.EPOCH;
  private Instant stoppedSince = Instant.now();
  private String said = "";

  /**
   * @param restPort the worker's port
   * @param log the worker's log
   * @param leftAfter when it has been stopped for so long, who stopped it does not come back
   * @param progress is told of failures and that they are over, a line each
   */
  public CaptureWatch(int restPort, Path log, Duration leftAfter, Consumer<String> progress) {
    this.leftAfter = leftAfter;
    this.connector = CaptureWorker.connector(restPort);
    this.log = log;
    this.progress = progress;
  }

  /** Looks once. */
  public void check() throws InterruptedException {
    try {
      Instant now = Instant.now();
      takeUpAgain(now);
      String failure = connector.failure().orElse(null);
      Optional<String> stuck = Optional.ofNullable(failure).flatMap(CaptureConnector::whyStuck);
      if (failure == null) {
        saidIsOver(now);
      } else if (stuck.isPresent()) {
        say(
            "Change capture cannot go on, and changes are missing: %s (%s). Run `lake sources reread --all`: capture goes on from now, and all captured tables are read again. `lake sources check` says what the log has to tell, and for how long it must be kept"
                .formatted(stuck.get(), failure));
      } else if (CaptureConnector.isOfReading(failure)) {
        say(
            "Change capture could not go on reading tables again, since a definition has changed meanwhile (%s). It lets go of them; `lake sources reread` has it begin anew, --resume when it runs no more"
                .formatted(failure));
        failedAt = now;
        connector.dropReading();
      } else if (failedAt.plus(pause).isBefore(now) && connector.changedSince().isEmpty()) {
        say(
            "Change capture has failed: %s. It is started again until it works; its log is %s"
                .formatted(failure, log));
        pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        failedAt = now;
        connector.restart();
      }
    } catch (IOException e) {
      // The worker is busy, or has ended and is started again.
    } catch (LakeException e) {
      say(e.getMessage());
    }
  }

  /**
   * Only commands stop it or change its configuration, and have it go on, unless they are killed.
   */
  private void takeUpAgain(Instant now) throws IOException, InterruptedException {
    if (!connector.state().equals(Optional.of("STOPPED"))) {
      stoppedSince = now;
    }
    Instant left = now.minus(leftAfter);
    if (stoppedSince.isBefore(left)
        || connector.changedSince().filter(since -> since.isBefore(left)).isPresent()) {
      progress.accept("Change capture goes on; a command that was killed had stopped it");
      connector.takeUpAgain();
      stoppedSince = now;
    }
  }

  private void saidIsOver(Instant now) {
    if (!said.isEmpty() && failedAt.plus(HEALTHY_AFTER).isBefore(now)) {
      progress.accept("Change capture works again");
      said = "";
      pause = FIRST_PAUSE;
    }
  }

  private void say(String text) {
    if (!said.equals(text)) {
      progress.accept(text);
      said = text;
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
