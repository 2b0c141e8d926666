/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import java.time.Instant;
import java.util.List;

/**
 * How the lake is, at one moment: everything that it needs, how far each part has come, and what is
 * wrong. What could not be asked is empty or NULL, and among the problems.
 *
 * @param at the moment
 * @param state what the local stack does; NULL where there is none
 * @param workDir where the data of the local stack lies
 * @param servers the servers of the local stack; none where it does not run
 * @param jobs every job of the configuration, and others on its cluster
 * @param capture change capture
 * @param layers how late each layer is
 * @param tables the tables of the lake
 * @param publisher what shows the tables to Iceberg readers; NULL when none has ever run
 * @param problems what stands still, is late or is refused; none when all is well
 * @param notes what is worth knowing and nothing wrong
 */
public record Health(
    Instant at,
    StackState state,
    String workDir,
    List<Server> servers,
    List<Job> jobs,
    Capture capture,
    List<Layer> layers,
    List<Table> tables,
    Publishing publisher,
    List<Problem> problems,
    List<Problem> notes) {

  /** Whether nothing is wrong. */
  public boolean isWell() {
    return problems.isEmpty();
  }

  /** What a local stack does. */
  public enum StackState {
    /** It does not run. */
    down,
    /** Its servers are being started. */
    starting,
    /** It runs. */
    up
  }

  /**
   * A server of the local stack.
   *
   * @param answers whether something accepts connections at its port
   */
  public record Server(String name, int port, boolean answers) {}

  /**
   * A job.
   *
   * @param state Flink's, or MISSING for one that should run
   * @param id Flink's; NULL when it is missing
   * @param upSeconds since when it is there; 0 when it is missing
   * @param restarts how often it was restarted since; NULL when that is not known
   * @param lastFailure its last failure since it was started; NULL when there was none
   * @param lastFailureAt when that was; NULL when there was none
   * @param checkpointAgeSeconds how old its newest checkpoint is; NULL when there is none
   */
  public record Job(
      String name,
      String state,
      String id,
      long upSeconds,
      Long restarts,
      String lastFailure,
      Instant lastFailureAt,
      Long checkpointAgeSeconds) {}

  /**
   * Change capture.
   *
   * @param connector RUNNING, FAILED or another state of Kafka Connect; NULL when nobody runs it
   *     here
   * @param failure why it has failed; NULL when it has not
   * @param topics the topics of the source tables
   */
  public record Capture(String connector, String failure, List<Topic> topics) {}

  /**
   * The events of one source table.
   *
   * @param lastEventAt when the last one entered the log; NULL when there is none
   * @param backlog how many the jobs have not taken up at their last checkpoint; NULL when the
   *     topic is missing
   */
  public record Topic(String table, String topic, Instant lastEventAt, Long backlog) {}

  /**
   * A layer.
   *
   * @param lakeClock up to which instant, by the source's clock, it has what was committed
   * @param ageSeconds how long ago that was committed
   */
  public record Layer(String name, Instant lakeClock, double ageSeconds) {}

  /**
   * A table.
   *
   * @param snapshot the newest; 0 for none
   * @param writtenAt when it was written last; NULL when it never was
   * @param waitingFiles files at level 0, which wait for the compaction job
   * @param deadLetters records that were meant for it and could not be used
   */
  public record Table(
      String name, long snapshot, Instant writtenAt, long waitingFiles, long deadLetters) {}

  /**
   * The publisher.
   *
   * @param process host and process id
   * @param reportedAt when it reported last
   * @param tables how many it shows
   * @param behind how many of them have a newer snapshot than the one that it shows
   */
  public record Publishing(String process, Instant reportedAt, int tables, int behind) {}

  /**
   * Something that a person should know.
   *
   * @param code for programs: an {@code ErrorCode}, or {@code SOURCE_} and the code of what {@code
   *     lake sources check} finds
   * @param message what it is, with its values
   * @param whatToDo what to type or look at; empty when there is nothing to do
   */
  public record Problem(String code, String message, String whatToDo) {}
}
