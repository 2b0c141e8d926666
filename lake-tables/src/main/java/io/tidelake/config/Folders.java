/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the files of a project lie.
 *
 * @param root the project's folder, that of its {@code lake.yaml}
 * @param tables definitions of tables, one file each
 * @param sources source tables of change capture, one file each
 * @param pipelines pipelines, one file each
 * @param mappings mappings of offline snapshots to tables, one file per table
 * @param queries questions to the lake, one file each
 */
public record Folders(
    Path root,
    @Setting(
            value = "Definitions of tables, one file each, in folders as you like.",
            fallback = "tables",
            example = "lake-tables/tables")
        Path tables,
    @Setting(value = "Source tables of change capture, one file each.", fallback = "sources")
        Path sources,
    @Setting(value = "Pipelines, one file each.", fallback = "pipelines") Path pipelines,
    @Setting(
            value = "Mappings of offline snapshots to tables, one file per table.",
            fallback = "mappings")
        Path mappings,
    @Setting(value = "Questions to the lake, one file each.", fallback = "queries") Path queries) {

  /** The folders of a project in the usual layout. */
  public static Folders in(Path root) {
    return new Folders(
        root,
        root.resolve("tables"),
        root.resolve("sources"),
        root.resolve("pipelines"),
        root.resolve("mappings"),
        root.resolve("queries"));
  }

  /** Other settings that are a folder, or the address of one. */
  public static final Set<String> ELSEWHERE =
      Set.of("catalog/warehouse", "cluster/checkpoints", "publisher/location");

  /** A folder that is meant from another, with its whole path; an address as it is. */
  public static String placed(Path from, String folder) {
    return folder.isEmpty() || folder.contains(":")
        ? folder
        : from.toAbsolutePath().resolve(folder).normalize().toString();
  }

  /** What the lake writes for itself beside its tables: logs, locks, histories, a local stack. */
  public Path work() {
    return root.resolve(".lake");
  }

  /** The file of a table's mapping. */
  public Path mapping(String table) {
    return mappings.resolve(table + ".sql");
  }

  /**
   * The SQL files in and below a folder, sorted by path; none when there is no such folder: a
   * project need not have all kinds.
   */
  public static List<Path> sqlFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }
}
