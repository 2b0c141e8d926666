/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.project;

import io.tidelake.project.ProjectFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a new project holds. */
final class NewProject {

  private static final String TEMPLATE = "template";
  private static final String OF_DATABASE = "of-database.yaml";

  private NewProject() {}

  /** The files of a small project that runs, by path. */
  static Map<String, String> small() throws IOException {
    URI template;
    try {
      template = NewProject.class.getResource(TEMPLATE).toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    if (!template.getScheme().equals("jar")) {
      return files(Path.of(template));
    }
    try (FileSystem jar = FileSystems.newFileSystem(template, Map.of())) {
      String[] parts = template.toString().split("!");
      return files(jar.getPath(parts[parts.length - 1]));
    }
  }

  private static Map<String, String> files(Path template) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(template)) {
      paths = all.filter(Files::isRegularFile).toList();
    }
    Map<String, String> files = new TreeMap<>();
    for (Path path : paths) {
      files.put(template.relativize(path).toString(), Files.readString(path));
    }
    return files;
  }

  /**
   * The {@link ProjectFile#NAME} of a project with the tables of a database.
   *
   * @param url its JDBC address, which ends with its name
   * @param user may be NULL
   * @param password a reference to a secret; may be NULL
   */
  static String ofDatabase(String url, String user, String password) throws IOException {
    // jdbc:mysql://host:3306/name?options
    String name = url.replaceFirst("[?].*", "").replaceFirst(".*/", "");
    StringBuilder database = new StringBuilder("    url: " + quoted(url));
    if (user != null) {
      database.append("\n    user: ").append(quoted(user));
    }
    if (password != null) {
      database.append("\n    password: ").append(quoted(password));
    }
    try (InputStream text = NewProject.class.getResourceAsStream(OF_DATABASE)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@NAME@", name)
          .replace("@DATABASE@", database);
    }
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
