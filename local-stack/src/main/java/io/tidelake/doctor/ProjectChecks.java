/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.doctor.Check.Area;
import io.tidelake.streaming.pipeline.PipelineCheck;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.tables.schema.TableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at the files of a project. */
final class ProjectChecks {

  private final Folders folders;
  private final LakeConfig config;

  ProjectChecks(LakeConfig config) {
    this.folders = config.folders();
    this.config = config;
  }

  /** Whether its folders are there; kinds that it does not need may be missing. */
  List<Check> folders() {
    Map<String, Path> kinds = new LinkedHashMap<>();
    kinds.put("tables", folders.tables());
    kinds.put("sources", folders.sources());
    kinds.put("pipelines", folders.pipelines());
    kinds.put("mappings", folders.mappings());
    kinds.put("queries", folders.queries());
    List<String> there = new ArrayList<>();
    List<Check> missing = new ArrayList<>();
    kinds.forEach(
        (kind, folder) -> {
          if (Files.isDirectory(folder)) {
            there.add(kind + " " + Folders.sqlFiles(folder).size());
          } else if (!folder.equals(folders.root().resolve(kind))) {
            missing.add(
                Check.warning(
                    Area.project,
                    "folders",
                    "there is no " + folder,
                    "Make it, or let `folders: %s:` in lake.yaml name another.".formatted(kind)));
          }
        });
    if (!there.isEmpty()) {
      missing.add(0, Check.ok(Area.project, "folders", "SQL files: " + String.join(", ", there)));
    }
    return missing;
  }

  /** Whether the definitions of tables are as `lake tables plan` takes them. */
  List<Check> tables() {
    int tables = TableFiles.of(config).read().size();
    return List.of(
        Check.ok(
            Area.project,
            "tables",
            "%d definitions, with those of Tidelake's own tables, are valid".formatted(tables)));
  }

  /**
   * The source tables.
   *
   * @param files what was read of them
   */
  static List<Check> sources(List<SourceFile> files) {
    return List.of(Check.ok(Area.project, "source tables", files.size() + " files are valid"));
  }

  /** Whether pipelines can be read, and fit together. */
  List<Check> pipelines() {
    PipelineCheck.run(config);
    return List.of(
        Check.ok(
            Area.project,
            "pipelines",
            Folders.sqlFiles(folders.pipelines()).size() + " pipelines fit together"));
  }
}
