/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import io.tidelake.backfill.input.SelectScript;
import io.tidelake.backfill.input.SnapshotInput;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.schema.SqlScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * How the rows of a snapshot become rows of a table: a SQL file with views, if it needs any, and
 * one {@code SELECT} at its end that reads {@code snapshot}. Its columns go by name to those of the
 * target; columns that it leaves out are NULL. It also selects {@code source_file}. {@code
 * ${version}} is the version of the run.
 */
public final class Mapping {

  private final SqlScript script;

  private Mapping(SqlScript script) {
    this.script = script;
  }

  /**
   * Reads a mapping.
   *
   * @param file a SQL file
   * @param version version of every column group that it writes
   * @throws LakeException when there is no such file, or it does not end with a SELECT
   */
  public static Mapping read(Path file, long version) {
    if (!Files.exists(file)) {
      throw new LakeException(
          ErrorCode.MAPPING_UNKNOWN,
          "There is no mapping " + file + ".",
          "Write it (docs/backfill.md), or name another file with --mapping.");
    }
    Mapping mapping = new Mapping(SqlScript.read(file, Map.of("version", String.valueOf(version))));
    List<String> statements = mapping.script.statements();
    String last = statements.isEmpty() ? "" : statements.get(statements.size() - 1);
    if (!last.regionMatches(true, 0, "SELECT", 0, 6)
        && !last.regionMatches(true, 0, "WITH", 0, 4)) {
      throw mapping.invalid("it does not end with a SELECT", null);
    }
    return mapping;
  }

  /**
   * The rows that the mapping makes of the snapshot.
   *
   * @param session knows the snapshot
   * @throws LakeException when the SQL does not fit the snapshot
   */
  Table select(StreamTableEnvironment session) {
    try {
      return SelectScript.rows(script, session);
    } catch (RuntimeException e) {
      String columns =
          session.from(SnapshotInput.VIEW).getResolvedSchema().getColumns().stream()
              .map(column -> column.getName() + " " + column.getDataType())
              .toList()
              .toString();
      throw invalid(LakeException.rootMessage(e) + ". The snapshot has " + columns, e);
    }
  }

  /** The error of a mapping that does not fit its snapshot or its target. */
  LakeException invalid(String reason, Exception cause) {
    return new LakeException(
        ErrorCode.MAPPING_INVALID,
        script.file().getFileName() + ": " + reason + ".",
        "Mend the file, or write another one for this snapshot and name it with --mapping.",
        cause);
  }
}
