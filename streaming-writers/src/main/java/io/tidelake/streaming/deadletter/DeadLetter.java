/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.deadletter;

import java.time.Instant;
import java.util.Map;

/**
 * A record that could not be used.
 *
 * @param target table that the record was meant for
 * @param source where the record lies: a topic of the change log, or a table of the lake
 * @param place which record of the source: partition/offset of a topic, or the key of a row
 * @param reason why it could not be used
 * @param payload the message as text, or the value that could not be used
 * @param version of the record, see the merge law
 * @param loggedAt when the message entered the log; NULL when that is not known
 */
public record DeadLetter(
    String target,
    String source,
    String place,
    String reason,
    String payload,
    long version,
    Instant loggedAt) {

  /** A row of {@link DeadLetters#TABLE}. */
  static DeadLetter of(Map<String, Object> row) {
    return new DeadLetter(
        (String) row.get("target"),
        (String) row.get("source"),
        (String) row.get("place"),
        (String) row.get("reason"),
        (String) row.get("payload"),
        (Long) row.get("row_version"),
        (Instant) row.get("logged_at"));
  }
}
