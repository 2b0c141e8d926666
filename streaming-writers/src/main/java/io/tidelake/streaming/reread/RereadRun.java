package io.tidelake.streaming.reread;

import java.util.List;
import java.util.Map;

/**
 * Tables of the source that are read again together. It lies in Kafka beside the order that starts
 * it, so that any command can go on with it.
 *
 * @param id its name; Debezium's answers carry it
 * @param asOfMicros when it began by the source's own clock, in microseconds since 1970: what a
 *     table of the lake has from before, and the source has not, is deleted as of then
 * @param where which rows are read, as SQL of the source; NULL for all
 * @param tables what is read
 */
record RereadRun(String id, long asOfMicros, String where, List<Table> tables) {

  /**
   * A table that is read again.
   *
   * @param name the table of the source
   * @param topic where its events go
   * @param from the offsets, by partition, at which the topic ended when it began
   */
  record Table(String name, String topic, Map<Integer, Long> from) {}

  List<String> names() {
    return tables.stream().map(Table::name).toList();
  }
}
