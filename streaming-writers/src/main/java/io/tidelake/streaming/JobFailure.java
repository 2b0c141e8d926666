package io.tidelake.streaming;

import java.time.Instant;
import java.util.List;

/**
 * One failure of a job.
 *
 * @param at when it happened, by the cluster's clock
 * @param stackTrace what Flink keeps of it
 */
public record JobFailure(Instant at, String stackTrace) {

  private static final String CAUSED_BY = "Caused by: ";

  /** The deepest message, with its exception's type. */
  public String message() {
    List<String> causes = causes();
    return causes.isEmpty() ? "no reason is known" : causes.get(causes.size() - 1);
  }

  /** The chain of causes, the outermost first: the type of each, and its message's first line. */
  List<String> causes() {
    return stackTrace
        .lines()
        .filter(line -> line.startsWith(CAUSED_BY) || line.matches("[\\w$]+(\\.[\\w$]+)+(:.*)?"))
        .map(line -> line.startsWith(CAUSED_BY) ? line.substring(CAUSED_BY.length()) : line)
        .toList();
  }
}
