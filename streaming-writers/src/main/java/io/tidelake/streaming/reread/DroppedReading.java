/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.streaming.capture.CaptureConnector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that change capture has let go of a reading: its place in the log, which it writes down
 * every second, tells which reading goes with it.
 */
final class DroppedReading {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  /** The place may be older than what capture has said. */
  private static final Duration FOR = Duration.ofSeconds(15);

  private final CaptureConnector capture;
  private final String id;
  private Instant lastLook = Instant.now();
  private Instant missingSince;

  DroppedReading(CaptureConnector capture, RereadRun run) {
    this.capture = capture;
    this.id = run.id();
  }

  /**
   * Whether change capture works and has not had this reading for a while; looks when it is time.
   */
  boolean isSo() {
    if (lastLook.plus(LOOK_EVERY).isBefore(Instant.now())) {
      lastLook = Instant.now();
      if (!isMissing()) {
        missingSince = null;
      } else if (missingSince == null) {
        missingSince = lastLook;
      }
    }
    return missingSince != null && missingSince.plus(FOR).isBefore(lastLook);
  }

  private boolean isMissing() {
    try {
      return capture.isRunning() && !capture.reading().equals(Optional.of(id));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      // Capture ends and starts: nothing is known now.
      return false;
    }
  }
}
