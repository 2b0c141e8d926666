/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.deadletter;

import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The records that could not be used, as the lake keeps them. One that is settled is not shown any
 * more, also when a job reads the log anew and tells of it again.
 */
public final class DeadLetters {

  /** The table that keeps them. */
  public static final String TABLE = "ops_dead_letter";

  /** The table that says which of them are settled. */
  static final String SETTLED = "ops_settled_letter";

  private static final Comparator<DeadLetter> BY_AGE =
      Comparator.comparing(
          DeadLetter::loggedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));

  private final OpsTable table;
  private final OpsTable settled;

  /**
   * The dead letters of a lake.
   *
   * @throws LakeException when it has no table for them
   */
  public DeadLetters(LakeCatalog catalog) {
    this.table = OpsTable.open(catalog, TABLE);
    this.settled = OpsTable.open(catalog, SETTLED);
  }

  /** Which record a letter is of. */
  private record Key(String target, String source, String place) {

    static Key of(Map<String, Object> row) {
      return new Key(
          (String) row.get("target"), (String) row.get("source"), (String) row.get("place"));
    }
  }

  private void forEachOpen(Consumer<DeadLetter> action) {
    Predicate<Map<String, Object>> isSettled = isSettled();
    table.forEach(
        Map.of(),
        row -> {
          if (!isSettled.test(row)) {
            action.accept(DeadLetter.of(row));
          }
        });
  }

  /** Of rows of the table of letters, by what is settled now. */
  private Predicate<Map<String, Object>> isSettled() {
    Map<Key, Long> settledUpTo = new HashMap<>();
    settled.forEach(Map.of(), row -> settledUpTo.put(Key.of(row), (Long) row.get("row_version")));
    return row ->
        settledUpTo.getOrDefault(Key.of(row), Long.MIN_VALUE) >= (Long) row.get("row_version");
  }

  /**
   * Letters of one table that could not be used for the same kind of reason.
   *
   * @param target table that they were meant for
   * @param reason theirs, with {@code #} for numbers and {@code '…'} for texts that differ
   * @param count how many
   * @param first when the oldest of them entered the log; NULL when that is not known
   * @param last when the newest of them entered the log; NULL when that is not known
   */
  public record Group(String target, String reason, long count, Instant first, Instant last) {

    private Group and(Group other) {
      return new Group(
          target,
          reason,
          count + other.count,
          earlier(first, other.first),
          later(last, other.last));
    }

    private static Instant earlier(Instant one, Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isAfter(other) ? one : other;
    }
  }

  /** How many there are, by table and kind of reason; the largest group first. */
  public List<Group> groups(DeadLetterFilter filter) {
    Map<List<String>, Group> groups = new HashMap<>();
    forEachOpen(
        letter -> {
          if (filter.matches(letter)) {
            Group group =
                new Group(
                    letter.target(),
                    kind(letter.reason()),
                    1,
                    letter.loggedAt(),
                    letter.loggedAt());
            groups.merge(List.of(group.target(), group.reason()), group, Group::and);
          }
        });
    return groups.values().stream()
        .sorted(
            Comparator.comparingLong(Group::count)
                .reversed()
                .thenComparing(Group::target)
                .thenComparing(Group::reason))
        .toList();
  }

  /**
   * The newest letters, the newest first.
   *
   * @param limit how many at most
   */
  public List<DeadLetter> newest(DeadLetterFilter filter, int limit) {
    PriorityQueue<DeadLetter> newest = new PriorityQueue<>(BY_AGE);
    forEachOpen(
        letter -> {
          if (filter.matches(letter)) {
            newest.add(letter);
            if (newest.size() > limit) {
              newest.poll();
            }
          }
        });
    List<DeadLetter> letters = new ArrayList<>(newest);
    letters.sort(BY_AGE.reversed());
    return letters;
  }

  /**
   * Settles letters, whose records nobody wants, and deletes what they say.
   *
   * @return how many
   */
  public long drop(DeadLetterFilter filter) {
    return settle(filter::matches);
  }

  /**
   * The same for the letters of a source up to a version: what they told of has been read again.
   *
   * @param source a topic of the change log, or a table of the lake
   * @param targets the tables whose letters are settled
   * @return how many are left of other tables
   */
  public long dropUpTo(String source, long version, Set<String> targets) {
    Predicate<DeadLetter> told =
        letter -> letter.source().equals(source) && letter.version() <= version;
    settle(letter -> told.test(letter) && targets.contains(letter.target()));
    AtomicLong left = new AtomicLong();
    forEachOpen(
        letter -> {
          if (told.test(letter)) {
            left.incrementAndGet();
          }
        });
    return left.get();
  }

  private long settle(Predicate<DeadLetter> which) {
    List<Map<String, Object>> settling = new ArrayList<>();
    forEachOpen(
        letter -> {
          if (which.test(letter)) {
            settling.add(
                Map.of(
                    "target", letter.target(),
                    "source", letter.source(),
                    "place", letter.place(),
                    "row_version", letter.version(),
                    "settled_at", Instant.now()));
          }
        });
    if (!settling.isEmpty()) {
      settled.write(settling);
    }
    deleteSettled();
    return settling.size();
  }

  /** Deletes what settled letters say, also of those that were told of again. */
  void deleteSettled() {
    table.delete(isSettled());
  }

  /** A reason without the values of its record. */
  static String kind(String reason) {
    return reason == null
        ? ""
        : reason.replaceAll("'[^']*'", "'…'").replaceAll("\\d+([.,:-]?\\d+)*", "#");
  }
}
