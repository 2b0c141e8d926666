package io.tidelake.streaming;

import io.tidelake.tables.TableDefinition;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an {@code INSERT INTO … SELECT …} of a pipeline says: which query makes which table.
 *
 * @param target the table that is written
 * @param query the query whose rows it gets, by position
 */
public record Derivation(String target, String query) {

  private static final Pattern INSERT =
      Pattern.compile("INSERT\\s+INTO\\s+(\\w+)\\s+(SELECT\\b.*)", Pattern.DOTALL);
  private static final Pattern OPEN_DAYS =
      Pattern.compile("\\bIS_OPEN_DAY\\s*\\(", Pattern.CASE_INSENSITIVE);

  /**
   * What an insert says; empty when it names columns: then others may write the rest of the row.
   */
  public static Optional<Derivation> of(String insert) {
    Matcher parts = INSERT.matcher(insert);
    return parts.matches()
        ? Optional.of(new Derivation(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  /**
   * Whether the table holds what its query yields and nothing else, so that a row that the query
   * does not yield any more is wrong. A table with versions holds what won; OPS tables are records.
   *
   * @param table the definition of the target
   */
  public boolean determines(TableDefinition table) {
    return !table.layer().equals("ops")
        && table.sequenceFields().isEmpty()
        && table.columnGroups().isEmpty();
  }

  /** Whether a stream leaves the closed days of the table to batch. */
  public boolean leavesClosedDays() {
    return OPEN_DAYS.matcher(query).find();
  }
}
