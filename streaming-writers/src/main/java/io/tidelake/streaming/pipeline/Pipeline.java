/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.tables.schema.SqlStatement;
import io.tidelake.tables.schema.SqlStatement.UnreadableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A pipeline: a SQL file of views and {@code INSERT INTO} statements that runs in streaming and in
 * batch mode, alone or in one job with others.
 *
 * <p>Several inserts into one table are one: {@code INSERT INTO t (columns) SELECT …} sets some
 * columns of a row and leaves the others NULL, as in any Flink SQL client, but all of them together
 * have one sink.
 */
public final class Pipeline {

  private static final String OPEN_DAYS = "IS_OPEN_DAY";

  private final SqlScript script;
  private final InsertUnion union;
  private final List<SqlStatement> statements;

  private Pipeline(LakeConfig config, SqlScript script) {
    this.script = script;
    this.union = new InsertUnion(config.folders(), script.file());
    this.statements = parse(script);
  }

  /**
   * Reads a pipeline.
   *
   * @param name its file's name without {@code .sql}
   * @throws LakeException when there is no such file, or it holds no SQL
   */
  public static Pipeline read(LakeConfig config, String name) {
    return new Pipeline(
        config,
        SqlScript.read(
            config.folders().pipelines().resolve(name + ".sql"), config.sqlParameters()));
  }

  /** All pipelines of the project. */
  public static List<Pipeline> readAll(LakeConfig config) {
    return Folders.sqlFiles(config.folders().pipelines()).stream()
        .map(file -> new Pipeline(config, SqlScript.read(file, config.sqlParameters())))
        .toList();
  }

  /** Makes the source tables of change capture known to a session. */
  public static void createSources(LakeConfig config, TableEnvironment environment) {
    Folders.sqlFiles(config.folders().sources())
        .forEach(
            file -> {
              SqlScript script = SqlScript.read(file, config.sqlParameters());
              script.statements().forEach(statement -> execute(script, statement, environment));
            });
  }

  /** The names of the source tables: each file holds the one that it is named after. */
  public static Set<String> sourceNames(LakeConfig config) {
    return Folders.sqlFiles(config.folders().sources()).stream()
        .map(file -> file.getFileName().toString().replaceFirst("\\.sql$", ""))
        .collect(Collectors.toSet());
  }

  /** The tables that change capture writes: what pipelines write that read source tables. */
  public static Set<String> captured(LakeConfig config) {
    return captured(config, readAll(config));
  }

  private static Set<String> captured(LakeConfig config, List<Pipeline> pipelines) {
    Set<String> sources = sourceNames(config);
    return pipelines.stream()
        .flatMap(pipeline -> pipeline.derivationsReading(sources).stream())
        .map(Derivation::target)
        .collect(Collectors.toSet());
  }

  /**
   * The tables that pipelines make of others and nobody else writes, sorted: not those of change
   * capture, nor the lake's own records.
   */
  public static Set<String> derived(LakeConfig config) {
    List<Pipeline> pipelines = readAll(config);
    Set<String> tables =
        pipelines.stream()
            .filter(pipeline -> !config.repairs().contains(pipeline.name()))
            .flatMap(pipeline -> pipeline.derivations().stream())
            .map(Derivation::target)
            .filter(target -> !OpsTable.isOne(target))
            .collect(Collectors.toCollection(TreeSet::new));
    tables.removeAll(captured(config, pipelines));
    return tables;
  }

  /** The file's name without {@code .sql}. */
  public String name() {
    return script.name();
  }

  /** Where it was read from. */
  public Path file() {
    return script.file();
  }

  /**
   * Adds what the pipeline writes to a job; its views are created in the session.
   *
   * @throws LakeException when the SQL does not fit the tables
   */
  public void addTo(StatementSet job, TableEnvironment environment) {
    createViews(environment);
    for (String insert : inserts()) {
      try {
        job.addInsertSql(insert);
      } catch (RuntimeException e) {
        throw invalid(script, insert, e);
      }
    }
  }

  /** Its statements, without comments. */
  public List<String> statements() {
    return script.statements();
  }

  /** One {@code INSERT INTO} for each table that it writes. */
  public List<String> inserts() {
    return united(insert -> true).stream().map(Derivation::insert).toList();
  }

  /** The tables that it writes. */
  public List<String> targets() {
    return parts().stream().map(Insert::target).distinct().toList();
  }

