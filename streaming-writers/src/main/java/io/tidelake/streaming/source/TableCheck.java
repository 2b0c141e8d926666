/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.database.DatabaseTable;
import io.tidelake.streaming.source.ColumnTypes.Misfit;
import io.tidelake.streaming.source.SourceFinding.Code;
import io.tidelake.streaming.source.SourceFinding.Severity;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.SqlName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** Compares one source file with the table of the database that it names. */
final class TableCheck {

  private static final Map<String, String> UNLOGGED_ENGINES =
      Map.of(
          "MEMORY", "it is empty after a restart of the server, which is logged for no row",
          "BLACKHOLE", "it keeps no rows, and the log has no updates and deletes of it",
          "FEDERATED", "its rows change on another server, whose log nobody reads",
          "CONNECT", "its rows can change outside of the server",
          "SPIDER", "its rows change on other servers, whose logs nobody reads",
          "MRG_MYISAM", "its rows are logged as those of the tables below it");

  private final SourceFile file;
  private final DatabaseTable table;
  private final Adoption adoption;
  private final boolean sourceIsUtc;
  private final List<SourceFinding> findings = new ArrayList<>();
  private final Map<String, Column> columns = new LinkedHashMap<>();

  private TableCheck(SourceFile file, DatabaseTable table, Adoption adoption, boolean sourceIsUtc) {
    this.file = file;
    this.table = table;
    this.adoption = adoption;
    this.sourceIsUtc = sourceIsUtc;
    file.columns().forEach(column -> columns.put(column.name(), column));
  }

  /**
   * What does not fit.
   *
   * @param sourceIsUtc whether the source's local times are UTC, so that they are instants as well
   */
  static List<SourceFinding> findings(
      SourceFile file, DatabaseTable table, Adoption adoption, boolean sourceIsUtc) {
    TableCheck check = new TableCheck(file, table, adoption, sourceIsUtc);
    if (table.isView()) {
      check.add(
          Severity.ERROR,
          Code.TABLE_MISSING,
          "it is a view: the log has rows of the tables below it only",
          "Capture those tables, and remove " + adoption.sourceFile(file) + ".");
    } else {
      check.checkKey();
      check.checkColumns();
      check.checkTypes();
      check.checkInstants();
      check.checkEngine();
    }
    return check.findings;
  }

  private void checkKey() {
    List<String> key = table.key();
    if (key.isEmpty()) {
      add(
          Severity.ERROR,
          Code.KEY_MISSING,
          "it has no primary key: updates and deletes of its rows cannot be told apart",
          "ALTER TABLE %s ADD PRIMARY KEY (…), and name its columns in 'key-columns' of %s."
              .formatted(SqlName.quoted(table.name()), adoption.sourceFile(file)));
      return;
    }
    List<String> absent =
        key.stream().filter(column -> !file.keyColumns().contains(column)).toList();
    if (!absent.isEmpty()) {
      add(
          Severity.ERROR,
          Code.KEY_DIFFERS,
          "its primary key is (%s), but 'key-columns' is (%s): rows that differ in %s only become one"
              .formatted(
                  String.join(", ", key),
                  String.join(", ", file.keyColumns()),
                  String.join(", ", absent)),
          "Write 'key-columns' = '%s' in %s, and give the tables that are filled from it (%s) that key."
              .formatted(
                  String.join(";", key),
                  adoption.sourceFile(file),
                  String.join(", ", adoption.tablesOf(file))));
    }
  }

  private void checkColumns() {
    List<Column> lost =
        new ArrayList<>(
            file.columns().stream()
                .filter(column -> !table.columns().containsKey(column.name()))
                .toList());
    List<DatabaseColumn> gained =
        new ArrayList<>(
            table.columns().values().stream()
                .filter(column -> !columns.containsKey(column.name()))
                .toList());
    takeRenamed(lost, gained);
    for (Column column : lost) {
      boolean isKey = file.keyColumns().contains(column.name());
      add(
          file.strict() || isKey ? Severity.ERROR : Severity.WARNING,
          Code.COLUMN_MISSING,
          "the database has no column %s: %s"
              .formatted(column.name(), consequence(isKey, "its values are NULL from now on")),
          "Nothing, if NULLs are right; else remove the column from %s, from the SELECT that reads it and from the table (%s)."
              .formatted(adoption.sourceFile(file), String.join(", ", adoption.tablesOf(file))));
    }
    for (DatabaseColumn column : gained) {
      add(
          file.strict() ? Severity.ERROR : Severity.NOTE,
          Code.COLUMN_NEW,
          "the column %s %s is in no file: %s"
              .formatted(column.name(), column.declaration(), consequence(false, "left out")),
          adoption.ofNew(file, column));
    }
  }

