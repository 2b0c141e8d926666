/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferencesTest {

  private static final String IN_FILE = "s3cret in a file";
  private static final String IN_VARIABLE = "s3cret in $1 ${file:other}";

  @TempDir private Path folder;
  private SecretReferences references;

  @BeforeEach
  void write() throws IOException {
    references = new SecretReferences(folder, Map.of("NAME", IN_VARIABLE, "EMPTY", "")::get);
    write("secret", IN_FILE, "rw-------");
  }

  @Test
  void putsValuesInThePlacesOfTheirReferences() {
    assertThat(references.resolve("a ${file:secret} b ${env:NAME}"))
        .as("what is in a secret is no reference")
        .isEqualTo("a " + IN_FILE + " b " + IN_VARIABLE);
    assertThat(references.resolve("${file:" + folder.resolve("secret") + "}")).isEqualTo(IN_FILE);
    assertThat(Secrets.mask(IN_FILE + " and " + IN_VARIABLE)).isEqualTo("****** and ******");
  }

  @Test
  void leavesOtherBracesAlone() {
    String text = "publish --day ${fire-day} ${source.topic-prefix} ${} $1 ${env";
    assertThat(references.resolve(text)).isEqualTo(text);
    assertThat(SecretReferences.isIn(text)).isFalse();
    assertThat(SecretReferences.isIn("${env:A}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s\n", "s\r\n", "s"})
  void trimsOneLineBreakAtTheEnd(String content) throws IOException {
    write("one", content, "r--------");
    assertThat(references.resolve("${file:one}")).isEqualTo("s");
  }

  @Test
  void keepsBlanksAndLinesOfAFile() throws IOException {
    write("key", " -----BEGIN\n\nend \n\n", "rw-------");
    assertThat(references.resolve("${file:key}")).isEqualTo(" -----BEGIN\n\nend \n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void refusesAFileThatOthersCanGetAt(String permissions) throws IOException {
    write("open", "s3cret in an open file", permissions);
    assertThatThrownBy(() -> references.resolve("${file:open}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(permissions, "chmod 600 " + folder.resolve("open"))
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    write("empty", "\n", "rw-------");
    assertRefused("${env:NOBODYS}", "'NOBODYS' is not set");
    assertRefused("${env:EMPTY}", "'EMPTY' is not set");
    assertRefused("${env:}", "'' is not set");
    assertRefused("${file:none}", "there is no file " + folder.resolve("none"));
    assertRefused("${file:}", "there is no file");
    assertRefused("${file:empty}", "is empty");
  }

  private void assertRefused(String text, String part) {
    assertThatThrownBy(() -> references.resolve(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part);
  }

  private void write(String name, String content, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
