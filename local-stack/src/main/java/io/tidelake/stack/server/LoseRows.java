/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Loses change events before they reach Kafka, for showing what a backfill mends. It simulates
 * records that real time never delivered: every event of a row is lost, from its insert to its
 * delete, and the other rows are untouched. A backfill in mode {@code fill} can fill such a row
 * exactly; of a row that lost some of its events only, real time would hold a value that is newer
 * than no snapshot and yet wrong.
 *
 * <p>Topic and key decide, and nothing else: the same rows are lost in every run and after every
 * restart of the worker with the same fraction. Events without a key, tombstones of rows that are
 * kept, and topics that are not named pass.
 *
 * @param <R> records of a source or a sink; Connect's own type
 */
public final class LoseRows<R extends ConnectRecord<R>> implements Transformation<R> {

  static final String FRACTION = "fraction";
  static final String TOPICS = "topics";

  private static final double HASHES = 1L << 32;
  private static final ConfigDef OPTIONS =
      new ConfigDef()
          .define(
              FRACTION,
              ConfigDef.Type.DOUBLE,
              ConfigDef.NO_DEFAULT_VALUE,
              ConfigDef.LambdaValidator.with(LoseRows::refuseNoFraction, () -> "[0, 1)"),
              ConfigDef.Importance.HIGH,
              "Which part of the rows is lost, from 0 (none) to less than 1.")
          .define(
              TOPICS,
              ConfigDef.Type.LIST,
              ConfigDef.Importance.HIGH,
              "The topics whose rows may be lost.");

  private double fraction;
  private Set<String> topics = Set.of();

  /** Whether rows can be lost to that fraction: 0 or more and less than 1. */
  public static boolean isFraction(double value) {
    return value >= 0 && value < 1;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    AbstractConfig options = new AbstractConfig(OPTIONS, properties);
    fraction = options.getDouble(FRACTION);
    topics = Set.copyOf(options.getList(TOPICS));
  }

  /** The record, or NULL when its row is one of the lost. */
  @Override
  public R apply(R event) {
    return event.key() != null && topics.contains(event.topic()) && isLost(event) ? null : event;
  }

  @Override
  public ConfigDef config() {
    return OPTIONS;
  }

  @Override
  public void close() {
    // Holds nothing that would have to be given back.
  }

  /** Its properties in a connector. */
  public static Map<String, String> properties(double fraction, List<String> topics) {
    return Map.of(
        "type",
        LoseRows.class.getName(),
        FRACTION,
        String.valueOf(fraction),
        TOPICS,
        String.join(",", topics));
  }

  private boolean isLost(R event) {
    // A struct's text has its fields in the order of the table, so equal keys have equal texts.
    String row = event.topic() + " " + event.key();
    long hash = Integer.toUnsignedLong(Utils.murmur2(row.getBytes(StandardCharsets.UTF_8)));
    return hash / HASHES < fraction;
  }

  private static void refuseNoFraction(String name, Object value) {
    if (!isFraction((Double) value)) {
      throw new ConfigException(name, value, "must be 0 or more and less than 1");
    }
  }
}
