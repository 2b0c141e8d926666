/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import io.tidelake.project.ProjectFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which project a command is about. */
public final class ProjectOption {

  static final String NAME = "--project";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      description = {
        "The project: a folder with a lake.yaml, or such a file of another name.",
        "Default: the nearest one from the working directory upward."
      })
  private Path named;

  /** The file of the project. */
  public Path file() {
    return named == null ? ProjectFile.find() : ProjectFile.of(named);
  }

  /** The same for a command that can do without: empty when none is named and none is there. */
  public Optional<Path> fileIfAny() {
    return named == null ? ProjectFile.search() : Optional.of(file());
  }

  /** What the lake writes for itself in the project's folder. */
  public Path work() {
    return workOf(file());
  }

  /** The same for the file of a project. */
  public static Path workOf(Path file) {
    return file.getParent().resolve(".lake");
  }
}
