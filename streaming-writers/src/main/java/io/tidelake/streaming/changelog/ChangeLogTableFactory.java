/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The connector {@code change-log}: a topic of Debezium's JSON change events (without schemas) as
 * rows that are only ever inserted. A row holds the values after the change, or before it for a
 * delete; {@link ChangeEventMetadata} says what happened and where it stands in the source's log.
 *
 * <p>Flink's own {@code debezium-json} ends the job at an event that it cannot parse, and its Kafka
 * connector skips in silence what the topic has lost. This one hands unreadable events on, so that
 * they can be kept in a table, and fails when its place in a topic is gone.
 */
public final class ChangeLogTableFactory implements DynamicTableSourceFactory {

  /** Name of the connector in a table's options. */
  public static final String IDENTIFIER = "change-log";

  private static final String KAFKA = "properties.";

  private static final ConfigOption<String> TOPIC =
      ConfigOptions.key("topic")
          .stringType()
          .noDefaultValue()
          .withDescription("The topic of the source table.");

  /** Option {@code key-columns}: the key of the table that the events go to. */
  public static final ConfigOption<List<String>> KEY_COLUMNS =
      ConfigOptions.key("key-columns")
          .stringType()
          .asList()
          .noDefaultValue()
          .withDescription(
              "Key of the table that the events go to. Where one of them is NULL, the event has an"
                  + " error; an update that changes one is a delete and a create.");

  private static final ConfigOption<String> TIME_ZONE =
      ConfigOptions.key("time-zone")
          .stringType()
          .defaultValue("UTC")
          .withDescription("Zone in which the source writes its DATETIMEs.");

  /** Option {@code instant-columns}: which columns are TIMESTAMPs at the source. */
  public static final ConfigOption<List<String>> INSTANT_COLUMNS =
      ConfigOptions.key("instant-columns")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "Columns that are TIMESTAMPs at the source: these are instants whatever the zone.");

  /** Option {@code strict}: whether other columns than those of the table end the job. */
  public static final ConfigOption<Boolean> STRICT =
      ConfigOptions.key("strict")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether an event whose columns are not those of the table ends the job, instead of"
                  + " giving NULL for missing ones and leaving out new ones.");

  private static final ConfigOption<Boolean> BOUNDED =
      ConfigOptions.key("bounded")
          .booleanType()
          .defaultValue(false)
          .withDescription("Whether to end at what the topic holds when the job starts.");

  /** Offset by partition, as {@code 0:120,1:80}. */
  static final ConfigOption<Map<String, String>> FROM_OFFSETS =
      ConfigOptions.key("from-offsets")
          .mapType()
          .noDefaultValue()
          .withDescription("Where to begin in each partition; by default with what the topic has.");

  static final ConfigOption<Map<String, String>> TO_OFFSETS =
      ConfigOptions.key("to-offsets")
          .mapType()
          .noDefaultValue()
          .withDescription("Where a bounded read ends in each partition, before this offset.");

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validateExcept(KAFKA);
    ReadableConfig options = helper.getOptions();
    Properties kafka = new Properties();
    kafka.putAll(consumer(context.getCatalogTable().getOptions()));
    return new ChangeLogTableSource(
        context.getPhysicalRowDataType(),
        options.get(TOPIC),
        kafka,
        new ChangeLogRange(
            options.get(BOUNDED),
            offsets(options.getOptional(FROM_OFFSETS)),
            offsets(options.getOptional(TO_OFFSETS))),
        eventOptions(options));
  }

  /** The properties of Kafka's consumer among the options of a table. */
  public static Map<String, String> consumer(Map<String, String> options) {
    Map<String, String> properties = new TreeMap<>();
    options.forEach(
        (option, value) -> {
          if (option.startsWith(KAFKA)) {
            properties.put(option.substring(KAFKA.length()), value);
          }
        });
    return properties;
  }

  /** How a table with these options reads its events. */
  static ChangeEventOptions eventOptions(ReadableConfig options) {
    return new ChangeEventOptions(
        Set.copyOf(options.get(KEY_COLUMNS)),
        zone(options.get(TIME_ZONE)),
        Set.copyOf(options.get(INSTANT_COLUMNS)),
        options.get(STRICT));
  }

  private static Map<Integer, Long> offsets(Optional<Map<String, String>> option) {
    Map<Integer, Long> offsets = new TreeMap<>();
    option
        .orElse(Map.of())
        .forEach(
            (partition, offset) -> offsets.put(Integer.valueOf(partition), Long.valueOf(offset)));
    return offsets;
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ValidationException(
          "The option time-zone is '" + name + "'; write one as Asia/Shanghai, +08:00 or UTC.", e);
    }
  }

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(TOPIC, KEY_COLUMNS);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(TIME_ZONE, INSTANT_COLUMNS, STRICT, BOUNDED, FROM_OFFSETS, TO_OFFSETS);
  }
}
