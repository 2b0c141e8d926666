package io.tidelake.streaming.changeevent;

import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The format {@code change-event-json}: Debezium's JSON change events (without schemas) as rows
 * that are only ever inserted. A row holds the values after the change, or before it for a delete,
 * and tells by metadata what happened:
 *
 * <ul>
 *   <li>{@code op}: c, u, d or r as Debezium wrote it;
 *   <li>{@code error}: why the event could not be read; then all columns and {@code op} are NULL;
 *   <li>{@code payload}: the message as text, for events that could not be read.
 * </ul>
 *
 * <p>Flink's own {@code debezium-json} ends the job at an event it cannot parse; this one hands it
 * on, so that it can be kept in a table.
 */
public final class ChangeEventFormatFactory implements DeserializationFormatFactory {

  /** Name of the format in a table's options. */
  public static final String IDENTIFIER = "change-event-json";

  static final ConfigOption<List<String>> REQUIRED_COLUMNS =
      ConfigOptions.key("required-columns")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "Columns without which an event is of no use: where one is NULL, the event has an error.");

  @Override
  public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    FactoryUtil.validateFactoryOptions(this, options);
    return new ChangeEventDecodingFormat(Set.copyOf(options.get(REQUIRED_COLUMNS)));
  }

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(REQUIRED_COLUMNS);
  }
}
