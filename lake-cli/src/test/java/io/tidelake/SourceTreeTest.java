/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.error.ErrorCode;
import io.tidelake.project.ProjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reader of the source tree relies on. */
class SourceTreeTest {

  private static final int MOST_LINES = 400;

  /** In the Javadoc of a longer class, in front of the reason. */
  private static final String REASON = "Longer than " + MOST_LINES + " lines";

  /** Thread's, TimeUnit's and LockSupport's, called, referred to or imported. */
  private static final Pattern SLEEP =
      Pattern.compile("\\bsleep\\s*\\(|::\\s*sleep\\b|\\bpark(Nanos|Until)\\b");

  private static List<Path> sources;
  private static List<Path> tests;

  @BeforeAll
  static void findSources() throws IOException {
    sources = find("/src/main/java/");
    tests = find("/src/test/java/");
    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(tests).hasSizeGreaterThan(100);
  }

  private static List<Path> find(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(ProjectFile.find().getParent(), 14)) {
      return files
          .filter(file -> file.toString().contains(folder))
          .filter(file -> file.toString().endsWith(".java"))
          .toList();
    }
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    assertThat(sources.stream().map(Path::getParent).collect(Collectors.toSet()))
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
  }

  @Test
  void aLongClassSaysWhyItIsLong() {
    assertThat(sources)
        .filteredOn(
            file ->
                text(file).lines().dropWhile(line -> !line.startsWith("package ")).count()
                    > MOST_LINES)
        .allSatisfy(file -> assertThat(text(file)).contains(REASON));
  }

  @Test
  void everyErrorCodeIsUsed() {
    String all = sources.stream().map(SourceTreeTest::text).collect(Collectors.joining("\n"));
    Set<String> used =
        Pattern.compile("\\bErrorCode\\.([A-Z0-9_]+)\\b")
            .matcher(all)
            .results()
            .map(reference -> reference.group(1))
            .collect(Collectors.toSet());
    assertThat(ErrorCode.values())
        .allSatisfy(code -> assertThat(used).as(code.name()).contains(code.name()));
  }

  /**
   * A test waits for what it is about, with Awaitility, and so neither longer than it must nor too
   * short on a slow machine. What plays something slow waits for the end of the test, within a
   * bound.
   */
  @Test
  void noTestSleeps() {
    assertThat(tests).noneSatisfy(file -> assertThat(text(file)).containsPattern(SLEEP));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
