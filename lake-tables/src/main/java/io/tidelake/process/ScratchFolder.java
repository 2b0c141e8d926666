/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.FileUtils;

/** Temporary folders that name the process which made them, so that nobody else's are deleted. */
public final class ScratchFolder {

  private static final String PREFIX = "tidelake-scratch-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]+)-[0-9]+");

  private ScratchFolder() {}

  /** Makes a folder for this process. */
  public static Path create() throws IOException {
    return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
  }

  /**
   * The folders that processes left which have ended, in the place where this process makes its.
   */
  public static List<Path> abandoned() throws IOException {
    List<Path> found = new ArrayList<>();
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          found.add(folder);
        }
      }
    }
    return found;
  }

  public static void delete(Path folder) throws IOException {
    FileUtils.deleteDirectory(folder.toFile());
  }
}
