/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.law.Version;
import io.tidelake.streaming.changelog.ChangeEventMetadata;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Marks as deleted what a mirror has and the source has not, in batch, once the source was read.
 * What the source has is what the pipeline itself makes of the events of that time: the rows that
 * were read, and the changes since. The mark is a correction as of the beginning, so whatever came
 * later stands, whenever the pass runs and however often.
 */
final class DeletionPass {

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final Configuration job;

  /**
   * @param job where the batch jobs run
   */
  DeletionPass(LakeConfig config, LakeCatalog catalog, Configuration job) {
    this.config = config;
    this.catalog = catalog;
    this.job = job;
  }

  /**
   * What the topic of a table has since the beginning.
   *
   * @param rows of how many rows: those that were read, and those that changed meanwhile. Not what
   *     change capture counts, which reads some chunks twice
   * @param unreadable events that could not be read. Which rows they are of is not known
   */
  record Events(long rows, long unreadable) {}

  /**
   * Counts the events since the beginning.
   *
   * @param sources the source tables of the table
   * @param to offset by partition up to which its topic is read
   */
  Events events(
      RereadRun run, RereadRun.Table table, List<SourceFile> sources, Map<Integer, Long> to)
      throws InterruptedException {
    TableEnvironment session = session(table, sources, to);
    long seen = 0;
    long unreadable = 0;
    for (SourceFile source : sources) {
      String sql =
          """
          SELECT COUNT(IF(unreadable = 0, 1, CAST(NULL AS INT))), COALESCE(SUM(unreadable), 0)
          FROM (SELECT COUNT(`%s`) AS unreadable FROM `%s` WHERE `%s` > %d GROUP BY %s)
          """
              .formatted(
                  source.metadata(ChangeEventMetadata.ERROR),
                  source.name(),
                  source.metadata(ChangeEventMetadata.ROW_VERSION),
                  version(run),
                  list("", source.keyColumns()));
      try (CloseableIterator<Row> rows = session.executeSql(sql).collect()) {
        Row counts = rows.next();
        seen = Math.max(seen, (long) counts.getField(0));
        unreadable += (long) counts.getField(1);
      } catch (Exception e) {
        throw failed(table.name(), e);
      }
    }
    return new Events(seen, unreadable);
  }

  /**
   * Marks the rows of one mirror.
   *
   * @return how many
   */
  long mark(
      RereadRun run,
      RereadRun.Table table,
      List<SourceFile> sources,
      Map<Integer, Long> to,
      Mirror mirror)
      throws InterruptedException {
    TableEnvironment session = session(table, sources, to);
    mirror.pipeline().createViews(session);
    String name = mirror.table().name();
    List<String> columns = mirror.table().columns().stream().map(Column::name).toList();
    List<String> key = mirror.table().primaryKey();
    session.executeSql(
        "CREATE TEMPORARY VIEW reread_seen (%s) AS %s"
            .formatted(list("", columns), mirror.query()));
    String user = "reread-" + run.id();
    session.getConfig().set(FlinkSession.tableOption(config, name, "commit.user-prefix"), user);
    long before = catalog.latestSnapshotId(name);
    String version = String.valueOf(version(run));
    try {
      session
          .executeSql(
              """
              INSERT INTO `%1$s`
              SELECT %2$s
              FROM `%1$s` AS held
              LEFT JOIN (SELECT DISTINCT %3$s FROM reread_seen WHERE `%4$s` > %5$s) AS seen ON %6$s
              WHERE seen.`%7$s` IS NULL AND held.`%8$s` IS NOT TRUE AND held.`%4$s` < %5$s
              """
                  .formatted(
                      name,
                      marked(columns, mirror, version),
                      list("", key),
                      mirror.version(),
                      version,
                      key.stream()
                          .map(column -> "held.`%1$s` = seen.`%1$s`".formatted(column))
                          .collect(Collectors.joining(" AND ")),
                      key.get(0),
                      TableDefinition.IS_DELETED))
          .await();
    } catch (ExecutionException | RuntimeException e) {
      throw failed(name, e);
    }
    return catalog
        .findCommit(name, user, before)
        .map(commit -> commit.deltaRecordCount())
        .orElse(0L);
  }

  private TableEnvironment session(
      RereadRun.Table table, List<SourceFile> sources, Map<Integer, Long> to) {
    TableEnvironment session = FlinkSession.openBatch(config, job);
    Pipeline.createSources(config, session);
    for (SourceFile source : sources) {
      SourceFiles.setOptions(
          source.name(),
          Map.of("bounded", "true", "from-offsets", text(table.from()), "to-offsets", text(to)),
          session);
    }
    return session;
  }

  private static String text(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .map(offset -> offset.getKey() + ":" + offset.getValue())
        .collect(Collectors.joining(","));
  }

  private static String marked(List<String> columns, Mirror mirror, String version) {
    return columns.stream()
        .map(
            column -> {
              if (column.equals(TableDefinition.IS_DELETED)) {
                return "TRUE";
              }
              return column.equals(mirror.version()) ? version : "held." + SqlName.quoted(column);
            })
        .collect(Collectors.joining(", "));
  }

  private static String list(String qualifier, List<String> columns) {
    return columns.stream()
        .map(column -> qualifier + SqlName.quoted(column))
        .collect(Collectors.joining(", "));
  }

  /** The version of what is marked, which every change since the beginning beats. */
  static long version(RereadRun run) {
    return Version.correction(run.asOfMicros(), 0);
  }

  private static LakeException failed(String table, Exception cause) {
    return new LakeException(
        ErrorCode.DELETIONS_NOT_FOUND,
        "What the source has deleted could not be marked in "
            + table
            + ": "
            + LakeException.rootMessage(cause),
        "The rows themselves have been read again. `lake sources reread --resume` tries it once more.",
        cause);
  }
}
