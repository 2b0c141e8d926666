/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.tables.model.SqlName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.TableFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.DataTypeUtils;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Reads the messages of dead letters again, as their source table would today. The rows take the
 * place in the order of the log that the letter kept for them.
 */
public final class LetterEvents extends TableFunction<RowData> {

  private static final long serialVersionUID = 1L;
  private static final List<ChangeEventMetadata> METADATA = List.of(ChangeEventMetadata.values());

  private final ChangeEventDecoder decoder;
  private final int columns;
  private final transient DataType produced;
  private transient ObjectMapper json;

  private LetterEvents(ChangeEventDecoder decoder, int columns, DataType produced) {
    this.decoder = decoder;
    this.columns = columns;
    this.produced = produced;
  }

  /**
   * The function of a source table.
   *
   * @param source a table of the connector {@link ChangeLogTableFactory#IDENTIFIER}
   */
  public static LetterEvents of(ResolvedCatalogTable source) {
    DataType columns = source.getResolvedSchema().toPhysicalRowDataType();
    return new LetterEvents(
        new ChangeEventDecoder(
            (RowType) columns.getLogicalType(),
            METADATA,
            ChangeLogTableFactory.eventOptions(Configuration.fromMap(source.getOptions()))),
        columns.getChildren().size(),
        DataTypeUtils.toInternalDataType(ChangeLogTableSource.producedType(columns, METADATA)));
  }

  /**
   * What to select of the function's rows to get the rows of the source table: its columns in their
   * order.
   */
  public static String selectList(ResolvedCatalogTable source) {
    return source.getResolvedSchema().getColumns().stream()
        .flatMap(LetterEvents::selected)
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> selected(Column column) {
    String name = SqlName.quoted(column.getName());
    if (column instanceof Column.MetadataColumn metadata) {
      String key = metadata.getMetadataKey().orElse(column.getName());
      return Stream.of(SqlName.quoted(ChangeLogTableSource.fieldName(key)) + " AS " + name);
    }
    return column.isPhysical() ? Stream.of(name) : Stream.empty();
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory types) {
    return TypeInference.newBuilder()
        .typedArguments(
            DataTypes.STRING(),
            DataTypes.STRING(),
            DataTypes.STRING(),
            DataTypes.BIGINT(),
            DataTypes.TIMESTAMP_LTZ(6))
        .outputTypeStrategy(TypeStrategies.explicit(produced))
        .build();
  }

  @Override
  public void open(FunctionContext context) {
    json = new ObjectMapper();
    decoder.open(null);
  }

  /**
   * Reads one letter.
   *
   * @param topic where the message lay
   * @param place {@code partition/offset} there
   * @param payload its key, if any, a space, and its value
   * @param version what the rows get as their version
   * @param loggedAt when it entered the log; NULL when that is not known
   */
  public void eval(String topic, String place, String payload, Long version, Instant loggedAt)
      throws IOException {
    String[] position = place.split("/");
    int value = valueAt(payload);
    byte[] key = value == 0 ? null : bytes(payload.substring(0, value).strip());
    ConsumerRecord<byte[], byte[]> message =
        new ConsumerRecord<>(
            topic,
            Integer.parseInt(position[0]),
            Long.parseLong(position[1]),
            loggedAt == null ? ConsumerRecord.NO_TIMESTAMP : loggedAt.toEpochMilli(),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            key,
            bytes(payload.substring(value).strip()),
            new RecordHeaders(),
            Optional.empty());
    decoder.deserialize(message, new Placed(version));
  }

  /** Gives rows the version of their letter, and leaves out what only the clock needs. */
  private final class Placed implements Collector<RowData> {
    private final long version;

    Placed(long version) {
      this.version = version;
    }

    @Override
    public void collect(RowData event) {
      GenericRowData row = new GenericRowData(columns + METADATA.size());
      for (int i = 0; i < row.getArity(); i++) {
        row.setField(i, ((GenericRowData) event).getField(i));
      }
      row.setField(columns + ChangeEventMetadata.ROW_VERSION.ordinal(), version);
      LetterEvents.this.collect(row);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** Where the value begins in a payload: behind the key, which is JSON; 0 without a key. */
  private int valueAt(String payload) throws IOException {
    try (JsonParser parser = json.createParser(payload)) {
      parser.readValueAsTree();
      int end = (int) parser.currentLocation().getCharOffset();
      return payload.substring(end).isBlank() ? 0 : end;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return 0;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
