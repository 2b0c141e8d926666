package io.tidelake.streaming.source;

import io.tidelake.tables.Column;
import java.util.List;

/**
 * A source table of the project: what its file says of the events of one table of the database.
 *
 * @param name of the source table in SQL, and of its file without {@code .sql}
 * @param topic the topic of its events
 * @param table the table of the database; the part of the topic behind the topic prefix
 * @param columns the columns that are read from the row, in order; types as Flink SQL writes them
 * @param keyColumns key of the table that the events go to
 * @param instantColumns columns that are TIMESTAMPs at the source, whatever its zone
 * @param strict whether an event whose columns are not these ends the job
 */
public record SourceFile(
    String name,
    String topic,
    String table,
    List<Column> columns,
    List<String> keyColumns,
    List<String> instantColumns,
    boolean strict) {

  public SourceFile {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
    instantColumns = List.copyOf(instantColumns);
  }
}
