package io.tidelake.streaming.pipeline;

import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an {@code INSERT INTO … SELECT …} of a pipeline says: which query makes which table.
 *
 * @param target the table that is written
 * @param query the query whose rows it gets, by position
 * @param views the statements that make the pipeline's views which the query names, itself or
 *     through other views
 */
public record Derivation(String target, String query, List<String> views) {

  private static final Pattern INSERT =
      Pattern.compile("INSERT\\s+INTO\\s+(\\w+)\\s+(SELECT\\b.*)", Pattern.DOTALL);
  private static final Pattern VIEW =
      Pattern.compile(
          "CREATE\\s+(?:OR\\s+REPLACE\\s+)?TEMPORARY\\s+VIEW\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?`?(\\w+)`?\\s.*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern OPEN_DAYS =
      Pattern.compile("\\bIS_OPEN_DAY\\s*\\(", Pattern.CASE_INSENSITIVE);

  public Derivation {
    views = List.copyOf(views);
  }

  /**
   * What an insert says; empty when it names columns: then others may write the rest of the row.
   */
  public static Optional<Derivation> of(String insert) {
    return of(insert, List.of());
  }

  /**
   * The same for an insert of a pipeline with views.
   *
   * @param statements the pipeline's other statements
   */
  static Optional<Derivation> of(String insert, Collection<String> statements) {
    Matcher parts = INSERT.matcher(insert);
    return parts.matches()
        ? Optional.of(
            new Derivation(
                parts.group(1), parts.group(2), viewsNamedBy(parts.group(2), statements)))
        : Optional.empty();
  }

  /** A word is taken for a view's name wherever it stands: a view too many does no harm. */
  private static List<String> viewsNamedBy(String query, Collection<String> statements) {
    Map<String, String> unnamed = new TreeMap<>();
    for (String statement : statements) {
      Matcher view = VIEW.matcher(statement);
      if (view.matches()) {
        unnamed.put(view.group(1), statement);
      }
    }
    List<String> named = new ArrayList<>();
    List<String> texts = List.of(query);
    while (!texts.isEmpty()) {
      List<String> from = texts;
      List<String> found =
          unnamed.keySet().stream()
              .filter(
                  view ->
                      from.stream()
                          .anyMatch(text -> Pipeline.naming(List.of(view)).matcher(text).find()))
              .toList();
      texts = found.stream().map(unnamed::remove).toList();
      named.addAll(texts);
    }
    return named;
  }

  /** Both queries together, for a table that several inserts make. */
  public Derivation unionAll(Derivation other) {
    return new Derivation(
        target,
        query + "\nUNION ALL\n" + other.query,
        Stream.concat(views.stream(), other.views.stream()).distinct().toList());
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

  /**
   * Whether a stream leaves the closed days of the table to batch: the query says so, or a view
   * that it reads. OPS tables are records, which nobody computes anew.
   */
  public boolean leavesClosedDays() {
    return !OpsTable.isOne(target)
        && Stream.concat(Stream.of(query), views.stream())
            .anyMatch(text -> OPEN_DAYS.matcher(text).find());
  }
}
