/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.source.SourceFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tables of the source that are read again together. It lies in Kafka beside the order that starts
 * it, so that any command can resume it.
 *
 * @param id its name; Debezium's answers carry it
 * @param asOfMicros when it began by the source's own clock, in microseconds since 1970: what a
 *     table of the lake has from before, and the source has not, is deleted as of then. 0 before
 * @param where which rows are read, as SQL of the source; NULL for all
 * @param stuck why change capture cannot continue from its place in the database's log, so that
 *     changes of all tables are missing until this is over; NULL when it can
 * @param tables what is read
 */
record RereadRun(String id, long asOfMicros, String where, String stuck, List<Table> tables) {

  /**
   * A table that is read again.
   *
   * @param name the table of the source
   * @param topic where its events go
   * @param from the offsets, by partition, at which the topic ended when it began
   */
  record Table(String name, String topic, Map<Integer, Long> from) {}

  /** One of which change capture knows nothing yet. */
  static RereadRun announced(String where, String stuck, List<SourceFile> tables) {
    return new RereadRun(
        newId(),
        0,
        where,
        stuck,
        tables.stream().map(table -> new Table(table.table(), table.topic(), Map.of())).toList());
  }

  /** Another of some of its tables, of which change capture knows nothing yet. */
  RereadRun of(Set<String> names) {
    return new RereadRun(
        newId(),
        0,
        where,
        stuck,
        tables.stream().filter(table -> names.contains(table.name())).toList());
  }

  /** The same anew, since change capture cannot continue from its place. */
  RereadRun stuckBecause(String why) {
    return new RereadRun(newId(), 0, where, why, tables);
  }

  private static String newId() {
    return "reread-" + UUID.randomUUID();
  }

  /** The same, as it begins. */
  RereadRun ordered(long begunMicros, Map<String, Map<Integer, Long>> ends) {
    return new RereadRun(
        id,
        begunMicros,
        where,
        stuck,
        tables.stream()
            .map(table -> new Table(table.name(), table.topic(), ends.get(table.topic())))
            .toList());
  }

  /** Whether change capture has been told to begin. */
  @JsonIgnore
  boolean isOrdered() {
    return asOfMicros != 0;
  }

  List<String> names() {
    return tables.stream().map(Table::name).toList();
  }

  /** When it began by the source's own clock, for people. */
  String asOf() {
    return Instant.EPOCH.plus(asOfMicros, ChronoUnit.MICROS).toString();
  }

  /** What to type while it is not over; it is not given up while changes are missing. */
  String remedy() {
    return "`lake sources reread --resume` resumes it"
        + (stuck == null ? ", `lake sources reread --abandon` gives it up." : ".");
  }

  /** The error of what cannot be done since this is not over. */
  LakeException notOver() {
    return new LakeException(
        ErrorCode.REREAD_RUNNING,
        "The reading of %s%s is not over."
                .formatted(
                    String.join(", ", names()), isOrdered() ? " that began at " + asOf() : "")
            + (stuck == null
                ? ""
                : " Changes of all tables are missing until it is, since change capture could not go on: "
                    + stuck
                    + "."),
        remedy());
  }
}
