/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks Kafka about the topics of source tables: which they are, what they hold, and how far they
 * were read. Offsets are by partition. All questions end with {@code KAFKA_UNREACHABLE} when there
 * is no answer in time.
 */
public final class SourceTopics implements AutoCloseable {

  private final Admin admin;
  private final String servers;
  private final Duration within;

  /**
   * @param kafka how Kafka is reached, as {@link SourceFile#kafka()} says
   * @param within how long each question waits for its answer
   */
  public SourceTopics(Map<String, Object> kafka, Duration within) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) within.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) within.toMillis());
    this.servers = String.valueOf(kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    this.within = within;
    try {
      this.admin = Admin.create(properties);
    } catch (KafkaException e) {
      throw unreachable(e);
    }
  }

  /** Whether there is a topic. */
  public boolean exists(String topic) {
    return find(topic).isPresent();
  }

  /**
   * Kafka's id of a topic, which no other of its name has.
   *
   * @throws LakeException when there is no such topic
   */
  public String id(String topic) {
    return describe(topic).topicId().toString();
  }

  /** Where the oldest messages are that a topic still has. */
  public Map<Integer, Long> beginnings(String topic) {
    return offsets(topic, OffsetSpec.earliest());
  }

  /** Where the next messages of a topic will be. */
  public Map<Integer, Long> ends(String topic) {
    return offsets(topic, OffsetSpec.latest());
  }

  /** When the newest message of a topic was written; empty when it has none. */
  public Optional<Instant> newest(String topic) {
    return ask(topic, OffsetSpec.maxTimestamp()).values().stream()
        .map(ListOffsetsResultInfo::timestamp)
        .filter(timestamp -> timestamp > 0)
        .max(Long::compare)
        .map(Instant::ofEpochMilli);
  }

  /**
   * Where the streaming job goes on, as far as it has said; without partitions of which it has not.
   */
  public Map<Integer, Long> committed(SourceFile source) {
    Map<TopicPartition, OffsetAndMetadata> all =
        answer(admin.listConsumerGroupOffsets(source.group()).partitionsToOffsetAndMetadata());
    Map<Integer, Long> offsets = new TreeMap<>();
    all.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(source.topic()) && offset != null) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  /** How many messages of its topic the streaming job has not read, as far as it has said. */
  public long backlog(SourceFile source) {
    Map<Integer, Long> committed = committed(source);
    Map<Integer, Long> beginnings = beginnings(source.topic());
    return ends(source.topic()).entrySet().stream()
        .mapToLong(
            end -> {
              int partition = end.getKey();
              long next = committed.getOrDefault(partition, beginnings.get(partition));
              return Math.max(0, end.getValue() - next);
            })
        .sum();
  }

  private Map<Integer, Long> offsets(String topic, OffsetSpec which) {
    Map<Integer, Long> offsets = new TreeMap<>();
    ask(topic, which)
        .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
    return offsets;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> ask(String topic, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    describe(topic)
        .partitions()
        .forEach(partition -> asked.put(new TopicPartition(topic, partition.partition()), which));
    return answer(admin.listOffsets(asked).all());
  }

  private TopicDescription describe(String topic) {
    return find(topic)
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.TOPIC_MISSING,
                    "Kafka at %s has no topic %s.".formatted(servers, topic),
                    "Change capture makes it when it starts; `lake sources check` looks at the source."));
  }

  private Optional<TopicDescription> find(String topic) {
    try {
      return Optional.of(wait(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw unreachable(e);
    }
  }

  private <T> T answer(KafkaFuture<T> answer) {
    try {
      return wait(answer);
    } catch (ExecutionException e) {
      throw unreachable(e);
    }
  }

  private <T> T wait(KafkaFuture<T> answer) throws ExecutionException {
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException(
          ErrorCode.INTERRUPTED, "The command was interrupted.", "Run it again.", e);
    } catch (TimeoutException e) {
      throw unreachable(e);
    }
  }

  private LakeException unreachable(Exception cause) {
    return new LakeException(
        ErrorCode.KAFKA_UNREACHABLE,
        "Kafka at %s does not answer: %s".formatted(servers, LakeException.rootMessage(cause)),
        "Look at its log, and at `source: bootstrap-servers:` of the configuration.",
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
