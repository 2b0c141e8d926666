/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrinoJdkTest {

  @TempDir private Path folder;

  @Test
  void takesTheOldestThatIsNewEnough() throws IOException {
    jdk("a-26", "26");
    jdk("b-17", "17.0.19");
    Path jdk25 = jdk("c-25", "25.0.3");
    jdk("d-8", "1.8.0_402");
    Files.createDirectories(folder.resolve("e-nothing"));

    assertThat(find(Map.of())).contains(jdk25);
  }

  @Test
  void javaHomeComesFirstIfItIsNewEnough() throws IOException {
    Path jdk25 = jdk("25", "25.0.3");
    Path jdk26 = jdk("26", "26.0.1");
    Path jdk17 = jdk("17", "17.0.19");

    assertThat(find(Map.of("JAVA_HOME", jdk26.toString()))).contains(jdk26);
    assertThat(find(Map.of("JAVA_HOME", jdk17.toString()))).contains(jdk25);
  }

  @Test
  void itsOwnVariableStands() throws IOException {
    Path jdk26 = jdk("26", "26.0.1");
    Path jdk17 = jdk("17", "17.0.19");
    jdk("25", "25.0.3");

    assertThat(find(Map.of(TrinoJdk.VARIABLE, jdk26.toString()))).contains(jdk26);
    assertThatThrownBy(() -> find(Map.of(TrinoJdk.VARIABLE, jdk17.toString())))
        .hasMessage(
            "LAKE_TRINO_JAVA_HOME is "
                + jdk17
                + ", which is Java 17; Trino needs Java 25 or later.");
    assertThatThrownBy(() -> find(Map.of(TrinoJdk.VARIABLE, "/nowhere")))
        .hasMessageContaining("/nowhere, which is no JDK");
  }

  @Test
  void saysWhatItFoundAndWhatToDo() throws IOException {
    Path jdk17 = jdk("17", "17.0.19");

    assertThatThrownBy(() -> new TrinoJdk(Map.of(), List.of(folder)).require())
        .hasMessageContaining(jdk17 + " is Java 17")
        .asInstanceOf(InstanceOfAssertFactories.type(LakeException.class))
        .extracting(LakeException::code, LakeException::remedy)
        .containsExactly(
            ErrorCode.TRINO_JDK_NOT_FOUND,
            "Install a JDK 25, or set LAKE_TRINO_JAVA_HOME to the folder of one, the one that holds bin/.");
    assertThatThrownBy(() -> new TrinoJdk(Map.of(), List.of(folder.resolve("no"))).require())
        .hasMessageContaining("looked in JAVA_HOME, " + folder.resolve("no"));
  }

  private Optional<Path> find(Map<String, String> environment) {
    return new TrinoJdk(environment, List.of(folder)).find();
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.createFile(java);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }
}