  /** Finds pairs, and takes them out of both lists. */
  private void takeRenamed(List<Column> lost, List<DatabaseColumn> gained) {
    for (Column column : List.copyOf(lost)) {
      LogicalType type = ColumnTypes.parse(column.type());
      List<DatabaseColumn> likely =
          gained.stream().filter(other -> other.name().equalsIgnoreCase(column.name())).toList();
      if (likely.isEmpty()) {
        likely = gained.stream().filter(other -> ColumnTypes.isLike(other, type)).toList();
        boolean others =
            lost.stream()
                .filter(other -> !other.equals(column))
                .anyMatch(other -> ColumnTypes.parse(other.type()).is(type.getTypeRoot()));
        if (others || likely.size() != 1) {
          continue;
        }
      }
      DatabaseColumn now = likely.get(0);
      boolean isKey = file.keyColumns().contains(column.name());
      add(
          file.strict() || isKey ? Severity.ERROR : Severity.WARNING,
          Code.COLUMN_RENAMED,
          "the column %s is gone and %s of the same type is new, as after a rename: %s"
              .formatted(
                  column.name(),
                  now.name(),
                  consequence(
                      isKey,
                      "the values of %s are NULL from now on, %s is left out"
                          .formatted(column.name(), now.name()))),
          adoption.ofRenamed(file, column, now));
      lost.remove(column);
      gained.remove(now);
    }
  }

  private String consequence(boolean isKey, String otherwise) {
    if (file.strict()) {
      return "the source is strict, the job ends at the next event";
    }
    return isKey ? "it belongs to the key, each event becomes a dead letter" : otherwise;
  }

  private void checkTypes() {
    for (DatabaseColumn now : table.columns().values()) {
      Column column = columns.get(now.name());
      if (column == null) {
        continue;
      }
      LogicalType type = ColumnTypes.parse(column.type());
      Misfit misfit = ColumnTypes.misfit(now, type).orElse(null);
      if (misfit != null) {
        add(
            misfit.severity(),
            misfit.severity() == Severity.ERROR ? Code.TYPE_UNREADABLE : Code.TYPE_NARROW,
            "%s is %s: %s".formatted(now.name(), now.declaration(), misfit.reason()),
            "Write %s %s in %s and in the tables that are filled from it (%s). Then lake tables apply, and start the job anew."
                .formatted(
                    now.name(),
                    ColumnTypes.toWrite(now),
                    adoption.sourceFile(file),
                    String.join(", ", adoption.tablesOf(file))));
      } else {
        ColumnTypes.arrival(now, type)
            .ifPresent(
                how ->
                    add(
                        Severity.NOTE,
                        Code.TYPE_ARRIVES,
                        "%s is %s: %s".formatted(now.name(), now.declaration(), how),
                        ""));
      }
    }
  }

  /**
   * A TIMESTAMP comes in UTC, a DATETIME as it is; where the source's zone is another, that
   * matters.
   */
  private void checkInstants() {
    if (sourceIsUtc) {
      return;
    }
    Set<String> instants =
        table.columns().values().stream()
            .filter(column -> column.type().equals("timestamp"))
            .map(DatabaseColumn::name)
            .filter(
                name ->
                    columns.containsKey(name)
                        && ColumnTypes.parse(columns.get(name).type())
                            .is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE))
            .collect(Collectors.toSet());
    for (String name : instants) {
      if (!file.instantColumns().contains(name)) {
        add(
            Severity.ERROR,
            Code.TIME_ZONE,
            name
                + " is a TIMESTAMP, which is an instant, but is read as a local time: it is wrong by the source's offset",
            "Add %s to the option 'instant-columns' of %s."
                .formatted(name, adoption.sourceFile(file)));
      }
    }
    for (String name : file.instantColumns()) {
      if (!instants.contains(name) && table.columns().containsKey(name)) {
        add(
            Severity.ERROR,
            Code.TIME_ZONE,
            "%s is %s, a local time, but is read as an instant: it is wrong by the source's offset"
                .formatted(name, table.columns().get(name).declaration()),
            "Remove %s from the option 'instant-columns' of %s."
                .formatted(name, adoption.sourceFile(file)));
      }
    }
  }

  private void checkEngine() {
    String what = UNLOGGED_ENGINES.get(table.engine().toUpperCase(Locale.ROOT));
    if (what != null) {
      add(
          Severity.WARNING,
          Code.ENGINE,
          "its engine is %s: %s".formatted(table.engine(), what),
          "ALTER TABLE %s ENGINE = InnoDB".formatted(SqlName.quoted(table.name())));
    }
    if (table.isPartitioned()) {
      add(
          Severity.NOTE,
          Code.PARTITIONED,
          "it has partitions: rows that go with ALTER TABLE … DROP, TRUNCATE or EXCHANGE PARTITION are not logged and stay in the lake",
          "");
    }
  }

  private void add(Severity severity, Code code, String message, String whatToDo) {
    findings.add(new SourceFinding(severity, code, table.name(), message, whatToDo));
  }
}
