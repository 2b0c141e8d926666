/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices that change capture says nothing of a reading any more. It reads a chunk in less than a
 * second, and sends it with the next sign of life in the log; when it could not ask the database
 * for the chunk's place in the log, it waits for that for ever.
 */
final class StandingReading {

  private final RereadState state;
  private final Duration within;
  private long heard = -1;
  private Instant since;

  /**
   * @param within longer than change capture is silent when all is well
   */
  StandingReading(RereadState state, Duration within) {
    this.state = state;
    this.within = within;
  }

  /**
   * Whether it has said nothing for a while; true once for each while.
   *
   * @param now not before that of an earlier question
   */
  boolean isSo(Instant now) {
    if (state.heard() != heard || state.isToldToStop()) {
      heard = state.heard();
      since = now;
    }
    boolean stands = since.plus(within).isBefore(now);
    if (stands) {
      since = now;
    }
    return stands;
  }
}
