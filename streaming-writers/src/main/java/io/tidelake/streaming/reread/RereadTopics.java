package io.tidelake.streaming.reread;

/**
 * The topics through which change capture is told to read tables again, and tells how far it is.
 * Each has one partition, and should keep its messages for longer than tables are read.
 *
 * @param prefix Debezium's {@code topic.prefix}
 */
public record RereadTopics(String prefix) {

  /** Debezium's {@code signal.kafka.topic}. */
  public String signals() {
    return "__debezium-signals." + prefix;
  }

  /** Debezium's {@code notification.sink.topic.name}. */
  public String notifications() {
    return "__debezium-notifications." + prefix;
  }
}
