/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a jar says, as {@code netty-codec-4.2.6.Final-linux-x86_64.jar}.
 *
 * @param artifact what it is, as {@code netty-codec}
 * @param version its version, as {@code 4.2.6.Final}
 * @param classifier which of several jars of the version, as {@code linux-x86_64}; mostly empty
 */
record JarName(String artifact, String version, String classifier) {

  private static final String SUFFIX = ".jar";

  /** Where a version may begin: its first number, with all that are behind dots. */
  private static final Pattern NUMBERS = Pattern.compile("-(\\d+(?:\\.\\d+)*)(?=[-.]|$)");

  /**
   * A version: numbers, then words that belong to versions; what follows is the classifier. Second
   * numbers are those of a version of something else that the jar was made for.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "(\\d[\\w.]*(?:-(?:\\d[\\w.]*|jre\\d*|android|(?i:final|ga|release|snapshot|incubating|alpha|beta|preview|rc|m\\d|cr\\d)[\\w.]*))*)(?:-(.+))?");

  /**
   * Reads the name of a jar. A jar that lies as in a repository of Maven's, in a folder of its
   * version in one of its artifact, is split by these; another by its name alone.
   *
   * @return empty when it is no jar, or its name says no version
   */
  static Optional<JarName> of(Path jar) {
    String name = jar.getFileName() == null ? "" : jar.getFileName().toString();
    if (!name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String stem = name.substring(0, name.length() - SUFFIX.length());
    int levels = jar.getNameCount();
    if (levels >= 3) {
      String version = jar.getName(levels - 2).toString();
      String artifact = jar.getName(levels - 3).toString();
      String begin = artifact + "-" + version;
      if (stem.equals(begin) || stem.startsWith(begin + "-")) {
        String rest = stem.substring(begin.length());
        return Optional.of(new JarName(artifact, version, rest.isEmpty() ? "" : rest.substring(1)));
      }
    }
    return ofName(stem);
  }

  /**
   * Artifacts have numbers, too ({@code paimon-flink-2.0-2.0.0}, {@code log4j-1.2-api-2.25.1}), and
   * versions have several ({@code 5.0.0-2.2}): the version begins where most numbers are behind
   * dots.
   */
  private static Optional<JarName> ofName(String stem) {
    Matcher numbers = NUMBERS.matcher(stem);
    int begin = -1;
    int most = 0;
    for (int from = 0; numbers.find(from); from = numbers.start() + 1) {
      int dots = numbers.group(1).split("\\.").length;
      if (dots > most) {
        most = dots;
        begin = numbers.start();
      }
    }
    if (begin <= 0) {
      return Optional.empty();
    }
    Matcher version = VERSION.matcher(stem.substring(begin + 1));
    return version.matches()
        ? Optional.of(
            new JarName(
                stem.substring(0, begin),
                version.group(1),
                version.group(2) == null ? "" : version.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return artifact + " " + version + (classifier.isEmpty() ? "" : " (" + classifier + ")");
  }
}
