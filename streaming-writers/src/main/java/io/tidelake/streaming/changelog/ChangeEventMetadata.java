/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What a change event tells beside the columns of its row: the metadata of a source table. */
public enum ChangeEventMetadata {
  /** c, u, d or r; NULL when the event could not be read. */
  OP(DataTypes.STRING()),
  /** The row before an update, as JSON; NULL for other events and where the log does not tell. */
  BEFORE(DataTypes.STRING()),
  /** Why the event could not be read; NULL when it could. */
  ERROR(DataTypes.STRING()),
  /** The message as text when it could not be read; NULL when it could. */
  PAYLOAD(DataTypes.STRING()),
  /** The place of the change in the order of the source's log, see {@link LogClock}. */
  ROW_VERSION(DataTypes.BIGINT().notNull()),
  /** Topic of the message. */
  TOPIC(DataTypes.STRING().notNull()),
  /** Partition of the topic. */
  PARTITION(DataTypes.INT().notNull()),
  /** Offset in the partition. */
  OFFSET(DataTypes.BIGINT().notNull()),
  /** Partition and offset, as {@code 0/12345}: which message of the topic it is. */
  PLACE(DataTypes.STRING().notNull()),
  /** When the message entered the log. */
  TIMESTAMP(DataTypes.TIMESTAMP_LTZ(3).notNull());

  private final DataType type;

  ChangeEventMetadata(DataType type) {
    this.type = type;
  }

  /** What the file of a source table calls it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of its column. */
  public DataType type() {
    return type;
  }

  static ChangeEventMetadata of(String key) {
    return Arrays.stream(values()).filter(m -> m.key().equals(key)).findFirst().orElseThrow();
  }
}
