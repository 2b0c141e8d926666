/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.config.Folders;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is backfilled: the arguments that {@code plan} and {@code run} share. */
final class BackfillRequestMixin {

  /** The modes that a user can ask for. */
  enum Mode {
    fill,
    correct
  }

  /** Where the snapshot is: one of these. */
  private static final class Input {

    @Option(
        names = "--parquet",
        paramLabel = "FOLDER",
        required = true,
        description = "Parquet files, in folders dt=yyyy-MM-dd or not.")
    private String parquet;

    @Option(
        names = "--hive",
        paramLabel = "DATABASE.TABLE",
        required = true,
        description = "A Parquet table of the Hive Metastore that `hive: uri:` names.")
    private String hive;

    @Option(
        names = "--table",
        paramLabel = "NAME[@TAG]",
        required = true,
        description = "A table of the lake, as it is now or as a tag holds it.")
    private String table;

    @Option(
        names = "--query",
        paramLabel = "FILE",
        required = true,
        description = "A SQL file over tables of the lake.")
    private Path query;

    String text() {
      if (parquet != null) {
        return "parquet:"
            + (parquet.contains("://") ? parquet : Path.of(parquet).toAbsolutePath().normalize());
      }
      if (hive != null) {
        return "hive:" + hive;
      }
      return table != null ? "table:" + table : "query:" + query.toAbsolutePath().normalize();
    }
  }

  @Parameters(paramLabel = "TABLE", description = "The table to write.")
  private String target;

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      required = true,
      description = "The instant that the snapshot describes, as 2026-06-20T00:00:00Z.")
  private Instant asOf;

  @Option(
      names = "--mode",
      defaultValue = "fill",
      description = {
        "fill (default): only what real time never delivered;",
        "correct: also wrong values, up to the as-of and nothing later."
      })
  private Mode mode;

  @Option(
      names = "--days",
      split = ",",
      paramLabel = "DAY",
      description = "Days to write, as 2026-06-18,2026-06-19. Default: all days of the snapshot.")
  private List<String> days = List.of();

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "SQL file of the mapping. Default: TABLE.sql in the mappings of the project.")
  private Path mapping;

  BackfillRequest request(Folders folders) {
    return new BackfillRequest(
        target,
        mode == Mode.fill ? BackfillMode.FILL : BackfillMode.CORRECT,
        asOf,
        input.text(),
        mapping == null ? folders.mapping(target) : mapping.toAbsolutePath().normalize(),
        days);
  }
}
