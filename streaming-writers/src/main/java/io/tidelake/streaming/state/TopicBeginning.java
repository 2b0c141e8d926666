/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.state;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where a job without state began in a topic.
 *
 * @param id Kafka's id of the topic, which no other of its name has
 * @param offsets of its oldest messages at that time, by partition
 */
public record TopicBeginning(String id, Map<Integer, Long> offsets) {

  public TopicBeginning {
    offsets = new TreeMap<>(offsets);
  }
}
