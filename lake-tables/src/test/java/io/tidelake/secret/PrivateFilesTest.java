/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

  @TempDir private Path folder;

  @Test
  void replacesAFileThatOthersCouldRead() throws IOException {
    Path file = Files.writeString(folder.resolve("a.properties"), "password=old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    PrivateFiles.write(file, Map.of("password", "a=b\\c:d #e"));

    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      read.load(reader);
    }
    assertThat(read).containsExactly(Map.entry("password", "a=b\\c:d #e"));
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(folder.toFile().list()).containsExactly("a.properties");
  }

  @Test
  void takesAFolderFromOthers() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    PrivateFiles.createFolder(open, false);
    PrivateFiles.createFolder(folder.resolve("new/one"), false);

    assertThat(permissions(open)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("new/one"))).isEqualTo("rwx------");
  }

  @Test
  void leavesAFolderOfSomebodysFilesAsItIs() throws IOException {
    Files.writeString(folder.resolve("letter"), "Dear Ann");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

    PrivateFiles.createFolder(folder, false);
    assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    PrivateFiles.createFolder(folder, true);
    assertThat(permissions(folder)).isEqualTo("rwx------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
