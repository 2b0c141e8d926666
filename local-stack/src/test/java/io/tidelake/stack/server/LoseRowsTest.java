/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidelake.project.ProjectFile;
import io.tidelake.stack.StackOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoseRowsTest {

  private static final String ORDERS = "lake.logistics.trade_order";
  private static final String PARCELS = "lake.logistics.fulfillment_order";
  private static final long ROWS = 20_000;
  private static final Schema KEY =
      SchemaBuilder.struct()
          .field("order_date", Schema.STRING_SCHEMA)
          .field("order_id", Schema.INT64_SCHEMA)
          .build();

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.5, 0.95})
  void losesThatPartOfTheRows(double fraction) {
    assertThat(lost(losing(fraction), ORDERS).size() / (double) ROWS)
        .isCloseTo(fraction, within(0.015));
  }

  @Test
  void losesTheSameRowsInEveryWorkerAndOthersInEachTopic() {
    Set<Long> orders = lost(losing(0.05), ORDERS);
    assertThat(lost(losing(0.05), ORDERS)).isEqualTo(orders);
    assertThat(lost(losing(0.05), PARCELS)).isNotEqualTo(orders);
    assertThat(lost(losing(0.1), ORDERS)).as("a greater loss").containsAll(orders);
  }

  @Test
  void allEventsOfARowShareItsFate() {
    LoseRows<SourceRecord> transformation = losing(0.5);
    for (long id = 0; id < 1000; id++) {
      boolean kept = transformation.apply(event(ORDERS, key(id), "insert")) != null;
      for (String later : new String[] {"update", "delete", null}) {
        assertThat(transformation.apply(event(ORDERS, key(id), later)) != null)
            .as("event %s of row %d", later, id)
            .isEqualTo(kept);
      }
    }
  }

  @Test
  void losesNothingOfFractionZero() {
    assertThat(lost(losing(0), ORDERS)).isEmpty();
  }

  @Test
  void passesOtherTopicsAndEventsWithoutAKey() {
    LoseRows<SourceRecord> transformation = losing(0.999);
    assertThat(lost(transformation, "lake.logistics.merchant")).isEmpty();
    SourceRecord withoutKey = event(ORDERS, null, "something");
    assertThat(transformation.apply(withoutKey)).isSameAs(withoutKey);
  }

  @Test
  void passesWhatItKeepsUnchangedTombstonesToo() {
    LoseRows<SourceRecord> transformation = losing(0.5);
    Set<Long> lost = lost(transformation, ORDERS);
    SourceRecord tombstone =
        event(
            ORDERS,
            key(
                LongStream.range(0, ROWS)
                    .filter(id -> !lost.contains(id))
                    .findFirst()
                    .orElseThrow()),
            null);
    assertThat(transformation.apply(tombstone)).isSameAs(tombstone);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 5, Double.NaN})
  void refusesWhatIsNoFraction(double value) {
    assertThatThrownBy(() -> losing(value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("0 or more and less than 1");
    assertThatThrownBy(
            () ->
                new StackOptions(
                    ProjectFile.find(),
                    "1g",
                    value,
                    StackOptions.Metastore.filesystem,
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isFoundByKafkaConnectAsTheConnectorNamesIt() {
    Map<String, String> properties = LoseRows.properties(0.05, List.of(ORDERS, PARCELS));
    assertThat(ServiceLoader.load(Transformation.class).stream().map(ServiceLoader.Provider::type))
        .extracting(Class::getName)
        .contains(properties.get("type"));
    assertThat(properties)
        .containsEntry("fraction", "0.05")
        .containsEntry("topics", ORDERS + "," + PARCELS);
  }

  private static LoseRows<SourceRecord> losing(double fraction) {
    LoseRows<SourceRecord> transformation = new LoseRows<>();
    transformation.configure(
        Map.of(
            LoseRows.FRACTION, String.valueOf(fraction), LoseRows.TOPICS, ORDERS + "," + PARCELS));
    return transformation;
  }

  private static Set<Long> lost(LoseRows<SourceRecord> transformation, String topic) {
    return LongStream.range(0, ROWS)
        .filter(id -> transformation.apply(event(topic, key(id), "insert")) == null)
        .boxed()
        .collect(Collectors.toSet());
  }

  /** As Debezium makes it. */
  private static Struct key(long id) {
    return new Struct(KEY).put("order_date", "2026-06-17Z").put("order_id", 1_000_000 + id);
  }

  private static SourceRecord event(String topic, Struct key, String value) {
    return new SourceRecord(
        Map.of(), Map.of(), topic, 0, key == null ? null : KEY, key, Schema.STRING_SCHEMA, value);
  }
}
