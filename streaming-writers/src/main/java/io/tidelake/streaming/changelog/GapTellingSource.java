/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/**
 * Kafka's source; when a topic has not any more what comes next, or is another topic of the same
 * name, it fails with what to do about it.
 */
final class GapTellingSource implements Source<RowData, KafkaPartitionSplit, TopicPlace> {

  private static final long serialVersionUID = 1L;

  private static final long KAFKA_SECONDS = 60;

  private final KafkaSource<RowData> kafka;
  private final String topic;
  private final Properties properties;

  /**
   * @param properties how Kafka is reached
   */
  GapTellingSource(KafkaSource<RowData> kafka, String topic, Properties properties) {
    this.kafka = kafka;
    this.topic = topic;
    this.properties = properties;
  }

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, TopicPlace> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) throws Exception {
    return new Enumerator(kafka.createEnumerator(context), topicId());
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, TopicPlace> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, TopicPlace checkpoint) throws Exception {
    String topicId = topicId();
    if (!checkpoint.topicId().isEmpty() && !checkpoint.topicId().equals(topicId)) {
      throw lost(topic, "its id was " + checkpoint.topicId() + " and is " + topicId);
    }
    return new Enumerator(kafka.restoreEnumerator(context, checkpoint.kafka()), topicId);
  }

  private String topicId() throws Exception {
    try (Admin admin = Admin.create(properties)) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(KAFKA_SECONDS, TimeUnit.SECONDS)
          .get(topic)
          .topicId()
          .toString();
    }
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return kafka.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<TopicPlace> getEnumeratorCheckpointSerializer() {
    return new TopicPlace.Serializer(kafka.getEnumeratorCheckpointSerializer());
  }

  @Override
  public SourceReader<RowData, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    return new Reader(kafka.createReader(context), topic);
  }

  private static RuntimeException told(RuntimeException error, String topic) {
    return ExceptionUtils.findThrowable(error, InvalidOffsetException.class)
        .map(invalid -> (RuntimeException) lost(topic, invalid.getMessage()))
        .orElse(error);
  }

  /** The error of a place that a topic has lost. */
  private static FlinkRuntimeException lost(String topic, String reason) {
    return new FlinkRuntimeException(
        "SOURCE_PLACE_LOST: the topic %1$s has not any more what comes next (%2$s): it was made anew, or its messages were deleted too early, and changes are missing. Start the job with `lake stream start JOB --from-nothing`, then run `lake sources reread %3$s`."
            .formatted(topic, reason, topic.substring(topic.lastIndexOf('.') + 1)));
  }

  private record Enumerator(
      SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> kafka, String topicId)
      implements SplitEnumerator<KafkaPartitionSplit, TopicPlace> {

    @Override
    public void start() {
      kafka.start();
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
      kafka.handleSplitRequest(subtask, host);
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
      kafka.handleSourceEvent(subtask, event);
    }

    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
      kafka.addSplitsBack(splits, subtask);
    }

    @Override
    public void addReader(int subtask) {
      kafka.addReader(subtask);
    }

    @Override
    public TopicPlace snapshotState(long checkpointId) throws Exception {
      return new TopicPlace(kafka.snapshotState(checkpointId), topicId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
      kafka.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
      kafka.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
      kafka.close();
    }
  }

  private record Reader(SourceReader<RowData, KafkaPartitionSplit> kafka, String topic)
      implements SourceReader<RowData, KafkaPartitionSplit> {

    @Override
    public void start() {
      kafka.start();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) throws Exception {
      try {
        return kafka.pollNext(output);
      } catch (RuntimeException e) {
        throw told(e, topic);
      }
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
      return kafka.snapshotState(checkpointId);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return kafka.isAvailable();
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
      kafka.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
      kafka.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
      kafka.handleSourceEvents(event);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
      kafka.pauseOrResumeSplits(pause, resume);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
      kafka.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
      kafka.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws Exception {
      kafka.close();
    }
  }
}
