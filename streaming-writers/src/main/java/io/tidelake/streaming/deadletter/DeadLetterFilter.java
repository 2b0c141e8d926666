/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.deadletter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which dead letters are meant.
 *
 * @param target the table that they were meant for; NULL for all
 * @param reason a part of their reason; NULL for all
 * @param since only those that entered the log at this time or later; NULL for all
 * @param before only those that entered the log before this time; NULL for all
 */
public record DeadLetterFilter(String target, String reason, Instant since, Instant before) {

  /** All dead letters. */
  public static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null);

  /** Whether a letter is meant. One whose time is not known is meant when no time is asked for. */
  public boolean matches(DeadLetter letter) {
    return (target == null || target.equals(letter.target()))
        && (reason == null || (letter.reason() != null && letter.reason().contains(reason)))
        && (since == null || (letter.loggedAt() != null && !letter.loggedAt().isBefore(since)))
        && (before == null || (letter.loggedAt() != null && letter.loggedAt().isBefore(before)));
  }

  /** The same as a condition in Flink SQL on the rows of {@link DeadLetters#TABLE}. */
  String condition() {
    List<String> conditions = new ArrayList<>(List.of("TRUE"));
    if (target != null) {
      conditions.add("target = " + literal(target));
    }
    if (reason != null) {
      conditions.add("POSITION(" + literal(reason) + " IN reason) > 0");
    }
    if (since != null) {
      conditions.add("logged_at >= " + literal(since));
    }
    if (before != null) {
      conditions.add("logged_at < " + literal(before));
    }
    return String.join(" AND ", conditions);
  }

  /** A text in Flink SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String literal(Instant time) {
    return "TO_TIMESTAMP_LTZ(" + time.toEpochMilli() + ", 3)";
  }
}
