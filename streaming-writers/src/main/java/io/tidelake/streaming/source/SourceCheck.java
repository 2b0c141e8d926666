/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.database.DatabaseTable;
import io.tidelake.streaming.database.SourceDatabase;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares the source database with what the project's files say of it, and looks whether its log,
 * and the user of change capture, give all changes. Asks as that user and changes nothing.
 */
public final class SourceCheck {

  // MariaDB does not double the backticks in a constraint's name.
  private static final Pattern CASCADE =
      Pattern.compile(
          "^\\s*CONSTRAINT (`.+?`) FOREIGN KEY \\(`.+?`\\) REFERENCES (`.+?`) \\(`.+?`\\)"
              + "(.* ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT).*?),?$",
          Pattern.MULTILINE);

  /** What gh-ost and pt-online-schema-change call their tables. */
  private static final Pattern SHADOW = Pattern.compile("_+.+_(gho|ghc|del|new|old)");

  private final LakeConfig config;
  private final List<SourceFile> files;
  private final Adoption adoption;
  private final MisreadColumns misread;

  /**
   * A check that asks the configured database each time it is run.
   *
   * @param files the project's source files, see {@link SourceFiles#read}
   */
  public SourceCheck(LakeConfig config, List<SourceFile> files) {
    this.config = config;
    this.files = List.copyOf(files);
    this.adoption = new Adoption(config);
    this.misread = new MisreadColumns(config, files);
  }

  /**
   * All findings: those of the whole database first, then by table; of each the worst first.
   *
   * @throws LakeException when the database is not configured or does not answer
   */
  public List<SourceFinding> run() {
    try (SourceDatabase database = SourceDatabase.connect(config)) {
      Map<String, DatabaseTable> tables = database.tables();
      Grants grants = Grants.of(database);
      List<SourceFinding> findings = new ArrayList<>(LogSettings.findings(database));
      findings.addAll(LogSettings.avoiders(database));
      findings.addAll(grants.findings(database, files.stream().map(SourceFile::table).toList()));
      findings.addAll(timeZone(database, tables));
      findings.addAll(tables(database, grants, tables));
      findings.addAll(cascades(database, grants, tables));
      findings.addAll(misread.findings(database, tables));
      return sorted(findings);
    } catch (SQLException e) {
      throw SourceDatabase.unreachable(e);
    }
  }

  /**
   * The findings that can come while capture runs and cost little: the log's settings, tables and
   * columns, and what change capture takes them for.
   *
   * @throws LakeException when the database is not configured or does not answer
   */
  public List<SourceFinding> runBriefly() {
    try (SourceDatabase database = SourceDatabase.connect(config)) {
      List<SourceFinding> findings = new ArrayList<>(LogSettings.findings(database));
      Map<String, DatabaseTable> tables = database.tables();
      findings.addAll(tables(database, Grants.of(database), tables));
      findings.addAll(misread.findings(database, tables));
      return sorted(findings);
    } catch (SQLException e) {
      throw SourceDatabase.unreachable(e);
    }
  }

  /**
   * Tables whose columns change capture takes for others than they are.
   *
   * @throws LakeException when the database is not configured or does not answer
   */
  public List<SourceFinding> misreadColumns() {
    try (SourceDatabase database = SourceDatabase.connect(config)) {
      return misread.findings(database, database.tables());
    } catch (SQLException e) {
      throw SourceDatabase.unreachable(e);
    }
  }

