package io.tidelake.streaming.changeevent;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonToRowDataConverters;
import org.apache.flink.formats.json.JsonToRowDataConverters.JsonToRowDataConverter;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.Collector;

/** Turns the bytes of one change event into one row; never fails on what the bytes hold. */
final class ChangeEventDeserializationSchema implements DeserializationSchema<RowData> {

  private static final long serialVersionUID = 1L;

  private final RowType columns;
  private final List<ChangeEventMetadata> metadata;
  private final Set<String> requiredColumns;
  private final TypeInformation<RowData> producedType;

  private transient ObjectMapper json;
  private transient JsonToRowDataConverter toRow;
  private transient List<String> names;
  private transient int[] required;

  /** Why an event cannot be read; expected, so without a stack trace. */
  private static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String reason) {
      super(reason, null, false, false);
    }
  }

  ChangeEventDeserializationSchema(
      RowType columns,
      List<ChangeEventMetadata> metadata,
      Set<String> requiredColumns,
      TypeInformation<RowData> producedType) {
    this.columns = columns;
    this.metadata = metadata;
    this.requiredColumns = requiredColumns;
    this.producedType = producedType;
  }

  @Override
  public void open(InitializationContext context) {
    json =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    toRow =
        new JsonToRowDataConverters(true, false, TimestampFormat.ISO_8601).createConverter(columns);
    // The type makes a new list at every call.
    names = columns.getFieldNames();
    required =
        requiredColumns.stream().mapToInt(names::indexOf).filter(index -> index >= 0).toArray();
  }

  @Override
  public void deserialize(byte[] message, Collector<RowData> out) {
    if (message != null) {
      out.collect(deserialize(message));
    }
  }

  @Override
  public RowData deserialize(byte[] message) {
    try {
      JsonNode event = json.readTree(message);
      String op = op(event);
      GenericRowData values = values(event.get(op.equals("d") ? "before" : "after"), op);
      return row(values, op, null, null);
    } catch (IOException e) {
      return unreadable(message, "not JSON: " + firstLine(e));
    } catch (UnreadableEventException e) {
      return unreadable(message, e.getMessage());
    }
  }

  @Override
  public boolean isEndOfStream(RowData next) {
    return false;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return producedType;
  }

  private static String op(JsonNode event) throws UnreadableEventException {
    JsonNode op = event.get("op");
    if (op == null || !op.isTextual()) {
      throw new UnreadableEventException("no \"op\": not a change event without schema");
    }
    return switch (op.asText()) {
      case "c", "u", "d", "r" -> op.asText();
      default -> throw new UnreadableEventException("unknown \"op\": " + op.asText());
    };
  }

  private GenericRowData values(JsonNode image, String op) throws UnreadableEventException {
    if (image == null || !image.isObject()) {
      throw new UnreadableEventException(
          "an event of op " + op + " without its row: the source must log full rows");
    }
    GenericRowData values;
    try {
      values = (GenericRowData) toRow.convert(image);
    } catch (RuntimeException e) {
      throw new UnreadableEventException(
          firstLine(e) + (e.getCause() == null ? "" : ": " + firstLine(e.getCause())));
    }
    checkNothingIsLost(image, values);
    for (int index : required) {
      if (values.isNullAt(index)) {
        throw new UnreadableEventException("required column " + names.get(index) + " is NULL");
      }
    }
    return values;
  }

  /**
   * Flink's converter makes NULL of a decimal that is too large for its column, rounds one with too
   * many digits and cuts the fraction off a whole number, all without a word: the source's column
   * was widened, and the amounts would be wrong from then on.
   */
  private void checkNothingIsLost(JsonNode image, GenericRowData values)
      throws UnreadableEventException {
    for (int i = 0; i < values.getArity(); i++) {
      JsonNode value = image.get(names.get(i));
      if (value != null && !value.isNull() && !isKept(value, values.getField(i))) {
        throw new UnreadableEventException(
            "column "
                + names.get(i)
                + ": "
                + value.asText()
                + " does not fit "
                + columns.getTypeAt(i).asSummaryString());
      }
    }
  }

  private static boolean isKept(JsonNode value, Object converted) {
    if (converted instanceof DecimalData decimal) {
      return decimal.toBigDecimal().compareTo(new BigDecimal(value.asText().trim())) == 0;
    }
    if (converted instanceof Integer || converted instanceof Long) {
      return !value.isFloatingPointNumber()
          || value.decimalValue().compareTo(BigDecimal.valueOf(((Number) converted).longValue()))
              == 0;
    }
    return converted != null;
  }

  private RowData unreadable(byte[] message, String reason) {
    return row(
        new GenericRowData(columns.getFieldCount()),
        null,
        reason,
        new String(message, StandardCharsets.UTF_8));
  }

  private RowData row(GenericRowData values, String op, String error, String payload) {
    int arity = columns.getFieldCount();
    GenericRowData row = new GenericRowData(arity + metadata.size());
    for (int i = 0; i < arity; i++) {
      row.setField(i, values.getField(i));
    }
    for (int i = 0; i < metadata.size(); i++) {
      String value =
          switch (metadata.get(i)) {
            case OP -> op;
            case ERROR -> error;
            case PAYLOAD -> payload;
          };
      row.setField(arity + i, StringData.fromString(value));
    }
    return row;
  }

  private static String firstLine(Throwable error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }
}
