/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads topics up to where they end now. */
public final class TopicEnd {

  private static final Duration POLL = Duration.ofMillis(200);

  private TopicEnd() {}

  /**
   * Reads on from where the consumer is.
   *
   * @param within the longest time
   * @param reader gets the messages as they come
   * @return whether all have come in that time
   * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
   */
  public static boolean readTo(
      KafkaConsumer<String, String> consumer,
      Duration within,
      Consumer<ConsumerRecords<String, String>> reader) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), within);
    Instant deadline = Instant.now().plus(within);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey(), within) < end.getValue())) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      reader.accept(consumer.poll(POLL));
    }
    return true;
  }
}