  /** The tables and views that its statements read or make. */
  public Set<String> names() {
    return statements.stream()
        .flatMap(statement -> Stream.concat(statement.reads().stream(), statement.name().stream()))
        .collect(Collectors.toSet());
  }

  /** Whether what it writes depends on which days are open. */
  public boolean usesOpenDays() {
    return statements.stream().anyMatch(statement -> statement.calls(OPEN_DAYS));
  }

  /** Whether one of its statements reads a table. */
  public boolean reads(String table) {
    return statements.stream().anyMatch(statement -> statement.reads().contains(table));
  }

  /**
   * What its inserts say, for each table that they make. One that reads its own table makes nothing
   * of it: it changes what others made.
   */
  public List<Derivation> derivations() {
    return united(insert -> !insert.reads().contains(insert.target()));
  }

  /** What those inserts write that read one of some tables, themselves or through views. */
  public List<Derivation> derivationsReading(Set<String> tables) {
    return united(insert -> insert.readsAny(tables));
  }

  /** What the other inserts write. */
  public List<Derivation> derivationsNotReading(Set<String> tables) {
    return united(insert -> !insert.readsAny(tables));
  }

  private List<Derivation> united(Predicate<Insert> chosen) {
    Map<String, List<Insert>> byTable = new LinkedHashMap<>();
    parts().stream()
        .filter(chosen)
        .forEach(
            insert ->
                byTable.computeIfAbsent(insert.into(), table -> new ArrayList<>()).add(insert));
    return byTable.values().stream().map(union::of).toList();
  }

  /** Whether streams leave closed days of a table that it writes to batch. */
  public boolean leavesClosedDays() {
    return derivations().stream().anyMatch(Derivation::leavesClosedDays);
  }

  /**
   * Makes the pipeline's views known to a session.
   *
   * @throws LakeException when the SQL does not fit the tables
   */
  public void createViews(TableEnvironment environment) {
    statements.stream()
        .filter(statement -> statement.kind() != SqlStatement.Kind.INSERT)
        .forEach(statement -> execute(script, statement.text(), environment));
  }

  /** Its inserts, one by one. */
  List<Insert> parts() {
    return statements.stream()
        .filter(statement -> statement.kind() == SqlStatement.Kind.INSERT)
        .map(this::part)
        .toList();
  }

  private Insert part(SqlStatement insert) {
    Set<String> reads = new HashSet<>(insert.reads());
    List<SqlStatement> views = new ArrayList<>();
    boolean usesOpenDays = insert.calls(OPEN_DAYS);
    // A view can name only those above it.
    for (int i = statements.size() - 1; i >= 0; i--) {
      SqlStatement view = statements.get(i);
      if (view.kind() == SqlStatement.Kind.VIEW && reads.remove(view.name().orElseThrow())) {
        views.add(0, view);
        reads.addAll(view.reads());
        usesOpenDays |= view.calls(OPEN_DAYS);
      }
    }
    return new Insert(
        insert.name().orElseThrow(),
        insert.into().orElseThrow(),
        insert.columns(),
        insert.query().orElseThrow(),
        views.stream().map(SqlStatement::text).toList(),
        reads,
        usesOpenDays);
  }

  private static List<SqlStatement> parse(SqlScript script) {
    List<SqlStatement> statements = new ArrayList<>();
    for (int i = 0; i < script.statements().size(); i++) {
      try {
        statements.add(SqlStatement.parse(script.statements().get(i)));
      } catch (UnreadableException e) {
        int line = script.lines().get(i) + e.line() - 1;
        throw invalid(script.file().getFileName() + ", line " + line, e);
      }
    }
    return statements;
  }

  private static void execute(SqlScript script, String statement, TableEnvironment environment) {
    try {
      environment.executeSql(statement);
    } catch (RuntimeException e) {
      throw invalid(script, statement, e);
    }
  }

  private static LakeException invalid(SqlScript script, String statement, Exception cause) {
    return invalid(
        script.file().getFileName()
            + ", statement `"
            + statement.lines().findFirst().orElse("")
            + " …`",
        cause);
  }

  /** The error of SQL that does not fit its tables. */
  public static LakeException invalid(String where, Exception cause) {
    return new LakeException(
        ErrorCode.PIPELINE_INVALID,
        where + ": " + LakeException.rootMessage(cause),
        "Mend the file. `lake tables show TABLE` prints a table's columns; `lake tables apply` creates missing tables.",
        cause);
  }
}
