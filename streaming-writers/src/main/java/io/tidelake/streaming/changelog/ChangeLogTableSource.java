/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.DataTypeUtils;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/** Plans the reading of a source table: Kafka, the decoder, then the clock over the log. */
final class ChangeLogTableSource implements ScanTableSource, SupportsReadingMetadata {

  private final DataType columns;
  private final String topic;
  private final Properties kafka;
  private final ChangeLogRange range;
  private final ChangeEventOptions options;
  private List<ChangeEventMetadata> metadata = List.of();

  ChangeLogTableSource(
      DataType columns,
      String topic,
      Properties kafka,
      ChangeLogRange range,
      ChangeEventOptions options) {
    this.columns = columns;
    this.topic = topic;
    this.kafka = kafka;
    this.range = range;
    this.options = options;
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    DataType produced = producedType(columns, metadata);
    ChangeEventDecoder decoder =
        new ChangeEventDecoder((RowType) columns.getLogicalType(), metadata, options);
    KafkaSourceBuilder<RowData> source =
        KafkaSource.<RowData>builder()
            .setProperties(kafka)
            .setTopics(topic)
            .setStartingOffsets(
                range.from().isEmpty() ? new Beginning() : range.offsets(topic, range.from()))
            .setDeserializer(decoder);
    if (range.bounded()) {
      source.setBounded(
          range.to().isEmpty() ? OffsetsInitializer.latest() : range.offsets(topic, range.to()));
    }
    TypeInformation<RowData> type = InternalTypeInfo.of((RowType) produced.getLogicalType());
    GapTellingSource built = new GapTellingSource(source.build(), topic, kafka);
    return new DataStreamScanProvider() {

      @Override
      public DataStream<RowData> produceDataStream(
          ProviderContext provider, StreamExecutionEnvironment environment) {
        SingleOutputStreamOperator<RowData> events =
            environment.fromSource(
                built, WatermarkStrategy.noWatermarks(), topic, decoder.getProducedType());
        provider.generateUid("events").ifPresent(events::uid);
        SingleOutputStreamOperator<RowData> ordered =
            events
                .process(new LogClock(columns.getChildren().size(), metadata))
                .name("order of the log")
                .returns(type);
        provider.generateUid("order").ifPresent(ordered::uid);
        return ordered;
      }

      @Override
      public boolean isBounded() {
        return range.bounded();
      }
    };
  }

  /** The columns of a source table, followed by its metadata. */
  static DataType producedType(DataType columns, List<ChangeEventMetadata> metadata) {
    return DataTypeUtils.appendRowFields(
        columns,
        metadata.stream().map(m -> DataTypes.FIELD(fieldName(m.key()), m.type())).toList());
  }

  /** What a metadata key is called among the columns, whose names have no such letter. */
  static String fieldName(String metadataKey) {
    return "$" + metadataKey;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    Map<String, DataType> readable = new LinkedHashMap<>();
    for (ChangeEventMetadata key : ChangeEventMetadata.values()) {
      readable.put(key.key(), key.type());
    }
    return readable;
  }

  @Override
  public void applyReadableMetadata(List<String> keys, DataType producedType) {
    metadata = keys.stream().map(ChangeEventMetadata::of).toList();
  }

  @Override
  public DynamicTableSource copy() {
    ChangeLogTableSource copy = new ChangeLogTableSource(columns, topic, kafka, range, options);
    copy.metadata = metadata;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "change log " + topic;
  }

  /**
   * From the first message on that the topic has. Afterwards a place that the topic has lost is an
   * error: Flink's own {@code earliest} would go on behind the gap without a word.
   */
  private static final class Beginning implements OffsetsInitializer {
    private static final long serialVersionUID = 1L;

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
        Collection<TopicPartition> partitions, PartitionOffsetsRetriever offsets) {
      return offsets.beginningOffsets(partitions);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
      return OffsetResetStrategy.NONE;
    }
  }
}
