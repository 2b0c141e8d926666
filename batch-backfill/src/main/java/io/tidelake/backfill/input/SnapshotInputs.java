/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import static org.apache.flink.table.api.Expressions.lit;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.schema.SqlScript;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * The kinds of snapshots. A snapshot is named by its kind and a name:
 *
 * <ul>
 *   <li>{@code parquet:FOLDER}: Parquet files, in folders {@code dt=yyyy-MM-dd} or not
 *   <li>{@code hive:DATABASE.TABLE}: a plain Parquet table of a Hive Metastore
 *   <li>{@code table:NAME} or {@code table:NAME@TAG}: a table of the lake, as it is now or was
 *   <li>{@code query:FILE}: a SQL file with views, if it needs any, and one SELECT at its end
 * </ul>
 */
public final class SnapshotInputs {

  private SnapshotInputs() {}

  /**
   * Opens a snapshot.
   *
   * @param days the days that are needed, as far as the kind can tell them apart; empty for all
   * @throws LakeException when it cannot be read, or its kind is unknown
   */
  public static SnapshotInput open(LakeConfig config, String input, List<String> days) {
    String[] parts = input.split(":", 2);
    return switch (parts[0]) {
      case "parquet" -> ParquetFolder.open(config, parts[1]);
      case "hive" -> HiveTable.open(config, parts[1], days);
      case "table" ->
          new Query(parts[1]) {
            @Override
            Table select(StreamTableEnvironment session) {
              return session.sqlQuery(tableQuery(parts[1]));
            }
          };
      case "query" ->
          new Query(Path.of(parts[1]).getFileName().toString()) {
            @Override
            Table select(StreamTableEnvironment session) {
              return SelectScript.rows(SqlScript.read(Path.of(parts[1]), Map.of()), session);
            }
          };
      default ->
          throw new LakeException(
              ErrorCode.INPUT_UNKNOWN,
              "'" + input + "' is no snapshot.",
              "Name one with --parquet, --table, --hive or --query.");
    };
  }

  /**
   * Makes the view {@code snapshot} over a whole snapshot in a session, as mappings read it.
   *
   * @param input names the snapshot
   * @throws LakeException when it cannot be read, or its kind is unknown
   */
  public static void createView(LakeConfig config, String input, StreamTableEnvironment session) {
    open(config, input, List.of()).createView(session, "");
  }

  private static String tableQuery(String name) {
    String[] parts = name.split("@", 2);
    return parts.length == 1
        ? "SELECT * FROM %s".formatted(SqlName.quoted(parts[0]))
        : "SELECT * FROM %s /*+ OPTIONS('scan.tag-name' = '%s') */"
            .formatted(SqlName.quoted(parts[0]), parts[1]);
  }

  /** A snapshot that is a SQL query. */
  private abstract static class Query implements SnapshotInput {

    private final String name;

    Query(String name) {
      this.name = name;
    }

    abstract Table select(StreamTableEnvironment session);

    @Override
    public Optional<Set<String>> days() {
      return Optional.empty();
    }

    @Override
    public OptionalLong rows(String dt) {
      return OptionalLong.empty();
    }

    @Override
    public List<BrokenFile> brokenFiles(String dt) {
      return List.of();
    }

    @Override
    public Optional<BrokenFile> leaveOut(String message) {
      return Optional.empty();
    }

    @Override
    public void createView(StreamTableEnvironment session, String dt) {
      Table rows;
      try {
        rows = select(session);
      } catch (RuntimeException e) {
        throw new LakeException(
            ErrorCode.SNAPSHOT_UNREADABLE,
            "The snapshot " + name + " cannot be read: " + LakeException.rootMessage(e) + ".",
            "`lake tables show` lists the tables; a tag must exist in its table.",
            e);
      }
      if (!rows.getResolvedSchema().getColumnNames().contains(SOURCE_FILE)) {
        rows = rows.addColumns(lit(name).as(SOURCE_FILE));
      }
      session.createTemporaryView(VIEW, rows);
    }
  }
}
