/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.project;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the file that makes a folder a project. */
public final class ProjectFile {

  /** What it is called. */
  public static final String NAME = "lake.yaml";

  private ProjectFile() {}

  /**
   * The {@code lake.yaml} of the working directory, or of the nearest folder above it that has one.
   *
   * @throws LakeException when there is none
   */
  public static Path find() {
    return search()
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.PROJECT_NOT_FOUND,
                    "No " + NAME + " in " + Path.of("").toAbsolutePath() + " or above it.",
                    "Run the command in a project's folder, name it with --project, or make one: lake init"));
  }

  /** The same for those who can do without; empty when there is none. */
  public static Optional<Path> search() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(NAME))) {
        return Optional.of(folder.resolve(NAME));
      }
    }
    return Optional.empty();
  }

  /**
   * The file of a project that somebody names.
   *
   * @param project a folder with a {@code lake.yaml}, or another file of that kind
   * @throws LakeException when it is neither
   */
  public static Path of(Path project) {
    Path file = Files.isDirectory(project) ? project.resolve(NAME) : project;
    if (!Files.isRegularFile(file)) {
      throw new LakeException(
          ErrorCode.PROJECT_NOT_FOUND,
          Files.isDirectory(project)
              ? "No " + NAME + " in " + project + "."
              : "There is no " + project + ".",
          "--project takes a folder with a " + NAME + ", or such a file of another name.");
    }
    return file.toAbsolutePath().normalize();
  }
}
