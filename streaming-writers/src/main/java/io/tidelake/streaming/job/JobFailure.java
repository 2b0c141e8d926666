/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.flink.util.ExceptionUtils;

/**
 * One failure of a job.
 *
 * @param at when it happened, by the cluster's clock
 * @param stackTrace what Flink keeps of it
 */
public record JobFailure(Instant at, String stackTrace) {

  private static final String CAUSED_BY = "Caused by: ";

  /** What is thrown when a place or a file that the state refers to is not there any more. */
  private static final Set<String> OF_LOST_STATE =
      Set.of(
          // The snapshot to go on from has expired.
          "org.apache.paimon.table.source.OutOfRangeException",
          // A file of an expired snapshot that was about to be read, or of the checkpoint itself.
          "java.io.FileNotFoundException",
          "java.nio.file.NoSuchFileException",
          // State that another program wrote.
          "org.apache.flink.util.StateMigrationException",
          "java.io.InvalidClassException");

  /** Here Flink maps the state of a checkpoint to the operators of a job. */
  private static final String MAPS_STATE = "\tat org.apache.flink.runtime.checkpoint.Checkpoints.";

  /** What is thrown there for an operator that the job does not have. */
  private static final String NOT_MAPPED = "java.lang.IllegalStateException";

  /** What Paimon's compaction says of a table that was changed after the job was planned. */
  private static final String PLANNED_BEFORE_A_CHANGE = "is larger than the base schema id";

  /** A failure that a command was told of, now. */
  static JobFailure of(Throwable error) {
    return new JobFailure(Instant.now(), ExceptionUtils.stringifyException(error));
  }

  /**
   * Whether it says that the job's state is of no use: it refers to what is not there any more, or
   * does not fit the job, or the job does not fit its tables any more, which only a new start
   * mends. Told by the types in the chain of causes, and where Paimon throws no type of its own by
   * its message. Messages that Kafka has removed are another matter: without state the job would go
   * on behind a gap.
   */
  public boolean isOfLostState() {
    List<String> types = types();
    return types.stream().anyMatch(OF_LOST_STATE::contains)
        || (types.contains(NOT_MAPPED) && stackTrace.contains(MAPS_STATE))
        || causes().stream().anyMatch(cause -> cause.contains(PLANNED_BEFORE_A_CHANGE));
  }

  /**
   * Whether the cluster met it, and not the command that plans the job: a file that is missing
   * there says nothing of the job's state.
   */
  boolean isOfTheCluster() {
    return stackTrace.contains("\tat org.apache.flink.runtime.");
  }

  private List<String> types() {
    return causes().stream().map(cause -> cause.replaceFirst(":.*", "")).toList();
  }

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
