/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The columns of the source tables as change capture takes them to be: the newest of each table in
 * Debezium's topic of schema changes. Debezium follows the statements in the database's log, and
 * does not understand all of them.
 */
public final class CapturedColumns {

  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private CapturedColumns() {}

  /**
   * Reads the topic.
   *
   * @param topics of the connector
   * @param database whose tables are asked for
   * @param kafka how Kafka is reached
   * @return the columns of each table in order, by its name; without tables of which the topic
   *     tells nothing, and empty when there is no such topic
   * @throws LakeException when Kafka does not answer
   */
  public static Map<String, List<CapturedColumn>> read(
      CaptureTopics topics, String database, Map<String, Object> kafka) {
    Map<String, List<CapturedColumn>> tables = new HashMap<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(kafka, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topics.schemaChanges(), WITHIN).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      if (!TopicEnd.readTo(
          consumer,
          WITHIN,
          messages -> messages.forEach(message -> hear(message.value(), database, tables)))) {
        throw silent(topics, "not all messages within " + WITHIN.toSeconds() + " s", null);
      }
    } catch (KafkaException e) {
      throw silent(topics, LakeException.rootMessage(e), e);
    }
    return tables;
  }

  private static LakeException silent(CaptureTopics topics, String why, Exception cause) {
    return new LakeException(
        ErrorCode.KAFKA_SILENT,
        "Kafka does not hand out the topic %s: %s".formatted(topics.schemaChanges(), why),
        "Look at the brokers, and at `source: bootstrap-servers:` of the configuration.",
        cause);
  }

  private static void hear(
      String message, String database, Map<String, List<CapturedColumn>> tables) {
    if (message == null) {
      return;
    }
    JsonNode schemaChange;
    try {
      schemaChange = JSON.readTree(message);
    } catch (JsonProcessingException e) {
      // Of somebody else.
      return;
    }
    if (!schemaChange.path("databaseName").asText().equals(database)) {
      return;
    }
    for (JsonNode change : schemaChange.path("tableChanges")) {
      String prefix = "\"" + database + "\".\"";
      String id = change.path("id").asText();
      if (!id.startsWith(prefix)) {
        continue;
      }
      String table = id.substring(prefix.length(), id.length() - 1);
      if (change.path("table").isObject()) {
        tables.put(table, columns(change.path("table").path("columns")));
      } else {
        tables.remove(table);
      }
    }
  }

  private static List<CapturedColumn> columns(JsonNode columns) {
    List<CapturedColumn> all = new ArrayList<>();
    for (JsonNode column : columns) {
      List<String> values = new ArrayList<>();
      column.path("enumValues").forEach(value -> values.add(value.asText()));
      all.add(
          new CapturedColumn(
              column.path("name").asText(),
              column.path("typeName").asText(),
              column.path("charsetName").asText(null),
              values));
    }
    return all;
  }
}
