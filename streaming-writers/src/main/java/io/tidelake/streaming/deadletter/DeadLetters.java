package io.tidelake.streaming.deadletter;

import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.OpsTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** The records that could not be used, as the lake keeps them. */
public final class DeadLetters {

  /** The table that keeps them. */
  public static final String TABLE = "ops_dead_letter";

  private static final Comparator<DeadLetter> BY_AGE =
      Comparator.comparing(
          DeadLetter::loggedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));

  private final OpsTable table;

  /**
   * The dead letters of a lake.
   *
   * @throws LakeException when it has no table for them
   */
  public DeadLetters(LakeCatalog catalog) {
    this.table = OpsTable.open(catalog, TABLE);
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
          earlier(other.last, last) == last ? other.last : last);
    }

    private static Instant earlier(Instant one, Instant other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return one.isBefore(other) ? one : other;
    }
  }

  /** How many there are, by table and kind of reason; the largest group first. */
  public List<Group> groups(DeadLetterFilter filter) {
    Map<List<String>, Group> groups = new HashMap<>();
    table.forEach(
        Map.of(),
        row -> {
          DeadLetter letter = DeadLetter.of(row);
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
    table.forEach(
        Map.of(),
        row -> {
          DeadLetter letter = DeadLetter.of(row);
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
   * Deletes letters for good.
   *
   * @return how many
   */
  public long drop(DeadLetterFilter filter) {
    return table.delete(row -> filter.matches(DeadLetter.of(row)));
  }

  /**
   * Deletes the letters of a source up to a version: what they told of has been read again.
   *
   * @param source a topic of the change log, or a table of the lake
   * @return how many
   */
  public long dropUpTo(String source, long version) {
    return table.delete(
        row -> row.get("source").equals(source) && (Long) row.get("row_version") <= version);
  }

  /** A reason without the values of its record. */
  static String kind(String reason) {
    return reason == null
        ? ""
        : reason.replaceAll("'[^']*'", "'…'").replaceAll("\\d+([.,:-]?\\d+)*", "#");
  }
}
