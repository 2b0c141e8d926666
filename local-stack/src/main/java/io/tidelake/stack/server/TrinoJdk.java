/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the JDK that Trino runs on; the rest of the lake runs on an older one. */
public final class TrinoJdk {

  /** The oldest Java that Trino runs on. */
  static final int OLDEST = 25;

  /** The environment variable that names the folder of the JDK. */
  static final String VARIABLE = "LAKE_TRINO_JAVA_HOME";

  private static final Pattern VERSION = Pattern.compile("\"?(?:1\\.)?(\\d+).*");

  private final Map<String, String> environment;
  private final List<Path> folders;

  /**
   * @param environment the environment variables
   * @param folders where JDKs lie, each in a folder of its own
   */
  TrinoJdk(Map<String, String> environment, List<Path> folders) {
    this.environment = environment;
    this.folders = folders;
  }

  /** Looks where this machine has its JDKs. */
  public static TrinoJdk ofThisMachine() {
    Path user = Path.of(System.getProperty("user.home"));
    return new TrinoJdk(
        System.getenv(),
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/usr/java"),
            Path.of("/opt/java"),
            Path.of("/opt"),
            user.resolve(".sdkman/candidates/java"),
            user.resolve(".jdks")));
  }

  /**
   * The folder of the JDK: the one that {@code LAKE_TRINO_JAVA_HOME} names, or {@code JAVA_HOME} if
   * it is new enough, or the oldest one of the usual folders that is.
   *
   * @return empty when there is none
   * @throws LakeException when {@code LAKE_TRINO_JAVA_HOME} names something else
   */
  public Optional<Path> find() {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isBlank()) {
      Path home = Path.of(named);
      int version = version(home);
      if (version < OLDEST) {
        throw new LakeException(
            ErrorCode.TRINO_JDK_UNUSABLE,
            VARIABLE
                + " is "
                + home
                + ", which is "
                + (version == 0 ? "no JDK" : "Java " + version)
                + "; Trino needs Java "
                + OLDEST
                + " or later.",
            "Set " + VARIABLE + " to the folder of a JDK " + OLDEST + ", the one that holds bin/.");
      }
      return Optional.of(home);
    }
    Path javaHome = Path.of(environment.getOrDefault("JAVA_HOME", ""));
    return version(javaHome) >= OLDEST
        ? Optional.of(javaHome)
        : candidates().entrySet().stream()
            .filter(jdk -> jdk.getValue() >= OLDEST)
            .min(Comparator.comparing(Map.Entry::getValue))
            .map(Map.Entry::getKey);
  }

  /**
   * The same where Trino has to run.
   *
   * @throws LakeException when there is none; says which ones were found
   */
  public Path require() {
    return find()
        .orElseThrow(
            () ->
                new LakeException(
                    ErrorCode.TRINO_JDK_NOT_FOUND,
                    "Trino needs Java "
                        + OLDEST
                        + " or later, and none was found; "
                        + found()
                        + ".",
                    "Install a JDK "
                        + OLDEST
                        + ", or set "
                        + VARIABLE
                        + " to the folder of one, the one that holds bin/."));
  }

  private String found() {
    Map<Path, Integer> candidates = candidates();
    return candidates.isEmpty()
        ? "looked in "
            + Stream.concat(Stream.of("JAVA_HOME"), folders.stream().map(Path::toString))
                .collect(Collectors.joining(", "))
        : candidates.entrySet().stream()
            .map(jdk -> jdk.getKey() + " is Java " + jdk.getValue())
            .collect(Collectors.joining(", "));
  }

  /** The versions of the JDKs in the usual folders. */
  private Map<Path, Integer> candidates() {
    List<Path> homes = new ArrayList<>();
    for (Path folder : folders) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
        content.forEach(homes::add);
      } catch (IOException e) {
        // A folder that is not there, or that is not ours to look into, holds no JDK for us.
      }
    }
    Map<Path, Integer> versions = new LinkedHashMap<>();
    homes.stream()
        .sorted()
        .filter(home -> version(home) > 0)
        .forEach(home -> versions.put(home, version(home)));
    return versions;
  }

  /** The version of a JDK as its file {@code release} says; 0 when it is none. */
  public static int version(Path home) {
    Properties release = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    } catch (IOException e) {
      return 0;
    }
    Matcher version = VERSION.matcher(release.getProperty("JAVA_VERSION", ""));
    return Files.isExecutable(home.resolve("bin/java")) && version.matches()
        ? Integer.parseInt(version.group(1))
        : 0;
  }
}
