package io.tidelake.project;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the lake's SQL files and its configuration lie.
 *
 * @param root the folder that holds {@code lake-tables/}, {@code streaming-writers/}, {@code
 *     batch-backfill/} and {@code conf/}
 */
public record LakeHome(Path root) {

  /**
   * The folder of the system property {@code lake.home}, or the nearest one above the working
   * directory that looks like it.
   */
  public static LakeHome find() {
    String property = System.getProperty("lake.home");
    Path start = Path.of(property == null ? "" : property).toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("lake-tables/tables"))) {
        return new LakeHome(folder);
      }
      if (property != null) {
        break;
      }
    }
    throw new LakeException(
        ErrorCode.LAKE_HOME_NOT_FOUND,
        "No folder lake-tables/tables in " + start + (property == null ? " or above it." : "."),
        "Run the command from the project's folder, or set LAKE_HOME to it.");
  }

  /** Table definitions, one file each, in a folder per layer. */
  public Path tables() {
    return root.resolve("lake-tables/tables");
  }

  /** Source tables of change capture, one file each. */
  public Path sources() {
    return root.resolve("streaming-writers/sources");
  }

  /** Pipelines, one file each. */
  public Path pipelines() {
    return root.resolve("streaming-writers/pipelines");
  }

  /** Mappings of offline snapshots to tables, one file per table. */
  public Path mappings() {
    return root.resolve("batch-backfill/mappings");
  }

  /** Questions to the lake, one file each. */
  public Path queries() {
    return root.resolve("query-examples/queries");
  }

  /** Configuration of the local stack's Trino. */
  public Path trino() {
    return root.resolve("conf/trino");
  }

  /** The configuration file. */
  public Path config() {
    return root.resolve("conf/lake.yaml");
  }

  /** The SQL files in and below a folder, sorted by path. */
  public static List<Path> sqlFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }
}
