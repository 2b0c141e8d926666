package io.tidelake.streaming.reread;

import java.time.Duration;
import java.time.Instant;

/**
 * Notices that change capture says nothing of a reading any more. It reads a chunk in less than a
 * second; when it could not ask the database for the chunk's place in the log, it waits for that
 * for ever.
 */
final class StandingReading {

  private static final Duration FOR = Duration.ofSeconds(60);

  private final RereadState state;
  private long heard = -1;
  private Instant since = Instant.now();

  StandingReading(RereadState state) {
    this.state = state;
  }

  /** Whether it has said nothing for a while; true once for each while. */
  boolean isSo() {
    Instant now = Instant.now();
    if (state.heard() != heard || state.isToldToStop()) {
      heard = state.heard();
      since = now;
    }
    boolean stands = since.plus(FOR).isBefore(now);
    if (stands) {
      since = now;
    }
    return stands;
  }
}
