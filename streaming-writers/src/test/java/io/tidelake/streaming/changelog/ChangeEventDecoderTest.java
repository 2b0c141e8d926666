/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeEventDecoderTest {

  private static final RowType COLUMNS =
      (RowType)
          DataTypes.ROW(
                  DataTypes.FIELD("order_id", DataTypes.BIGINT()),
                  DataTypes.FIELD("buyer_name", DataTypes.STRING()),
                  DataTypes.FIELD("region_id", DataTypes.INT()),
                  DataTypes.FIELD("paid_amount", DataTypes.DECIMAL(12, 2)),
                  DataTypes.FIELD("updated_at", DataTypes.TIMESTAMP_LTZ(6)))
              .getLogicalType();

  private static final String ROW =
      """
      {"order_id": 7, "buyer_name": "Ada", "region_id": 3, "paid_amount": "19.90", \
      "updated_at": "2026-06-18T09:12:33.123456Z"}""";

  private static final List<ChangeEventMetadata> METADATA =
      List.of(
          ChangeEventMetadata.OP,
          ChangeEventMetadata.ERROR,
          ChangeEventMetadata.PAYLOAD,
          ChangeEventMetadata.BEFORE,
          ChangeEventMetadata.PARTITION,
          ChangeEventMetadata.OFFSET);

  /** When the messages were written, in milliseconds since 1970. */
  private static final long WRITTEN = 1_781_773_953_400L;

  private final ChangeEventDecoder decoder = decoder(METADATA, ZoneId.of("UTC"), false);

  private static ChangeEventDecoder decoder(
      List<ChangeEventMetadata> metadata, ZoneId zone, boolean strict) {
    ChangeEventDecoder decoder =
        new ChangeEventDecoder(
            COLUMNS, metadata, new ChangeEventOptions(Set.of("order_id"), zone, Set.of(), strict));
    decoder.open(null);
    return decoder;
  }

  /** What a reader sees of one message. */
  private record Event(
      Long orderId,
      String buyerName,
      Integer regionId,
      BigDecimal paidAmount,
      Instant updatedAt,
      String op,
      String error,
      String payload) {}

  @ParameterizedTest
  @ValueSource(strings = {"c", "u", "r"})
  void createUpdateAndReadGiveTheRowAfterTheChange(String op) {
    assertThat(read(event(op, ROW.replace("Ada", "Before"), ROW)))
        .isEqualTo(
            new Event(
                7L,
                "Ada",
                3,
                new BigDecimal("19.90"),
                Instant.parse("2026-06-18T09:12:33.123456Z"),
                op,
                null,
                null));
  }

  /** As TINYINT(1) comes from a snapshot, and from a log whose statement says BOOLEAN. */
  @ParameterizedTest
  @CsvSource({"1, true, 1", "0, false, 0", "true, true, 1", "false, false, 0", "2, true, 2"})
  void truthComesAsNumberOrWord(String value, boolean asBoolean, byte asNumber) throws Exception {
    RowType columns =
        (RowType)
            DataTypes.ROW(
                    DataTypes.FIELD("order_id", DataTypes.BIGINT()),
                    DataTypes.FIELD("flag", DataTypes.BOOLEAN()),
                    DataTypes.FIELD("digit", DataTypes.TINYINT()))
                .getLogicalType();
    ChangeEventDecoder decoder =
        new ChangeEventDecoder(
            columns,
            List.of(ChangeEventMetadata.ERROR),
            new ChangeEventOptions(Set.of("order_id"), ZoneId.of("UTC"), Set.of(), false));
    decoder.open(null);
    List<RowData> rows = new ArrayList<>();
    String event =
        "{\"op\": \"c\", \"before\": null, \"after\": {\"order_id\": 7, \"flag\": %s, \"digit\": %s}}"
            .formatted(value, value);

    decoder.deserialize(
        new ConsumerRecord<>("t", 0, 0, null, event.getBytes(StandardCharsets.UTF_8)),
        new ListCollector<>(rows));

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).isNullAt(3)).as("error").isTrue();
    assertThat(rows.get(0).getBoolean(1)).isEqualTo(asBoolean);
    assertThat(rows.get(0).getByte(2)).isEqualTo(asNumber);
  }

  @Test
  void deleteGivesTheRowBeforeIt() {
    Event event = read(event("d", ROW, "null"));
    assertThat(event.op()).isEqualTo("d");
    assertThat(event.error()).isNull();
    assertThat(event.orderId()).isEqualTo(7L);
    assertThat(event.buyerName()).isEqualTo("Ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "u", "d", "r"})
  void everyRowIsAnInsertWhateverHappenedAtTheSource(String op) {
    assertThat(row(event(op, ROW, ROW)).getRowKind()).isEqualTo(RowKind.INSERT);
  }

  @Test
  void nullColumnsStayNull() {
    Event event =
        readRow(
            """
            {"order_id": 7, "buyer_name": null, "region_id": null, "paid_amount": null, \
            "updated_at": "2026-06-18T09:12:33Z"}""");
    assertThat(event.error()).isNull();
    assertThat(event.buyerName()).isNull();
    assertThat(event.regionId()).isNull();
    assertThat(event.paidAmount()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "\"19.90\", 19.90",
    "\"-0.01\", -0.01",
    "\"0\", 0.00",
    "\"9999999999.99\", 9999999999.99",
    "19.9, 19.90"
  })
  void decimalsAreExact(String json, String expected) {
    Event event = readRow(ROW.replace("\"19.90\"", json));
    assertThat(event.error()).isNull();
    assertThat(event.paidAmount()).isEqualTo(new BigDecimal(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-06-18T09:12:33.123456Z",
        "2026-06-18T09:12:33.1Z",
        "2026-06-18T09:12:33Z",
        "1999-12-31T23:59:59.999999Z"
      })
  void timestampsKeepTheirMicroseconds(String instant) {
    Event event = readRow(ROW.replace("2026-06-18T09:12:33.123456Z", instant));
    assertThat(event.error()).isNull();
    assertThat(event.updatedAt()).isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "🚚 Zoë 李四|🚚 Zoë 李四",
        "\\ud83d\\ude9a|🚚",
        "say \\\"hi\\\"|say \"hi\"",
        "back\\\\slash|back\\slash",
        "tab\\tstop|tab\tstop"
      })
  void textArrivesAsItWasTyped(String json, String expected) {
    assertThat(readRow(ROW.replace("Ada", json)).buyerName()).isEqualTo(expected);
  }

  @Test
  void columnsThatTheTableDoesNotHaveAreIgnored() {
    Event event = readRow(ROW.replace("{", "{\"added_at_the_source\": {\"deep\": [1]}, "));
    assertThat(event.error()).isNull();
    assertThat(event.orderId()).isEqualTo(7L);
  }

  @Test
  void requiredColumnThatIsNullIsAnError() {
    assertUnreadable(
        event("u", "null", ROW.replace("\"order_id\": 7", "\"order_id\": null")),
        "required column order_id is NULL");
  }

  @Test
  void requiredColumnOfADeletedRowIsRequiredToo() {
    assertUnreadable(
        event("d", ROW.replace("\"order_id\": 7", "\"order_id\": null"), "null"),
        "required column order_id is NULL");
  }

  @Test
  void missingColumnIsNull() {
    Event event = read(event("c", "null", ROW.replace("\"region_id\": 3, ", "")));
    assertThat(event.error()).isNull();
    assertThat(event.regionId()).isNull();
    assertThat(event.buyerName()).isEqualTo("Ada");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"region_id|area_id|region_id is missing", "{|{\"extra\": 1, |extra is new"})
  void aStrictSourceEndsAtOtherColumns(String from, String to, String message) {
    ChangeEventDecoder strict = decoder(METADATA, ZoneId.of("UTC"), true);
    assertThatThrownBy(
            () ->
                rows(strict, bytes(event("c", "null", ROW.replaceFirst(Pattern.quote(from), to)))))
        .hasMessageContaining("SOURCE_CHANGED")
        .hasMessageContaining(message)
        .hasMessageContaining("lake sources check");
  }

  @Test
  void aDeletedRowGoesWhateverItsValues() {
    Event event =
        read(event("d", ROW.replace("19.90", "123456789012345.67").replace("33.12", "x"), "null"));
    assertThat(event.error()).isNull();
    assertThat(event.op()).isEqualTo("d");
    assertThat(event.orderId()).isEqualTo(7L);
    assertThat(event.paidAmount()).isNull();
    assertThat(event.updatedAt()).isNull();
  }

  @Test
  void anUpdateThatChangesTheKeyIsADeleteAndACreate() {
    List<Event> events =
        rows(decoder, bytes(event("u", ROW, ROW.replace("\"order_id\": 7", "\"order_id\": 8"))))
            .stream()
            .map(ChangeEventDecoderTest::toEvent)
            .toList();
    assertThat(events).extracting(Event::op).containsExactly("d", "u");
    assertThat(events).extracting(Event::orderId).containsExactly(7L, 8L);
  }

  @Test
  void theRowBeforeAnUpdateIsToldAsJson() {
    assertThat(row(event("u", ROW, ROW)).getString(8).toString())
        .contains("\"buyer_name\":\"Ada\"");
    assertThat(row(event("d", ROW, "null")).isNullAt(8)).isTrue();
    assertThat(row(event("u", "null", ROW)).isNullAt(8)).isTrue();
  }

  @Test
  void whatChangeCaptureCouldNotSendIsAnErrorWithItsKey() {
    ConsumerRecord<byte[], byte[]> message =
        new ConsumerRecord<>(
            "t",
            0,
            0,
            bytes("{\"order_id\":7}"),
            bytes("{\"op\":\"u\",\"unreadable\":\"too large\"}"));
    Event event = toEvent(rows(decoder, message).get(0));
    assertThat(event.error()).isEqualTo("too large");
    assertThat(event.payload()).startsWith("{\"order_id\":7} ");
  }

  @Test
  void anEmptiedTableIsSaid() {
    assertUnreadable(event("t", "null", "null"), "TRUNCATE");
  }

  @Test
  void localTimesOfTheSourceAreRead() {
    ChangeEventDecoder shanghai = decoder(METADATA, ZoneId.of("Asia/Shanghai"), false);
    assertThat(toEvent(rows(shanghai, bytes(event("c", "null", ROW))).get(0)).updatedAt())
        .isEqualTo(Instant.parse("2026-06-18T01:12:33.123456Z"));
  }

  /** Seconds mean any moment of them, but none after the message was written. */
  @ParameterizedTest
  @CsvSource({
    "1781773950000, 1781773950999999",
    "1781773953000, 1781773953400999",
    "1781773953123, 1781773953123000",
    "4070908800000, 1781773953400999",
    "0, 0",
    "-5, 0"
  })
  void theCommitTimeIsTheLastMomentThatTheLogMeans(long millis, long micros) {
    RowData row =
        row(
            event("c", "null", ROW)
                .replace("{\"connector\"", "{\"ts_ms\": " + millis + ", \"connector\""));
    assertThat(row.getLong(COLUMNS.getFieldCount() + METADATA.size() + 1)).isEqualTo(micros);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"order_id\": 7|\"order_id\": \"seven\"|order_id",
        "\"order_id\": 7|\"order_id\": [7]|order_id",
        "\"order_id\": 7|\"order_id\": {\"value\": 7}|order_id",
        "\"order_id\": 7|\"order_id\": 99999999999999999999|order_id",
        "\"region_id\": 3|\"region_id\": 3000000000|region_id",
        "\"19.90\"|\"nineteen\"|paid_amount",
        "\"2026-06-18T09:12:33.123456Z\"|\"yesterday\"|updated_at",
        "\"2026-06-18T09:12:33.123456Z\"|1781773953123|updated_at"
      })
  void valueOfAWrongTypeIsAnErrorThatNamesTheColumn(String value, String wrong, String column) {
    assertUnreadable(event("u", ROW, ROW.replace(value, wrong)), column);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10000000000.00", "123456789012345.67", "19.905"})
  void decimalThatDoesNotFitIsAnErrorAndNeitherNullNorRounded(String amount) {
    assertUnreadable(
        event("u", ROW, ROW.replace("19.90", amount)),
        "paid_amount: " + amount + " does not fit DECIMAL(12, 2)");
  }

  @Test
  void fractionInAWholeNumberIsAnErrorAndNotCut() {
    assertUnreadable(
        event("u", ROW, ROW.replace("\"region_id\": 3", "\"region_id\": 3.7")),
        "region_id: 3.7 does not fit INT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "<xml/>", "{op: 'c'}", "\u0000\u0001\u0002"})
  void textThatIsNotJsonIsAnError(String message) {
    assertUnreadable(message, "not JSON: ");
  }

  @Test
  void truncatedJsonIsAnErrorWhereverItEnds() {
    String whole = event("c", "null", ROW);
    for (int length = 1; length < whole.length(); length++) {
      assertUnreadable(whole.substring(0, length), "not JSON: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "{}", "]", "\"", " 1"})
  void trailingGarbageIsAnError(String garbage) {
    assertUnreadable(event("c", "null", ROW) + garbage, "not JSON: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "7", "\"c\"", "[]", "{}"})
  void jsonThatIsNoEventIsAnError(String message) {
    assertUnreadable(message, "no \"op\": not a change event");
  }

  @ParameterizedTest
  @ValueSource(strings = {"T", "m", "C", "", "create"})
  void unknownOperationIsAnErrorThatNamesIt(String op) {
    assertUnreadable(event(op, "null", ROW), "unknown \"op\": " + op);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "{}"})
  void operationThatIsNoTextIsAnError(String op) {
    assertUnreadable("{\"op\": " + op + ", \"after\": " + ROW + "}", "no \"op\"");
  }

  @Test
  void envelopeWithASchemaIsAnErrorThatSaysSo() {
    assertUnreadable(
        "{\"schema\": {\"type\": \"struct\"}, \"payload\": " + event("c", "null", ROW) + "}",
        "not a change event without schema");
  }

  @ParameterizedTest
  @CsvSource({"c", "u", "r"})
  void changeWithoutTheRowAfterItIsAnError(String op) {
    assertUnreadable(event(op, ROW, "null"), "op " + op + " without its row", "must log full rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "7", "[]"})
  void deleteWithoutTheRowBeforeItIsAnError(String before) {
    assertUnreadable(event("d", before, ROW), "op d without its row", "must log full rows");
  }

  @Test
  void deleteThatLacksTheFieldBeforeIsAnError() {
    assertUnreadable("{\"op\": \"d\", \"after\": null}", "op d without its row");
  }

  @Test
  void tombstoneIsIgnored() {
    assertThat(rows(decoder, (byte[]) null)).isEmpty();
  }

  @Test
  void invalidUtf8IsAnErrorThatShowsTheReadableRest() {
    byte[] message = bytes(event("c", "null", ROW));
    message[new String(message, StandardCharsets.UTF_8).indexOf("Ada")] = (byte) 0xFF;
    Event event = toEvent(rows(decoder, message).get(0));
    assertThat(event.error()).startsWith("not JSON: ").containsIgnoringCase("UTF-8");
    assertThat(event.payload()).contains("\uFFFDda");
    assertThat(event.orderId()).isNull();
  }

  @Test
  void metadataComesInTheOrderInWhichItIsRead() {
    ChangeEventDecoder payloadFirst =
        decoder(
            List.of(ChangeEventMetadata.PAYLOAD, ChangeEventMetadata.ERROR),
            ZoneId.of("UTC"),
            false);
    RowData row = rows(payloadFirst, bytes("broken")).get(0);
    assertThat(row.getString(5)).hasToString("broken");
    assertThat(row.getString(6).toString()).startsWith("not JSON: ");
  }

  private void assertUnreadable(String message, String... reasons) {
    Event event = read(message);
    assertThat(event.error()).as("reason for %s", message).contains(reasons);
    assertThat(event.error()).as("a reason is one line").doesNotContain("\n");
    assertThat(event)
        .isEqualTo(new Event(null, null, null, null, null, null, event.error(), message));
  }

  private Event readRow(String after) {
    return read(event("u", "null", after));
  }

  private Event read(String message) {
    return toEvent(row(message));
  }

  private static String event(String op, String before, String after) {
    return """
        {"before": %s, "after": %s, "source": {"connector": "mariadb"}, "op": "%s", "ts_ms": 1}"""
        .formatted(before, after, op);
  }

  private RowData row(String message) {
    List<RowData> rows = rows(decoder, bytes(message));
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private static List<RowData> rows(ChangeEventDecoder decoder, byte[] message) {
    return rows(
        decoder,
        new ConsumerRecord<>(
            "topic",
            2,
            30,
            WRITTEN,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            message,
            new RecordHeaders(),
            Optional.empty()));
  }

  private static List<RowData> rows(
      ChangeEventDecoder decoder, ConsumerRecord<byte[], byte[]> message) {
    List<RowData> rows = new ArrayList<>();
    decoder.deserialize(message, new ListCollector<>(rows));
    return rows;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Event toEvent(RowData row) {
    DecimalData paidAmount = row.isNullAt(3) ? null : row.getDecimal(3, 12, 2);
    TimestampData updatedAt = row.isNullAt(4) ? null : row.getTimestamp(4, 6);
    return new Event(
        row.isNullAt(0) ? null : row.getLong(0),
        text(row.getString(1)),
        row.isNullAt(2) ? null : row.getInt(2),
        paidAmount == null ? null : paidAmount.toBigDecimal(),
        updatedAt == null ? null : updatedAt.toInstant(),
        text(row.getString(5)),
        text(row.getString(6)),
        text(row.getString(7)));
  }

  private static String text(StringData value) {
    return value == null ? null : value.toString();
  }
}
