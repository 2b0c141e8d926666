package io.tidelake.health;

import io.tidelake.streaming.source.SourceFile;
import io.tidelake.tables.LakeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Asks Kafka how far the topics of the source tables are, and how far they have been read. */
final class SourceTopics {

  private static final int WITHIN_MILLIS = 5_000;

  private SourceTopics() {}

  /**
   * Asks once.
   *
   * @param bootstrapServers Kafka's {@code host:port} list
   * @param sources the source tables
   * @throws LakeException when Kafka does not answer within some seconds
   */
  static List<Health.Topic> read(String bootstrapServers, List<SourceFile> sources)
      throws InterruptedException {
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, WITHIN_MILLIS);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, WITHIN_MILLIS);
    try (Admin kafka = Admin.create(properties)) {
      return read(kafka, sources);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LakeException(
          "KAFKA_UNREACHABLE",
          "Kafka at %s does not answer: %s"
              .formatted(bootstrapServers, LakeException.rootMessage(e)),
          "Look at its log, and at `source: bootstrap-servers:` of the configuration.",
          e);
    }
  }

  private static List<Health.Topic> read(Admin kafka, List<SourceFile> sources)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, List<TopicPartition>> partitions = partitions(kafka);
    List<TopicPartition> all =
        sources.stream()
            .flatMap(source -> partitions.getOrDefault(source.topic(), List.of()).stream())
            .toList();
    Map<TopicPartition, ListOffsetsResultInfo> first = offsets(kafka, all, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> end = offsets(kafka, all, OffsetSpec.latest());
    Map<TopicPartition, ListOffsetsResultInfo> newest =
        offsets(kafka, all, OffsetSpec.maxTimestamp());
    Map<String, Map<TopicPartition, OffsetAndMetadata>> read = new HashMap<>();
    for (String group : sources.stream().map(SourceFile::group).distinct().toList()) {
      read.put(
          group,
          kafka
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(WITHIN_MILLIS, TimeUnit.MILLISECONDS));
    }
    List<Health.Topic> topics = new ArrayList<>();
    for (SourceFile source : sources) {
      Long backlog = null;
      Instant last = null;
      for (TopicPartition partition : partitions.getOrDefault(source.topic(), List.of())) {
        OffsetAndMetadata place = read.get(source.group()).get(partition);
        long next = place == null ? first.get(partition).offset() : place.offset();
        backlog = (backlog == null ? 0 : backlog) + Math.max(0, end.get(partition).offset() - next);
        long timestamp = newest.get(partition).timestamp();
        if (timestamp > 0 && (last == null || last.toEpochMilli() < timestamp)) {
          last = Instant.ofEpochMilli(timestamp);
        }
      }
      topics.add(new Health.Topic(source.table(), source.topic(), last, backlog));
    }
    return topics;
  }

  private static Map<String, List<TopicPartition>> partitions(Admin kafka)
      throws ExecutionException, InterruptedException, TimeoutException {
    return kafka
        .describeTopics(kafka.listTopics().names().get(WITHIN_MILLIS, TimeUnit.MILLISECONDS))
        .allTopicNames()
        .get(WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .values()
        .stream()
        .collect(
            Collectors.toMap(
                topic -> topic.name(),
                topic ->
                    topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                        .toList()));
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Admin kafka, List<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, which));
    return kafka.listOffsets(asked).all().get(WITHIN_MILLIS, TimeUnit.MILLISECONDS);
  }
}
