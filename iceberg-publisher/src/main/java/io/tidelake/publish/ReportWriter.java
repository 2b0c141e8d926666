/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import io.tidelake.error.LakeException;
import io.tidelake.publish.PublisherReport.TableState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.paimon.fs.FileIO;

/** Writes the publisher's report: whenever it says something else, and else every few seconds. */
final class ReportWriter {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final FileIO files;
  private final String location;
  private final Consumer<String> events;
  private final Clock clock;
  private Instant reported = Instant.EPOCH;
  private Map<String, TableState> lastReport = Map.of();

  /**
   * @param location the folder of all that the publisher writes
   * @param events is told when the report cannot be written
   */
  ReportWriter(FileIO files, String location, Consumer<String> events, Clock clock) {
    this.files = files;
    this.location = location;
    this.events = events;
    this.clock = clock;
  }

  /** Writes the report unless the last one is young and says the same. */
  void writeIfDue(Map<String, TableState> states) {
    if (!states.equals(lastReport) || !reported.plus(INTERVAL).isAfter(clock.instant())) {
      write(states);
    }
  }

  /** Writes the report. A failure is told, and otherwise of no consequence. */
  void write(Map<String, TableState> states) {
    Instant now = clock.instant();
    String process = host() + " process " + ProcessHandle.current().pid();
    try {
      new PublisherReport(process, now.toString(), states).write(files, location);
      lastReport = states;
      reported = now;
    } catch (IOException e) {
      events.accept("Cannot write the publisher's report: " + LakeException.rootMessage(e));
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }
}
