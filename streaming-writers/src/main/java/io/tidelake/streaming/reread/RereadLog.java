/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.CaptureTopics;
import io.tidelake.streaming.capture.TopicEnd;
import io.tidelake.streaming.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The runs, in Kafka: orders to change capture (Debezium's signals) and its answers (Debezium's
 * notifications). An order that starts a run carries the run in a header, which Debezium does not
 * look at; that a run is about to begin, or is over, lies there too, under a key that Debezium
 * passes over.
 */
final class RereadLog implements AutoCloseable {

  private static final String RUN = "tidelake-reread";
  private static final String ANNOUNCED = "tidelake-reread-announced";
  private static final String STOPPED = "tidelake-reread-stopped";
  private static final String RESUMED = "tidelake-reread-resumed";
  private static final String NO_ORDER = "tidelake";
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CaptureTopics topics;
  private final String database;
  private final TopicPartition signals;
  private final TopicPartition notifications;
  private final KafkaConsumer<String, String> consumer;
  private final KafkaProducer<String, String> producer;
  private final Map<String, RereadState> runs = new LinkedHashMap<>();

  /** Answers that were read before their order. */
  private final Map<String, List<JsonNode>> early = new LinkedHashMap<>();

  /**
   * The runs of a configuration's change capture.
   *
   * @param captured its source tables, at least one
   * @throws LakeException when its topics are missing
   */
  static RereadLog of(LakeConfig config, List<SourceFile> captured) {
    // Debezium names topics <prefix>.<database>.<table>.
    String prefix = config.source().topicPrefix();
    return new RereadLog(
        CaptureTopics.of(config.source()),
        prefix.substring(prefix.lastIndexOf('.') + 1),
        captured.get(0).kafka());
  }

