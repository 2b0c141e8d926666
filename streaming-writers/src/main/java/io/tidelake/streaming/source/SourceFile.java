/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.changelog.ChangeEventMetadata;
import io.tidelake.tables.model.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A source table of the project: what its file says of the events of one table of the database.
 *
 * @param name of the source table in SQL, and of its file without {@code .sql}
 * @param topic the topic of its events
 * @param table the table of the database; the part of the topic behind the topic prefix
 * @param columns the columns that are read from the row, in order; types as Flink SQL writes them
 * @param keyColumns key of the table that the events go to
 * @param instantColumns columns that are TIMESTAMPs at the source, whatever its zone
 * @param metadata how the columns are called that tell of the event, by what they tell
 * @param strict whether an event whose columns are not these ends the job
 * @param consumer properties of Kafka's consumer that reads the topic
 */
public record SourceFile(
    String name,
    String topic,
    String table,
    List<Column> columns,
    List<String> keyColumns,
    List<String> instantColumns,
    Map<String, String> metadata,
    boolean strict,
    Map<String, String> consumer) {

  private static final String GROUP = "group.id";

  public SourceFile {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
    instantColumns = List.copyOf(instantColumns);
    metadata = Map.copyOf(metadata);
    consumer = Map.copyOf(consumer);
  }

  /**
   * The column with a metadata of the event.
   *
   * @throws LakeException when the file has none
   */
  public String metadata(ChangeEventMetadata told) {
    String key = told.key();
    String column = metadata.get(key);
    if (column == null) {
      throw new LakeException(
          ErrorCode.SOURCE_FILE_INVALID,
          "The source table %s has no column with the metadata %s.".formatted(name, key),
          "Write one into its file: %s … METADATA VIRTUAL, as the other source tables have."
              .formatted(key));
    }
    return column;
  }

  /** How Kafka is reached: the consumer's properties, without its group. */
  public Map<String, Object> kafka() {
    Map<String, Object> properties = new HashMap<>(consumer);
    properties.remove(GROUP);
    return properties;
  }

  /**
   * The group under which the streaming job says how far it has read.
   *
   * @throws LakeException when the file names none, so that nobody can see it
   */
  public String group() {
    String group = consumer.get(GROUP);
    if (group == null) {
      throw new LakeException(
          ErrorCode.SOURCE_FILE_INVALID,
          "The source table "
              + name
              + " has no properties.group.id, so nobody can see how far the stream has read.",
          "Write 'properties.group.id' = 'tidelake' into its file.");
    }
    return group;
  }
}
