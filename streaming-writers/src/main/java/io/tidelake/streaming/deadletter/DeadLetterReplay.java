/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.deadletter;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.changelog.LetterEvents;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.model.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.types.Row;

/**
 * Uses dead letters after all, when the cause is gone, beside the stream.
 *
 * <p>A letter of the change log is read again by its source file as that stands now, and goes
 * through the pipelines as they stand now, with the version that it had: what came later in the log
 * still wins. A letter of a table of the lake tells of a row that the pipelines could not use; the
 * stream takes up what becomes of the row by itself, so such a letter is only looked at again. What
 * can be used now is no letter any more.
 */
public final class DeadLetterReplay {

  private static final String KEY = "target, source, place";

  private final LakeConfig config;

  /** A replay by the source files and pipelines of a project. */
  public DeadLetterReplay(LakeConfig config) {
    this.config = config;
  }

  /**
   * What a replay did.
   *
   * @param replayed letters that could be used, by their target
   * @param remaining letters that still cannot, by their target
   */
  public record Result(Map<String, Long> replayed, Map<String, Long> remaining) {

    /** Letters of all targets that still cannot be used. */
    public long remainingLetters() {
      return remaining.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Replays once. Letters that come meanwhile are left to the next replay.
   *
   * @throws LakeException when a batch job fails; the letters stay then, and can be replayed again
   */
  public Result run(LakeCatalog catalog, DeadLetterFilter filter) throws InterruptedException {
    long snapshot = catalog.latestSnapshotId(DeadLetters.TABLE);
    if (snapshot == 0) {
      return new Result(Map.of(), Map.of());
    }
    StreamTableEnvironment session = FlinkSession.openBatch(config);
    session
        .getConfig()
        .set(
            FlinkSession.tableOption(config, DeadLetters.TABLE, "scan.snapshot-id"),
            String.valueOf(snapshot));
    session.executeSql(
        """
        CREATE TEMPORARY VIEW letters AS
        SELECT l.* FROM (SELECT * FROM %s WHERE %s) AS l
        LEFT JOIN (SELECT target, source, place, row_version AS settled_version FROM %s) AS s
          ON s.target = l.target AND s.source = l.source AND s.place = l.place
        WHERE settled_version IS NULL OR settled_version < row_version
        """
            .formatted(DeadLetters.TABLE, filter.condition(), DeadLetters.SETTLED));
    try {
      Map<String, Long> before = countByTarget(session, "letters");
      List<String> origins = sourcesOfLetters(session);
      List<SourceFile> files = SourceFiles.read(config);
      List<SourceFile> sources =
          files.stream().filter(file -> origins.contains(file.topic())).toList();
      List<Pipeline> pipelines = pipelines();
      Pipeline.createSources(config, session);
      files.forEach(file -> readFromLetters(file, session));
      pipelines.forEach(pipeline -> pipeline.createViews(session));
      use(pipelines, names(sources), session);
      session.executeSql(
          "CREATE TEMPORARY VIEW used AS "
              + used(sources, catalog.tableNames(), lettersOfTables(pipelines, names(files))));
      Map<String, Long> replayed = countByTarget(session, "used");
      if (!replayed.isEmpty()) {
        session
            .executeSql(
                "INSERT INTO %1$s SELECT %2$s, row_version, CURRENT_TIMESTAMP FROM letters WHERE (%2$s) IN (SELECT %2$s FROM used)"
                    .formatted(DeadLetters.SETTLED, KEY))
            .await();
        new DeadLetters(catalog).deleteSettled();
      }
      Map<String, Long> remaining = new TreeMap<>(before);
      replayed.forEach((target, count) -> remaining.merge(target, -count, Long::sum));
      remaining.values().removeIf(count -> count <= 0);
      return new Result(replayed, remaining);
    } catch (ExecutionException e) {
      throw new LakeException(
          ErrorCode.REPLAY_FAILED,
          "The dead letters could not be replayed: " + LakeException.rootMessage(e),
          "They are all still there. Remove the cause and replay again; the same letter twice does no harm.",
          e);
    }
  }

  private List<Pipeline> pipelines() {
    return config.jobs().values().stream()
        .flatMap(job -> job.pipelines().stream())
        .distinct()
        .map(name -> Pipeline.read(config, name))
        .toList();
  }

  /** What the pipelines say of rows of the lake's tables that cannot be used. */
  private static List<Derivation> lettersOfTables(List<Pipeline> pipelines, Set<String> sources) {
    return pipelines.stream()
        .flatMap(pipeline -> pipeline.derivationsNotReading(sources).stream())
        .filter(derivation -> derivation.target().equals(DeadLetters.TABLE))
        .toList();
  }

  private static Set<String> names(List<SourceFile> sources) {
    return sources.stream().map(SourceFile::name).collect(Collectors.toSet());
  }

  private static List<String> sourcesOfLetters(StreamTableEnvironment session) {
    return collect(session, "SELECT DISTINCT source FROM letters").stream()
        .map(row -> (String) row.getField(0))
        .toList();
  }

  /** Puts the letters of a source table in its place; many have none. */
  private static void readFromLetters(SourceFile source, StreamTableEnvironment session) {
    ResolvedCatalogTable table =
        (ResolvedCatalogTable) SourceFiles.resolved(source.name(), session);
    session.createTemporarySystemFunction(function(source), LetterEvents.of(table));
    session.executeSql("DROP TEMPORARY TABLE %s".formatted(SqlName.quoted(source.name())));
    session.executeSql(
        "CREATE TEMPORARY VIEW %s AS SELECT %s FROM %s"
            .formatted(
                SqlName.quoted(source.name()), LetterEvents.selectList(table), events(source)));
  }

  /** The letters of a source, each beside the rows that its message gives now. */
  private static String events(SourceFile source) {
    return "letters AS l, LATERAL TABLE(%s(l.source, l.place, l.payload, l.row_version, l.logged_at)) WHERE l.source = %s"
        .formatted(SqlName.quoted(function(source)), DeadLetterFilter.literal(source.topic()));
  }

  private static String function(SourceFile source) {
    return "events_of_" + source.name();
  }

  /** Runs every insert of the jobs that reads one of the sources. */
  private static void use(
      List<Pipeline> pipelines, Set<String> sources, StreamTableEnvironment session)
      throws InterruptedException, ExecutionException {
    List<String> inserts =
        pipelines.stream()
            .flatMap(pipeline -> pipeline.derivationsReading(sources).stream())
            .map(Derivation::insert)
            .toList();
    if (inserts.isEmpty()) {
      return;
    }
    StatementSet job = session.createStatementSet();
    inserts.forEach(job::addInsertSql);
    job.execute().await();
  }

  /** A query of the keys of the letters that are none any more. */
  private static String used(
      List<SourceFile> sources, List<String> lakeTables, List<Derivation> lettersOfTables) {
    List<String> queries = new ArrayList<>();
    for (SourceFile source : sources) {
      queries.add("SELECT DISTINCT %s FROM %s AND `$error` IS NULL".formatted(KEY, events(source)));
    }
    String fromTables =
        "SELECT %s FROM letters WHERE source IN (%s)"
            .formatted(
                KEY,
                lakeTables.stream()
                    .map(DeadLetterFilter::literal)
                    .collect(Collectors.joining(", ")));
    for (Derivation letters : lettersOfTables) {
      fromTables +=
          " EXCEPT SELECT %s FROM (%s) AS given (%s, reason, payload, row_version, logged_at)"
              .formatted(KEY, letters.query(), KEY);
    }
    queries.add(fromTables);
    return queries.stream().collect(Collectors.joining(") UNION ALL (", "(", ")"));
  }

  private static Map<String, Long> countByTarget(StreamTableEnvironment session, String letters) {
    Map<String, Long> counts = new TreeMap<>();
    collect(session, "SELECT target, COUNT(*) FROM %s GROUP BY target".formatted(letters))
        .forEach(row -> counts.put((String) row.getField(0), (Long) row.getField(1)));
    return counts;
  }

  private static List<Row> collect(StreamTableEnvironment session, String query) {
    List<Row> rows = new ArrayList<>();
    session.executeSql(query).collect().forEachRemaining(rows::add);
    return rows;
  }
}
