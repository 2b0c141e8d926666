/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The jars and folders that a process loads its classes from, by their names.
 *
 * @param entries in their order
 */
record ClassPath(List<Path> entries) {

  /**
   * A jar on it.
   *
   * @param path where it lies
   * @param name what its name says
   */
  record Jar(Path path, JarName name) {

    /**
     * What tells artifacts of one name apart: the group that the jar names inside, or the folder of
     * all its versions in a repository of Maven's; empty where neither is known.
     */
    private String origin() {
      return group().or(this::folder).orElse("");
    }

    private Optional<String> group() {
      if (!Files.isRegularFile(path)) {
        return Optional.empty();
      }
      Pattern entry =
          Pattern.compile("META-INF/maven/([^/]+)/" + Pattern.quote(name.artifact()) + "/.+");
      try (ZipFile jar = new ZipFile(path.toFile())) {
        return jar.stream()
            .map(file -> entry.matcher(file.getName()))
            .filter(Matcher::matches)
            .map(named -> named.group(1))
            .findFirst();
      } catch (IOException e) {
        // Whoever loads a class from it is told.
        return Optional.empty();
      }
    }

    private Optional<String> folder() {
      Path version = path.getParent();
      Path folder = version == null ? null : version.getParent();
      return folder != null && version.endsWith(name.version()) && folder.endsWith(name.artifact())
          ? Optional.of(folder.toString())
          : Optional.empty();
    }
  }

  ClassPath {
    entries = List.copyOf(entries);
  }

  /** A class path as the JVM takes it. */
  static ClassPath of(String text) {
    return new ClassPath(
        Stream.of(text.split(File.pathSeparator))
            .filter(entry -> !entry.isBlank())
            .map(Path::of)
            .toList());
  }

  /** Its jars whose names say a version, each once. */
  List<Jar> jars() {
    return entries.stream()
        .distinct()
        .flatMap(path -> JarName.of(path).map(name -> new Jar(path, name)).stream())
        .toList();
  }

  /**
   * Jars of one artifact, where there are several. Two groups may have artifacts of one name: then
   * these have different origins.
   */
  List<List<Jar>> severalOfOneArtifact() {
    Map<String, List<Jar>> byArtifact =
        jars().stream()
            .collect(
                Collectors.groupingBy(
                    jar -> jar.name().artifact(), TreeMap::new, Collectors.toList()));
    return byArtifact.values().stream()
        .filter(jars -> jars.size() > 1)
        .flatMap(
            jars ->
                jars.stream()
                    .collect(
                        Collectors.groupingBy(Jar::origin, LinkedHashMap::new, Collectors.toList()))
                    .values()
                    .stream())
        .filter(jars -> jars.size() > 1)
        .toList();
  }

  /** The place of an artifact; -1 when it is not there. */
  int placeOf(String artifact) {
    for (int i = 0; i < entries.size(); i++) {
      if (JarName.of(entries.get(i)).filter(jar -> jar.artifact().equals(artifact)).isPresent()) {
        return i;
      }
    }
    return -1;
  }
}
