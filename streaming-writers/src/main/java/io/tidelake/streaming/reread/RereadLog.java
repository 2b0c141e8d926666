package io.tidelake.streaming.reread;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidelake.streaming.capture.CaptureTopics;
import io.tidelake.streaming.capture.TopicEnd;
import io.tidelake.tables.LakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The runs, in Kafka: orders to change capture (Debezium's signals) and its answers (Debezium's
 * notifications). An order that starts a run carries the run in a header, which Debezium does not
 * look at; that a run is over lies there too, under a key that Debezium passes over.
 */
final class RereadLog implements AutoCloseable {

  private static final String RUN = "tidelake-reread";
  private static final String STOPPED = "tidelake-reread-stopped";
  private static final String RESUMED = "tidelake-reread-resumed";
  private static final String GIVEN_UP = "tidelake-reread-given-up";
  private static final String OVER = "tidelake";
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
   * @param topics of the connector
   * @param database whose tables it captures
   * @param kafka how Kafka is reached
   * @throws LakeException when the topics are missing
   */
  RereadLog(CaptureTopics topics, String database, Map<String, Object> kafka) {
    this.topics = topics;
    this.database = database;
    this.signals = new TopicPartition(topics.signals(), 0);
    this.notifications = new TopicPartition(topics.notifications(), 0);
    this.consumer = new KafkaConsumer<>(kafka, new StringDeserializer(), new StringDeserializer());
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
        "REREAD_NOT_CONFIGURED",
        "Kafka does not answer for the topic " + topic + ".",
        "Create it with one partition and give change capture the signal and notification options"
            + " that the README lists under \"With your own MySQL and Kafka\"; `lake up` has them.",
        cause);
  }

  /** Reads what has come since the last time, all of it when it is the first. */
  void refresh() {
    if (!TopicEnd.readTo(consumer, WITHIN, this::hear)) {
      throw new LakeException(
          "KAFKA_SILENT",
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
    ifTold(message, GIVEN_UP, RereadState::giveUp);
    Header header = message.headers().lastHeader(RUN);
    if (header == null) {
      return;
    }
    String text = text(header);
    if (OVER.equals(message.key())) {
      Optional.ofNullable(runs.get(text)).ifPresent(RereadState::close);
      return;
    }
    try {
      RereadRun run = JSON.readValue(text, RereadRun.class);
      // The order is given again when change capture has let go of it.
      RereadState state = runs.computeIfAbsent(run.id(), id -> new RereadState(run));
      Optional.ofNullable(early.remove(run.id())).ifPresent(all -> all.forEach(state::hear));
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

  /** A run that was started. */
  RereadState run(String id) {
    return runs.get(id);
  }

  /** The run that is not over; the last of them. */
  Optional<RereadState> open() {
    return runs.values().stream().filter(run -> !run.isClosed()).reduce((one, later) -> later);
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
    send(run.id() + "-pause", "pause-snapshot", incremental(), STOPPED, run.id());
  }

  /** Has change capture go on reading. */
  void resume(RereadRun run) {
    send(run.id() + "-resume", "resume-snapshot", incremental(), RESUMED, run.id());
  }

  /** Has change capture give up reading. */
  void stop(RereadRun run) {
    ObjectNode data = incremental();
    run.names().forEach(table -> data.withArray("data-collections").add(literally(table)));
    send(run.id() + "-stop", "stop-snapshot", data, GIVEN_UP, run.id());
  }

  /** Writes down that nothing is left to do for a run. */
  void close(RereadRun run) {
    ProducerRecord<String, String> message =
        new ProducerRecord<>(topics.signals(), 0, OVER, "{\"over\":" + text(run.id()) + "}");
    message.headers().add(RUN, run.id().getBytes(StandardCharsets.UTF_8));
    send(message);
  }

  private static ObjectNode incremental() {
    return JSON.createObjectNode().put("type", "INCREMENTAL");
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
    message.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
    send(message);
  }

  private void send(ProducerRecord<String, String> message) {
    try {
      producer.send(message).get(WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException("INTERRUPTED", "The command was interrupted.", "Run it again.", e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LakeException(
          "ORDER_NOT_SENT",
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
