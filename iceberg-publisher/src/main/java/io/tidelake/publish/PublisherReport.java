/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.Path;

/**
 * What the publisher last said of itself, for those who ask from another process.
 *
 * @param process host and process id
 * @param at when it said so, in ISO-8601; it does so every few seconds
 * @param tables by name
 */
record PublisherReport(String process, String at, Map<String, TableState> tables) {

  /**
   * A table.
   *
   * @param snapshot newest Paimon snapshot of which readers see all that there is to see; 0 for
   *     none
   * @param code of the problem, a text since another release may have written it; NULL when there
   *     is none
   * @param message of the problem
   * @param remedy of the problem
   * @param since when the problem came, in ISO-8601
   */
  record TableState(long snapshot, String code, String message, String remedy, String since) {

    static TableState shown(long snapshot) {
      return new TableState(snapshot, null, null, null, null);
    }
  }

  private static final String FILE = "publisher.json";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Writes it where the publisher's files lie. */
  void write(FileIO files, String location) throws IOException {
    files.overwriteFileUtf8(new Path(location, FILE), JSON.writeValueAsString(this));
  }

  /** The last one; empty when no publisher has ever run, or just writes its report. */
  static Optional<PublisherReport> read(FileIO files, String location) throws IOException {
    try {
      String text = files.readFileUtf8(new Path(location, FILE));
      return Optional.of(JSON.readValue(text, PublisherReport.class));
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  Instant writtenAt() {
    return Instant.parse(at);
  }
}
