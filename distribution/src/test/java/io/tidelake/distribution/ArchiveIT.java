/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive on a machine that has a JDK and nothing else: no Maven, no home with jars, no JDK for
 * Trino.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ArchiveIT {

  private static final Path ARCHIVE = Path.of(System.getProperty("archive"));

  @TempDir private static Path folder;

  private static Path home;

  /** What the shipped project holds before it is used. */
  private static List<String> example;

  @BeforeAll
  static void unpack() throws Exception {
    run(ARCHIVE.getParent(), 0, "sha512sum", "--check", ARCHIVE.getFileName() + ".sha512");
    run(folder, 0, "tar", "xzf", ARCHIVE.toString());
    home = folder.resolve(ARCHIVE.getFileName().toString().replace("-bin.tar.gz", ""));
    example = names(home.resolve("examples/logistics"));
  }

  @Tag("soak")
  @Test
  void theDemoOfTheExampleAgrees() throws Exception {
    String shown = run(home, 0, "bin/lake", "demo", "--orders", "60");
    assertThat(shown).contains("ALL AGREE").doesNotContain("SLF4J", "Building Tidelake");
  }

  @Test
  void itHasWhatItsReadmeNames() throws Exception {
    assertThat(names(home))
        .contains("bin", "conf", "docs", "examples", "flink-lib", "lib", "servers")
        .contains("LICENSE", "NOTICE", "README.md");
    assertThat(names(home.resolve("lib"))).anyMatch(jar -> jar.startsWith("log4j-core-"));
    // What its README.md explains, and nothing else.
    assertThat(names(home.resolve("flink-lib")))
        .filteredOn(name -> name.endsWith(".jar"))
        .hasSize(10)
        .allMatch(jar -> explained().contains(jar.replaceFirst("-[0-9].*", "")));
    assertThat(example)
        .containsExactlyInAnyOrder(
            "lake.yaml", "mappings", "pipelines", "queries", "sources", "tables");
  }

  /** A project anywhere, in the shell of somebody who linked the command. */
  @Test
  void aNewProjectIsPlannedAndItsDemoAgrees() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("somebody's bin"));
    Path lake = Files.createSymbolicLink(bin.resolve("lake"), home.resolve("bin/lake"));
    run(folder, 0, lake.toString(), "init", "hotel");
    Path hotel = folder.resolve("hotel");
    assertThat(run(hotel, 0, lake.toString(), "tables", "plan")).contains("ods_booking");
    assertThat(run(hotel, 0, lake.toString(), "demo"))
        .contains("ALL AGREE")
        .doesNotContain("SLF4J", "Building Tidelake");
  }

  /** Trino is not there, and that is no problem. */
  @Test
  void theDoctorFindsNoProblem() throws Exception {
    assertThat(run(folder, 0, home.resolve("bin/lake").toString(), "doctor"))
        .contains("tidelake-VERSION-trino-bin.tar.gz")
        .doesNotContain("./mvnw");
  }

  private static String explained() {
    try {
      return Files.readString(home.resolve("flink-lib/README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** What a command shows. */
  private static String run(Path in, int exitCode, String... command) throws Exception {
    Path shown = Files.createTempFile(folder, "shown", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", "/usr/bin:/bin",
                "HOME", folder.toString(),
                "JAVA_HOME", System.getProperty("java.home")));
    Process process =
        builder
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(shown.toFile())
            .start();
    assertThat(process.waitFor(8, TimeUnit.MINUTES)).as(String.join(" ", command)).isTrue();
    String text = Files.readString(shown);
    assertThat(process.exitValue()).as(text).isEqualTo(exitCode);
    return text;
  }
}
