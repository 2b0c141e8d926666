/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far a run is, by what change capture says of it. */
final class RereadState {

  /** Debezium's word for a table whose rows the database did not hand out. */
  static final String NOT_ANSWERED = "SQL_EXCEPTION";

  /**
   * What became of a table.
   *
   * @param status Debezium's word: SUCCEEDED, EMPTY, or why it could not be read
   */
  private record Scan(String status) {

    boolean succeeded() {
      return status.equals("SUCCEEDED") || status.equals("EMPTY");
    }
  }

  private RereadRun run;
  private final Map<String, Scan> scans = new LinkedHashMap<>();
  private boolean started;
  private boolean toldToStop;
  private boolean paused;
  private boolean read;
  private boolean closed;
  private String progress = "";
  private long heard;

  RereadState(RereadRun run) {
    this.run = run;
  }

  RereadRun run() {
    return run;
  }

  /** Change capture is told to begin. When two commands do so, what the first has said counts. */
  void order(RereadRun begun) {
    if (!run.isOrdered()) {
      run = begun;
    }
  }

  /** Whether change capture has taken up the order. */
  boolean isStarted() {
    return started;
  }

  /** Whether somebody has told change capture to stop reading, and nobody to resume. */
  boolean isToldToStop() {
    return toldToStop;
  }

  /** Whether all tables have been read. */
  boolean isRead() {
    return read;
  }

  /**
   * Whether change capture reads nothing of it: all is read, it is over or stopped for now. What it
   * says of orders that were revoked meanwhile does not count: it takes orders up late, and again
   * when it was killed.
   */
  boolean isAtRest() {
    return read || closed || (paused && toldToStop);
  }

  /** Whether it is over: nothing is left to do for it. */
  boolean isClosed() {
    return closed;
  }

  /**
   * Makes sure that nobody has given the reading up.
   *
   * @throws LakeException when somebody has, or it is over otherwise
   */
  void requireNotGivenUp() {
    if (closed) {
      throw new LakeException(
          ErrorCode.REREAD_ABANDONED,
          "The reading of " + String.join(", ", run.names()) + " was given up.",
          "What was read stays. `lake sources reread TABLE` begins anew.");
    }
  }

  /** The tables whose rows have all been read. */
  List<RereadRun.Table> readTables() {
    return run.tables().stream()
        .filter(table -> scans.containsKey(table.name()) && scans.get(table.name()).succeeded())
        .toList();
  }

  /** Whether change capture gave a table up since the source database did not answer. */
  boolean isInterrupted() {
    return failedTables().containsValue(NOT_ANSWERED);
  }

  /** The tables that change capture could not read, with its word for why, once all are read. */
  Map<String, String> failedTables() {
    Map<String, String> failed = new LinkedHashMap<>();
    for (String table : run.names()) {
      Scan scan = scans.get(table);
      if (scan == null || !scan.succeeded()) {
        failed.put(table, scan == null ? "it is not captured" : scan.status());
      }
    }
    return failed;
  }

  /** The last key that was read of how many, as text; empty before the first. */
  String progress() {
    return progress;
  }

  /** How many answers have come: it stands still while this does. */
  long heard() {
    return heard;
  }

  /** The same, for people. */
  String answers() {
    return "answers so far: " + heard;
  }

  /** Somebody tells change capture to stop reading for now. */
  void tellToStop() {
    toldToStop = true;
  }

  /** Somebody tells change capture to resume. It may never say that it does. */
  void tellToGoOn() {
    toldToStop = false;
    paused = false;
  }

  void close() {
    closed = true;
  }

  /** Takes one of Debezium's notifications. */
  void hear(JsonNode notification) {
    JsonNode data = notification.path("additional_data");
    heard++;
    // It says no STARTED of what it takes up while it still reads something else.
    started = true;
    switch (notification.path("type").asText()) {
      case "IN_PROGRESS" -> {
        paused = false;
        progress =
            "%s up to key %s of %s"
                .formatted(
                    tableOf(data.path("current_collection_in_progress").asText()),
                    data.path("last_processed_key").asText(),
                    data.path("maximum_key").asText());
      }
      case "TABLE_SCAN_COMPLETED" ->
          scans.put(
              tableOf(data.path("scanned_collection").asText()),
              new Scan(data.path("status").asText()));
      case "PAUSED" -> paused = true;
      case "RESUMED" -> paused = false;
      case "COMPLETED" -> read = true;
      case "ABORTED" -> closed = true;
      default -> {
        // Says nothing about how far it is.
      }
    }
  }

  private static String tableOf(String collection) {
    return collection.substring(collection.indexOf('.') + 1);
  }
}