  /**
   * The error of a source from which change capture must not start; empty when it may.
   *
   * @param findings of {@link #run}
   */
  public static Optional<LakeException> refusal(List<SourceFinding> findings) {
    List<SourceFinding> refusing = findings.stream().filter(SourceFinding::refusesCapture).toList();
    return refusing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new LakeException(
                ErrorCode.SOURCE_UNFIT,
                "Change capture would lose changes of the source database:\n"
                    + refusing.stream()
                        .map(finding -> "  " + finding.line())
                        .collect(Collectors.joining("\n")),
                refusing.stream()
                    .map(SourceFinding::whatToDo)
                    .distinct()
                    .collect(Collectors.joining("\n  "))));
  }

  private List<SourceFinding> tables(
      SourceDatabase database, Grants grants, Map<String, DatabaseTable> tables) {
    List<SourceFinding> findings = new ArrayList<>();
    Map<String, DatabaseTable> rest = new LinkedHashMap<>(tables);
    for (SourceFile file : files) {
      Optional<DatabaseTable> table = find(file, tables);
      if (table.isPresent()) {
        rest.remove(table.get().name());
        if (!table.get().name().equals(file.table())) {
          findings.add(otherName(file, table.get().name()));
        }
        findings.addAll(
            TableCheck.findings(file, table.get(), adoption, sourceZone().equals(ZoneOffset.UTC)));
      } else if (grants.has("SELECT", database.name(), file.table())) {
        // A table that may not be read cannot be seen either.
        findings.add(
            new SourceFinding(
                Severity.ERROR,
                Code.TABLE_MISSING,
                file.table(),
                "the database %s has no such table".formatted(database.name()),
                "Create it, or remove %s and the pipelines that read it."
                    .formatted(adoption.sourceFile(file))));
      }
    }
    for (DatabaseTable table : tables.values()) {
      for (DatabaseColumn column : table.columns().values()) {
        if (!table.isView() && ColumnTypes.stopsCapture(column)) {
          findings.add(
              new SourceFinding(
                  Severity.ERROR,
                  Code.TYPE_STOPS_CAPTURE,
                  table.name(),
                  ColumnTypes.whatItStops(column),
                  ColumnTypes.INSTEAD_OF_STOPPING));
        }
      }
    }
    findings.addAll(notCaptured(rest.values().stream().filter(table -> !table.isView()).toList()));
    return findings;
  }

  /** The table of a file: by its name, else by that of its topic, else by a name in other case. */
  private static Optional<DatabaseTable> find(SourceFile file, Map<String, DatabaseTable> tables) {
    if (tables.containsKey(file.table())) {
      return Optional.of(tables.get(file.table()));
    }
    return tables.values().stream()
        .filter(
            table ->
                topicName(table.name()).equals(file.table())
                    || table.name().equalsIgnoreCase(file.table()))
        .findFirst();
  }

  /** A name as it stands in a topic's: Kafka allows few characters. */
  private static String topicName(String table) {
    return table.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private SourceFinding otherName(SourceFile file, String name) {
    return topicName(name).equals(file.table())
        ? new SourceFinding(
            Severity.WARNING,
            Code.TABLE_NAME,
            name,
            "its topic ends with %s, since a topic's name has no such characters; the local stack captures only tables that are called as their topics"
                .formatted(file.table()),
            "In a Kafka Connect of your own, name the table as it is in table.include.list.")
        : new SourceFinding(
            Severity.ERROR,
            Code.TABLE_NAME,
            name,
            "%s calls it %s, and names of topics have one case only: nothing of it arrives"
                .formatted(adoption.sourceFile(file), file.table()),
            "Write 'topic' = '${source.topic-prefix}.%s' in %s."
                .formatted(name, adoption.sourceFile(file)));
  }

  private static List<SourceFinding> notCaptured(List<DatabaseTable> tables) {
    List<SourceFinding> findings = new ArrayList<>();
    List<String> shadows = new ArrayList<>();
    for (DatabaseTable table : tables) {
      if (SHADOW.matcher(table.name()).matches()) {
        shadows.add(table.name());
      } else {
        findings.add(
            new SourceFinding(
                Severity.NOTE,
                Code.TABLE_NOT_CAPTURED,
                table.name(),
                "no source file names it: change capture leaves it out",
                ""));
      }
    }
    if (!shadows.isEmpty()) {
      findings.add(
          new SourceFinding(
              Severity.NOTE,
              Code.SHADOW_TABLES,
              "",
              "%s look like tables of an online schema change: change capture leaves them out"
                  .formatted(String.join(", ", shadows)),
              ""));
    }
    return findings;
  }

  private List<SourceFinding> cascades(
      SourceDatabase database, Grants grants, Map<String, DatabaseTable> tables)
      throws SQLException {
    List<SourceFinding> findings = new ArrayList<>();
    for (SourceFile file : files) {
      DatabaseTable table = find(file, tables).orElse(null);
      if (table == null || table.isView() || !grants.has("SELECT", database.name(), table.name())) {
        continue;
      }
      // information_schema.REFERENTIAL_CONSTRAINTS shows nothing to a user who may only read.
      String definition = database.definition(table.name());
      Matcher cascade = CASCADE.matcher(definition);
      while (cascade.find()) {
        findings.add(
            new SourceFinding(
                Severity.WARNING,
                Code.CASCADE,
                table.name(),
                "the foreign key %s to %s has%s: rows that it deletes or changes are not in the log, and stay as they are in the lake"
                    .formatted(cascade.group(1), cascade.group(2), cascade.group(3)),
                "Let the application delete or change the rows itself, with ON DELETE RESTRICT; or read the table again after such changes."));
      }
    }
    return findings;
  }

  private List<SourceFinding> timeZone(SourceDatabase database, Map<String, DatabaseTable> tables)
      throws SQLException {
    boolean anyLocalTime =
        files.stream()
            .flatMap(file -> find(file, tables).stream())
            .flatMap(table -> table.columns().values().stream())
            .anyMatch(column -> column.type().equals("datetime"));
    if (!anyLocalTime) {
      return List.of();
    }
    ZoneId zone = sourceZone();
    // Winter, summer and now tell zones apart by what they do, whatever the server calls its own.
    int year = Year.now(ZoneOffset.UTC).getValue();
    for (Instant moment :
        List.of(
            Instant.parse(year + "-01-15T12:00:00Z"),
            Instant.parse(year + "-07-15T12:00:00Z"),
            Instant.ofEpochSecond(Instant.now().getEpochSecond()))) {
      LocalDateTime there =
          database
              .query(
                  "SELECT CAST(FROM_UNIXTIME(%d) AS CHAR)".formatted(moment.getEpochSecond()),
                  row -> LocalDateTime.parse(row.getString(1).replace(' ', 'T')))
              .get(0);
      if (!there.equals(LocalDateTime.ofInstant(moment, zone))) {
        String server =
            database
                .query(
                    "SELECT IF(@@GLOBAL.time_zone = 'SYSTEM', CONCAT('SYSTEM, ', @@system_time_zone), @@GLOBAL.time_zone)",
                    row -> row.getString(1))
                .get(0);
        return List.of(
            new SourceFinding(
                Severity.WARNING,
                Code.TIME_ZONE,
                "",
                "the time zone of the server is %s, that of the configuration %s: DATETIMEs that the server fills itself, as by NOW(), are read wrongly"
                    .formatted(server, zone),
                "Set source: time-zone: to the zone in which the application writes DATETIMEs; nothing, if it always sets its own (SET time_zone) and that is "
                    + zone
                    + "."));
      }
    }
    return List.of();
  }

  private ZoneId sourceZone() {
    return config.source().timeZone().normalized();
  }

  private static List<SourceFinding> sorted(List<SourceFinding> findings) {
    return findings.stream()
        .sorted(Comparator.comparing(SourceFinding::table).thenComparing(SourceFinding::severity))
        .toList();
  }
}
