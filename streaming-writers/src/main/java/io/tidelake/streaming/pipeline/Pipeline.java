package io.tidelake.streaming.pipeline;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.LakeHome;
import io.tidelake.error.LakeException;
import io.tidelake.tables.schema.SqlScript;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A pipeline: a SQL file of views and {@code INSERT INTO} statements that runs in streaming and in
 * batch mode, alone or in one job with others.
 */
public final class Pipeline {

  private final SqlScript script;

  private Pipeline(SqlScript script) {
    this.script = script;
  }

  /**
   * Reads a pipeline.
   *
   * @param name its file's name without {@code .sql}
   * @throws LakeException when there is no such file
   */
  public static Pipeline read(LakeHome home, LakeConfig config, String name) {
    return new Pipeline(
        SqlScript.read(home.pipelines().resolve(name + ".sql"), config.sqlParameters()));
  }

  /** All pipelines of the project. */
  public static List<Pipeline> readAll(LakeHome home, LakeConfig config) {
    return LakeHome.sqlFiles(home.pipelines()).stream()
        .map(file -> new Pipeline(SqlScript.read(file, config.sqlParameters())))
        .toList();
  }

  /** Makes the source tables of change capture known to a session. */
  public static void createSources(LakeHome home, LakeConfig config, TableEnvironment environment) {
    LakeHome.sqlFiles(home.sources())
        .forEach(
            file -> {
              SqlScript script = SqlScript.read(file, config.sqlParameters());
              script.statements().forEach(statement -> execute(script, statement, environment));
            });
  }

  /** The file's name without {@code .sql}. */
  public String name() {
    return script.name();
  }

  /**
   * Adds the pipeline's inserts to a job; its views are created in the session.
   *
   * @throws LakeException when the SQL does not fit the tables
   */
  public void addTo(StatementSet job, TableEnvironment environment) {
    for (String statement : script.statements()) {
      if (isInsert(statement)) {
        try {
          job.addInsertSql(statement);
        } catch (RuntimeException e) {
          throw invalid(script, statement, e);
        }
      } else {
        execute(script, statement, environment);
      }
    }
  }

  /** Its statements, without comments. */
  public List<String> statements() {
    return script.statements();
  }

  /** The pipeline's {@code INSERT INTO} statements. */
  public List<String> inserts() {
    List<String> inserts = new ArrayList<>(script.statements());
    inserts.removeIf(statement -> !isInsert(statement));
    return List.copyOf(inserts);
  }

  /** The tables that the inserts write, one for each insert. */
  public List<String> targets() {
    return inserts().stream().map(insert -> insert.strip().split("[\\s(]+")[2]).toList();
  }

  /** Whether its text names a table. */
  public boolean mentions(String table) {
    Pattern name = naming(List.of(table));
    return script.statements().stream().anyMatch(statement -> name.matcher(statement).find());
  }

  /** Finds the names in a text, as words. */
  static Pattern naming(Collection<String> tables) {
    return Pattern.compile(
        tables.stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(", ")\\b")));
  }

  /**
   * The inserts that name one of some tables; all of them when a view of the pipeline does.
   *
   * @param tables their names
   */
  public List<String> insertsThatName(Collection<String> tables) {
    if (tables.isEmpty()) {
      return List.of();
    }
    Pattern names = naming(tables);
    boolean inViews =
        script.statements().stream()
            .anyMatch(statement -> !isInsert(statement) && names.matcher(statement).find());
    return inserts().stream().filter(insert -> inViews || names.matcher(insert).find()).toList();
  }

  /** What the inserts say that write whole rows. */
  public List<Derivation> derivations() {
    List<String> others = script.statements().stream().filter(text -> !isInsert(text)).toList();
    return inserts().stream().flatMap(insert -> Derivation.of(insert, others).stream()).toList();
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
    script.statements().stream()
        .filter(statement -> !isInsert(statement))
        .forEach(statement -> execute(script, statement, environment));
  }

  private static boolean isInsert(String statement) {
    return statement.regionMatches(true, 0, "INSERT", 0, 6);
  }

  private static void execute(SqlScript script, String statement, TableEnvironment environment) {
    try {
      environment.executeSql(statement);
    } catch (RuntimeException e) {
      throw invalid(script, statement, e);
    }
  }

  private static LakeException invalid(SqlScript script, String statement, RuntimeException cause) {
    return invalid(
        script.file().getFileName()
            + ", statement `"
            + statement.lines().findFirst().orElse("")
            + " …`",
        cause);
  }

  /** The error of SQL that does not fit its tables. */
  public static LakeException invalid(String where, RuntimeException cause) {
    return new LakeException(
        "PIPELINE_INVALID",
        where + ": " + LakeException.rootMessage(cause),
        "Mend the file. `lake tables show TABLE` prints a table's columns; `lake tables apply` creates missing tables.",
        cause);
  }
}