  /**
   * @param topics of the connector
   * @param database whose tables it captures
   * @param kafka how Kafka is reached
   * @throws LakeException when the topics are missing
   */
  private RereadLog(CaptureTopics topics, String database, Map<String, Object> kafka) {
    this.topics = topics;
    this.database = database;
    this.signals = new TopicPartition(topics.signals(), 0);
    this.notifications = new TopicPartition(topics.notifications(), 0);
    Map<String, Object> reading = new HashMap<>(kafka);
    // Who looks for a topic must not make it.
    reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer());
    this.producer = new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer());
    try {
      for (TopicPartition partition : List.of(signals, notifications)) {
        if (consumer.partitionsFor(partition.topic(), WITHIN).isEmpty()) {
          throw notConfigured(partition.topic(), null);
        }
      }
      consumer.assign(List.of(signals, notifications));
      consumer.seekToBeginning(consumer.assignment());
    } catch (KafkaException e) {
      close();
      throw notConfigured(topics.signals() + " or " + topics.notifications(), e);
    } catch (LakeException e) {
      close();
      throw e;
    }
  }

  private static LakeException notConfigured(String topic, Exception cause) {
    return new LakeException(
        ErrorCode.REREAD_NOT_CONFIGURED,
        "Kafka does not answer for the topic " + topic + ".",
        "Create it with one partition and give change capture the signal and notification options"
            + " that docs/sources.md lists under \"Change capture of your own\"; `lake up` has them.",
        cause);
  }

  /** Reads what has come since the last time, all of it when it is the first. */
  void refresh() {
    if (!TopicEnd.readTo(consumer, WITHIN, this::hear)) {
      throw new LakeException(
          ErrorCode.KAFKA_SILENT,
          "Kafka did not hand out all messages of %s within %s."
              .formatted(consumer.assignment(), WITHIN),
          "Look at the brokers, then run the command with --resume.");
    }
  }

  private void hear(ConsumerRecords<String, String> messages) {
    // Runs first: an answer may be polled together with its order.
    messages.records(signals).forEach(this::hearSignal);
    messages.records(notifications).forEach(this::hearNotification);
  }

  private void hearSignal(ConsumerRecord<String, String> message) {
    ifTold(message, STOPPED, RereadState::tellToStop);
    ifTold(message, RESUMED, RereadState::tellToGoOn);
    Header announced = message.headers().lastHeader(ANNOUNCED);
    if (announced != null) {
      RereadRun run = run(announced);
      runs.computeIfAbsent(run.id(), id -> new RereadState(run));
    }
    Header header = message.headers().lastHeader(RUN);
    if (header == null) {
      return;
    }
    if (NO_ORDER.equals(message.key())) {
      Optional.ofNullable(runs.get(text(header))).ifPresent(RereadState::close);
      return;
    }
    RereadRun run = run(header);
    // The order is given again when change capture has let go of it.
    runs.computeIfAbsent(run.id(), id -> new RereadState(run)).order(run);
    Optional.ofNullable(early.remove(run.id()))
        .ifPresent(all -> all.forEach(runs.get(run.id())::hear));
  }

  private static RereadRun run(Header header) {
    String text = text(header);
    try {
      return JSON.readValue(text, RereadRun.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The header of an order cannot be read: " + text, e);
    }
  }

  private void ifTold(
      ConsumerRecord<String, String> message, String header, Consumer<RereadState> order) {
    Optional.ofNullable(message.headers().lastHeader(header))
        .map(run -> runs.get(text(run)))
        .ifPresent(order);
  }

  private void hearNotification(ConsumerRecord<String, String> message) {
    if (message.value() == null) {
      return;
    }
    try {
      JsonNode notification = JSON.readTree(message.value());
      String id = notification.path("id").asText();
      if (!notification.path("aggregate_type").asText().equals("Incremental Snapshot")) {
        return;
      }
      RereadState state = runs.get(id);
      if (state == null) {
        early.computeIfAbsent(id, none -> new ArrayList<>()).add(notification);
      } else {
        state.hear(notification);
      }
    } catch (JsonProcessingException e) {
      // Of somebody else.
    }
  }

  /** The run that is not over. Of two that were announced at the same time, the first. */
  Optional<RereadState> open() {
    return runs.values().stream().filter(run -> !run.isClosed()).findFirst();
  }

  /** Writes down that a run is about to begin, before anything is done for it. */
  RereadState announce(RereadRun run) {
    return announce(run, "announced", new RecordHeaders());
  }

  /** The same for what is left of another run, which is over with it. */
  RereadState announceAfter(RereadRun earlier, RereadRun run) {
    return announce(
        run,
        "announced after " + earlier.id(),
        new RecordHeaders(List.of(header(RUN, earlier.id()))));
  }

  private RereadState announce(RereadRun run, String what, Headers headers) {
    headers.add(header(ANNOUNCED, text(run)));
    sendNoOrder(run, what, headers);
    refresh();
    return runs.get(run.id());
  }

  /** Has change capture begin with a run. */
  void start(RereadRun run) {
    ObjectNode data = JSON.createObjectNode().put("type", "INCREMENTAL");
    for (String table : run.names()) {
      data.withArray("data-collections").add(literally(table));
      if (run.where() != null) {
        data.withArray("additional-conditions")
            .addObject()
            .put("data-collection", literally(table))
            .put("filter", run.where());
      }
    }
    send(run.id(), "execute-snapshot", data, RUN, text(run));
  }

  /** Has change capture stop reading; what it has read stays, and it can go on. */
  void pause(RereadRun run) {
    ObjectNode data = JSON.createObjectNode().put("type", "INCREMENTAL");
    send(run.id() + "-pause", "pause-snapshot", data, STOPPED, run.id());
  }

  /**
   * Writes down that change capture is to go on reading. Debezium's own order for that is not used:
   * it would read the next rows among those that it has read and not sent yet, and would not see
   * any more which of these have changed since.
   */
  void goOn(RereadRun run) {
    sendNoOrder(run, "to go on", new RecordHeaders(List.of(header(RESUMED, run.id()))));
  }

  /** Writes down that nothing is left to do for a run. */
  void close(RereadRun run) {
    sendNoOrder(run, "over", new RecordHeaders(List.of(header(RUN, run.id()))));
  }

  private void sendNoOrder(RereadRun run, String what, Headers headers) {
    String value = text(Map.of(run.id(), what));
    send(new ProducerRecord<>(topics.signals(), 0, NO_ORDER, value, headers));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Gives change capture an order.
   *
   * @param header for other commands, which read it too
   * @param value of the header
   */
  private void send(String id, String type, ObjectNode data, String header, String value) {
    ObjectNode signal = JSON.createObjectNode().put("id", id).put("type", type);
    signal.set("data", data);
    ProducerRecord<String, String> message =
        new ProducerRecord<>(topics.signals(), 0, topics.prefix(), text(signal));
    message.headers().add(header(header, value));
    send(message);
  }

  private void send(ProducerRecord<String, String> message) {
    try {
      producer.send(message).get(WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException(
          ErrorCode.INTERRUPTED, "The command was interrupted.", "Run it again.", e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LakeException(
          ErrorCode.ORDER_NOT_SENT,
          "Kafka did not take an order for change capture: " + LakeException.rootMessage(e),
          "Look at the brokers and at who may write to " + topics.signals() + ".",
          e);
    }
  }

  /** Debezium takes names for regular expressions. */
  private String literally(String table) {
    return (database + "." + table).replaceAll("[^\\w.]", "\\\\$0");
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(1));
    producer.close(Duration.ofSeconds(1));
  }
}
