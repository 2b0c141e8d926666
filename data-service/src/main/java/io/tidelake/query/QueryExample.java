/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import io.tidelake.config.Folders;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.schema.SqlScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question to the lake: a SQL file whose header says what it answers.
 *
 * <p>The header has lines {@code Question:}, {@code Tables:} (names separated by commas), {@code
 * Columns:} (those of the result, in order), {@code Rows:} (what a row is, and in which order they
 * come), and for each parameter {@code Parameter: name = default, meaning}. A file of one's own
 * need not have any of them.
 *
 * @param file where it was read from
 * @param question what it answers; empty when the header does not say
 * @param tables the tables it reads
 * @param columns the columns of its last result
 * @param rows what a row is
 * @param parameters by name
 */
public record QueryExample(
    Path file,
    String question,
    List<String> tables,
    List<String> columns,
    String rows,
    Map<String, Parameter> parameters) {

  // A field goes on until the next one, or an empty line.
  private static final String NAME = "(Question|Tables|Columns|Rows|Parameter): *";
  private static final Pattern FIELD =
      Pattern.compile("^" + NAME + "(.*(?:\n(?!" + NAME + "|$).*)*)", Pattern.MULTILINE);
  private static final Pattern PARAMETER = Pattern.compile("([\\w.-]+)(?: = ([^,]*))?, *(.*)");

  public QueryExample {
    tables = List.copyOf(tables);
    columns = List.copyOf(columns);
    parameters = new LinkedHashMap<>(parameters);
  }

  /**
   * A named parameter of the SQL.
   *
   * @param value its value unless another is given; empty when one has to be given
   * @param meaning what it stands for
   */
  public record Parameter(Optional<String> value, String meaning) {}

  /** The examples of the project, by name. */
  public static List<QueryExample> all(Folders folders) {
    return Folders.sqlFiles(folders.queries()).stream()
        .filter(file -> file.getParent().equals(folders.queries()))
        .map(QueryExample::read)
        .toList();
  }

  /**
   * Reads a SQL file.
   *
   * @throws LakeException when it cannot be read
   */
  public static QueryExample read(Path file) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Matcher field = FIELD.matcher(SqlScript.headerOf(file));
    while (field.find()) {
      String text = field.group(2).replace('\n', ' ');
      Matcher parameter = PARAMETER.matcher(text);
      if (!field.group(1).equals("Parameter")) {
        fields.put(field.group(1), text);
      } else if (parameter.matches()) {
        parameters.put(
            parameter.group(1),
            new Parameter(Optional.ofNullable(parameter.group(2)), parameter.group(3)));
      }
    }
    return new QueryExample(
        file,
        fields.getOrDefault("Question", ""),
        names(fields.getOrDefault("Tables", "")),
        names(fields.getOrDefault("Columns", "")),
        fields.getOrDefault("Rows", ""),
        parameters);
  }

  /** The name to ask it by: that of the file without {@code .sql}. */
  public String name() {
    return file.getFileName().toString().replaceFirst("\\.sql$", "");
  }

  /** The same question for Flink: a file of that dialect where there is one, else this one. */
  public Path flinkFile() {
    Path sibling = file.resolveSibling("flink").resolve(file.getFileName());
    return Files.exists(sibling) ? sibling : file;
  }

  /**
   * Values for its parameters.
   *
   * @param given by name; over the defaults
   * @throws LakeException when one is given that it does not have, or one is missing
   */
  public Map<String, String> values(Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> parameter.value().ifPresent(value -> values.put(name, value)));
    values.putAll(given);
    TreeSet<String> missing = new TreeSet<>(parameters.keySet());
    missing.removeAll(values.keySet());
    if (!missing.isEmpty()) {
      String name = missing.first();
      throw new LakeException(
          ErrorCode.QUERY_PARAMETER_MISSING,
          file.getFileName() + " needs a value for " + name + ": " + parameters.get(name).meaning(),
          "Give one: --param " + name + "=…");
    }
    TreeSet<String> unknown = new TreeSet<>(given.keySet());
    unknown.removeAll(parameters.keySet());
    if (!parameters.isEmpty() && !unknown.isEmpty()) {
      throw new LakeException(
          ErrorCode.QUERY_PARAMETER_UNKNOWN,
          file.getFileName() + " has no parameter " + unknown.first() + ".",
          "Its parameters: " + String.join(", ", parameters.keySet()) + ".");
    }
    return values;
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
