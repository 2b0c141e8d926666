/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import io.tidelake.config.SourceConfig;

/**
 * The topics through which change capture is told to read tables again, and tells how far it is and
 * what it takes the tables' columns for. Each has one partition. Orders and answers should be kept
 * for longer than tables are read, and schema changes for good.
 *
 * @param prefix Debezium's {@code topic.prefix}
 */
public record CaptureTopics(String prefix) {

  /**
   * The topics beside those of the source tables.
   *
   * @param source whose topics are called {@code <topic.prefix>.<database>.<table>}
   */
  public static CaptureTopics of(SourceConfig source) {
    return new CaptureTopics(
        source.topicPrefix().substring(0, Math.max(source.topicPrefix().lastIndexOf('.'), 0)));
  }

  /** Debezium's {@code signal.kafka.topic}. */
  public String signals() {
    return "__debezium-signals." + prefix;
  }

  /** Debezium's {@code notification.sink.topic.name}. */
  public String notifications() {
    return "__debezium-notifications." + prefix;
  }

  /** Where Debezium writes with {@code include.schema.changes}; it has no name of its own. */
  public String schemaChanges() {
    return prefix;
  }
}
