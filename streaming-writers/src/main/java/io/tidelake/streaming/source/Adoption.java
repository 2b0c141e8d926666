/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlStatement;
import io.tidelake.tables.schema.TableFiles;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What to write into the project's files so that a change of a source table is followed. */
final class Adoption {

  /**
   * A table that a pipeline fills from a source table.
   *
   * @param pipeline the pipeline's file
   * @param table the table
   * @param shared the columns that both have, in the order of the source file
   */
  private record Target(Path pipeline, TableDefinition table, List<String> shared) {}

  private final LakeConfig config;
  private Map<String, TableDefinition> tables;
  private Map<String, Path> tableFiles;

  /** Reads the files only when something is to be adopted. */
  Adoption(LakeConfig config) {
    this.config = config;
  }

  /** The lines that take a new column of the database into the lake. */
  String ofNew(SourceFile file, DatabaseColumn column) {
    List<String> lines = new ArrayList<>();
    String name = SqlStatement.identifier(column.name());
    String type = ColumnTypes.toWrite(column);
    List<Target> targets = targets(file);
    String last = file.columns().get(file.columns().size() - 1).name();
    lines.add("%s, after %s:".formatted(sourceFile(file), last));
    lines.add("    %s %s,".formatted(name, type));
    for (Target target : targets) {
      String before = target.shared().get(target.shared().size() - 1);
      lines.add("%s, after %s:".formatted(tableFile(target.table()), before));
      lines.add("    %s %s COMMENT '%s',".formatted(name, type, comment(file, column)));
      lines.add(
          "%s, in INSERT INTO %s, after %s:"
              .formatted(relative(target.pipeline()), target.table().name(), before));
      lines.add("    %s,".formatted(name));
    }
    if (targets.isEmpty()) {
      lines.add(
          "and to the table that is filled from %s, and at the same place to the SELECT that fills it"
              .formatted(file.name()));
    }
    if (column.type().equals("timestamp") && !config.source().timeZone().equals(ZoneId.of("UTC"))) {
      lines.add(
          "and %s to the option 'instant-columns' of the source file: a TIMESTAMP is an instant"
              .formatted(column.name()));
    }
    lines.add("Then lake tables plan, lake tables apply, and start the job anew.");
    return String.join("\n", lines);
  }

  /** The lines that follow a renamed column; the lake's tables keep their name for it. */
  String ofRenamed(SourceFile file, Column lost, DatabaseColumn gained) {
    String name = SqlStatement.identifier(gained.name());
    List<String> lines = new ArrayList<>();
    lines.add("If it is the same column:");
    lines.add("%s, instead of %s:".formatted(sourceFile(file), lost.name()));
    lines.add("    %s %s,".formatted(name, ColumnTypes.toWrite(gained)));
    for (Target target : targets(file)) {
      lines.add(
          "%s, in INSERT INTO %s, instead of %s:"
              .formatted(relative(target.pipeline()), target.table().name(), lost.name()));
      lines.add("    %s,".formatted(name));
    }
    lines.add("The tables keep the name %s. Then start the job anew.".formatted(lost.name()));
    lines.add("If it is another column:");
    lines.add(ofNew(file, gained));
    return String.join("\n", lines);
  }

  /** The tables that a pipeline fills with the source's whole rows. */
  List<String> tablesOf(SourceFile file) {
    return targets(file).stream().map(target -> target.table().name()).toList();
  }

  /** The source file as the user finds it. */
  String sourceFile(SourceFile file) {
    return Folders.sqlFiles(config.folders().sources()).stream()
        .filter(path -> path.getFileName().toString().equals(file.name() + ".sql"))
        .findFirst()
        .map(this::relative)
        .orElse(file.name() + ".sql");
  }

  /**
   * Of the tables that a pipeline fills from a source, those that have most of its columns: others
   * take single columns for purposes of their own.
   */
  private List<Target> targets(SourceFile file) {
    Map<String, Target> found = new LinkedHashMap<>();
    for (Pipeline pipeline : Pipeline.readAll(config)) {
      for (Derivation made : pipeline.derivationsReading(Set.of(file.name()))) {
        target(file, pipeline.file(), made.target())
            .ifPresent(target -> found.putIfAbsent(target.table().name(), target));
      }
    }
    int most = found.values().stream().mapToInt(target -> target.shared().size()).max().orElse(0);
    return found.values().stream()
        .filter(target -> most > 0 && target.shared().size() == most)
        .toList();
  }

  private Optional<Target> target(SourceFile file, Path pipeline, String table) {
    return Optional.ofNullable(tables().get(table))
        .map(
            definition ->
                new Target(
                    pipeline,
                    definition,
                    file.columns().stream()
                        .map(Column::name)
                        .filter(name -> definition.column(name).isPresent())
                        .toList()));
  }

  private Map<String, TableDefinition> tables() {
    if (tables == null) {
      tables = new LinkedHashMap<>();
      TableFiles.of(config).read().forEach(table -> tables.put(table.name(), table));
      tableFiles = new LinkedHashMap<>();
      Folders.sqlFiles(config.folders().tables())
          .forEach(
              path ->
                  tableFiles.put(path.getFileName().toString().replaceFirst("\\.sql$", ""), path));
    }
    return tables;
  }

  private String tableFile(TableDefinition table) {
    return relative(tableFiles.get(table.name()));
  }

  private String relative(Path file) {
    return config.folders().root().relativize(file).toString();
  }

  private static String comment(SourceFile file, DatabaseColumn column) {
    String comment =
        column.comment().isBlank()
            ? "Column %s of the source''s table %s".formatted(column.name(), file.table())
            : column.comment().replace("'", "''");
    return comment.replaceAll("\\s+", " ");
  }
}
