/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * What part of a topic is read.
 *
 * @param bounded whether the read ends
 * @param from first offset by partition; empty for what the topic begins with
 * @param to offset by partition before which a bounded read ends; empty for what the topic holds
 *     when the job starts
 */
record ChangeLogRange(boolean bounded, Map<Integer, Long> from, Map<Integer, Long> to) {

  OffsetsInitializer offsets(String topic, Map<Integer, Long> offsets) {
    Map<TopicPartition, Long> places = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> places.put(new TopicPartition(topic, partition), offset));
    return OffsetsInitializer.offsets(places, OffsetResetStrategy.NONE);
  }
}
