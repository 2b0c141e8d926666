/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Waits for what a reading needs next, as long as something moves, and tells people what for. What
 * is waited for mostly shows in the log, so the log is read before each look.
 */
final class RereadWait {

  /** Within which an order is taken up, by change capture or by the command that is to give it. */
  static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(90);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  private final RereadLog log;
  private final Duration patience;
  private final Consumer<String> progress;

  /**
   * @param patience how long to wait while nothing moves, if not told otherwise
   * @param progress is told every few seconds what is waited for
   */
  RereadWait(RereadLog log, Duration patience, Consumer<String> progress) {
    this.log = log;
    this.patience = patience;
    this.progress = progress;
  }

  /** Waits for something of which nothing shows before it is there. */
  void until(String what, BooleanSupplier done) throws InterruptedException {
    until(what, done, () -> "");
  }

  /**
   * Waits as long as something moves.
   *
   * @param what is waited for, for people
   * @param moving how far it is, as text
   */
  void until(String what, BooleanSupplier done, Supplier<String> moving)
      throws InterruptedException {
    until(what, patience, done, moving);
  }

  /**
   * The same with another patience.
   *
   * @param within how long to wait while nothing moves
   * @throws LakeException when nothing has moved for that long
   */
  void until(String what, Duration within, BooleanSupplier done, Supplier<String> moving)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(within);
    Instant told = Instant.now();
    String before = "";
    log.refresh();
    while (!done.getAsBoolean()) {
      String now = moving.get();
      if (!now.equals(before)) {
        before = now;
        deadline = Instant.now().plus(within);
      }
      if (Instant.now().isAfter(deadline)) {
        throw standsStill(
            "Waited %d s for %s; nothing moved. %s"
                .formatted(within.toSeconds(), what, now)
                .strip());
      }
      if (told.plus(TELL_EVERY).isBefore(Instant.now())) {
        told = Instant.now();
        progress.accept(("Waiting for " + what + "; " + now).replaceFirst("; $", ""));
      }
      Thread.sleep(LOOK_EVERY.toMillis());
      log.refresh();
    }
  }

  /** The error of a reading that comes no further. */
  static LakeException standsStill(String why) {
    return new LakeException(
        ErrorCode.REREAD_STANDS_STILL,
        why,
        "Look at change capture and at `lake stream list`; then resume with"
            + " `lake sources reread --resume`.");
  }
}
