package io.tidelake.streaming.reread;

import io.tidelake.streaming.Pipeline;
import io.tidelake.streaming.changelog.ChangeLogTableFactory;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedCatalogTable;

/**
 * A table of the source, as a session knows it.
 *
 * @param source name of its source table in the session
 * @param name the table of the source
 * @param topic the topic of its events
 * @param options of the source table
 */
record CapturedTable(String source, String name, String topic, Map<String, String> options) {

  private static final String KAFKA = "properties.";

  /**
   * All of a session, into which {@link Pipeline#createSources} has put the source tables.
   *
   * @return in the order of their names
   */
  static List<CapturedTable> of(TableEnvironment session, LakeConfig config) {
    String prefix = config.source().topicPrefix() + ".";
    List<CapturedTable> tables = new ArrayList<>();
    for (String name : session.listTemporaryTables()) {
      ResolvedCatalogBaseTable<?> table =
          catalog(session).getTableOrError(id(session, name)).getResolvedTable();
      String topic = table.getOptions().getOrDefault("topic", "");
      if (ChangeLogTableFactory.IDENTIFIER.equals(table.getOptions().get("connector"))
          && topic.startsWith(prefix)) {
        tables.add(
            new CapturedTable(name, topic.substring(prefix.length()), topic, table.getOptions()));
      }
    }
    return tables;
  }

  /**
   * Replaces the source table in a batch session by a part of its topic.
   *
   * @param from first offset by partition
   * @param to offset by partition before which it ends
   */
  void bound(TableEnvironment session, Map<Integer, Long> from, Map<Integer, Long> to) {
    ResolvedCatalogTable table =
        (ResolvedCatalogTable)
            catalog(session).getTableOrError(id(session, source)).getResolvedTable();
    Map<String, String> bounded = new HashMap<>(options);
    bounded.put("bounded", "true");
    bounded.put("from-offsets", text(from));
    bounded.put("to-offsets", text(to));
    catalog(session).dropTemporaryTable(id(session, source), false);
    catalog(session).createTemporaryTable(table.copy(bounded), id(session, source), false);
  }

  private static String text(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(offset -> offset.getKey() + ":" + offset.getValue())
        .collect(Collectors.joining(","));
  }

  private static CatalogManager catalog(TableEnvironment session) {
    return ((TableEnvironmentInternal) session).getCatalogManager();
  }

  private static ObjectIdentifier id(TableEnvironment session, String name) {
    return ObjectIdentifier.of(session.getCurrentCatalog(), session.getCurrentDatabase(), name);
  }

  /** How Kafka is reached: what the source table says. */
  Map<String, Object> kafka() {
    Map<String, Object> properties = new HashMap<>();
    options.forEach(
        (option, value) -> {
          if (option.startsWith(KAFKA)) {
            properties.put(option.substring(KAFKA.length()), value);
          }
        });
    properties.remove("group.id");
    return properties;
  }

  /** The group under which the streaming job says how far it has read. */
  String group() {
    String group = options.get(KAFKA + "group.id");
    if (group == null) {
      throw new LakeException(
          "SOURCE_FILE_INVALID",
          "The source table "
              + source
              + " has no properties.group.id, so nobody can see how far"
              + " the stream has read.",
          "Write 'properties.group.id' = 'tidelake' into its file.");
    }
    return group;
  }
}
