/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** The folder of all its versions in a repository of Maven's; NULL where it lies elsewhere. */
    private Path folder() {
      Path version = path.getParent();
      Path folder = version == null ? null : version.getParent();
      return folder != null && version.endsWith(name.version()) && folder.endsWith(name.artifact())
          ? folder
          : null;
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
   * Jars of one artifact, where there are several. Two groups may have artifacts of one name: in a
   * repository of Maven's these lie in different folders.
   */
  List<List<Jar>> severalOfOneArtifact() {
    Map<String, List<Jar>> byArtifact =
        jars().stream()
            .collect(
                Collectors.groupingBy(
                    jar -> jar.name().artifact(), TreeMap::new, Collectors.toList()));
    List<List<Jar>> several = new ArrayList<>();
    for (List<Jar> jars : byArtifact.values()) {
      if (jars.stream().allMatch(jar -> jar.folder() != null)) {
        several.addAll(
            jars.stream()
                .collect(
                    Collectors.groupingBy(Jar::folder, LinkedHashMap::new, Collectors.toList()))
                .values());
      } else {
        several.add(jars);
      }
    }
    several.removeIf(jars -> jars.size() < 2);
    return several;
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
