/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;

/** Files and folders of the local stack that hold secrets: only their owner gets at them. */
public final class PrivateFiles {

  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /**
   * Makes a folder where it is missing, and takes it from all others. One that holds files of
   * somebody, such as a home folder, stays as it is.
   *
   * @param own whether the files that it holds are ours
   */
  public static void createFolder(Path folder, boolean own) throws IOException {
    Files.createDirectories(folder);
    if (own || PathUtils.isEmptyDirectory(folder)) {
      Files.setPosixFilePermissions(folder, FOLDER);
    }
  }

  /** Writes a file, or replaces it: nobody sees half of it. */
  public static void write(Path file, String content) throws IOException {
    Path whole = Files.createTempFile(file.getParent(), file.getFileName().toString(), "", FILE);
    try {
      Files.writeString(whole, content);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** Writes a file of properties. */
  public static void write(Path file, Map<String, String> values) throws IOException {
    Properties properties = new Properties();
    properties.putAll(values);
    StringWriter content = new StringWriter();
    properties.store(content, null);
    write(file, content.toString());
  }
}
