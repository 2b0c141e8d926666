/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.config.Folders;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SQL file: statements separated by semicolons, with named parameters {@code ${name}}.
 *
 * @param file where it was read from
 * @param header the comment lines at its top, without the dashes
 * @param text the whole text, parameters filled in
 * @param statements its statements without comments, in order
 * @param lines the line of the file in which each statement begins; the first is 1
 */
public record SqlScript(
    Path file, String header, String text, List<String> statements, List<Integer> lines) {

  private static final Pattern PARAMETER = Pattern.compile("\\$\\{([^}]+)}");

  // Line comments, block comments and quoted text are taken whole, so that a semicolon inside them
  // ends nothing. Quotes are matched without backtracking: a long text would overflow the stack.
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*|/\\*.*?\\*/|'(?:[^']++|'')*+'|`[^`]*`|\"[^\"]*\"|;|[^-/'`\";]+|.",
          Pattern.DOTALL);

  /**
   * Reads a file.
   *
   * @param parameters values of the named parameters
   * @throws LakeException when the file cannot be read or a parameter has no value
   */
  public static SqlScript read(Path file, Map<String, String> parameters) {
    return of(file, textOf(file), parameters);
  }

  /**
   * A text as if it stood in a file.
   *
   * @param file how messages call it
   * @param parameters values of the named parameters
   * @throws LakeException when a parameter has no value
   */
  public static SqlScript of(Path file, String raw, Map<String, String> parameters) {
    String text =
        PARAMETER.matcher(raw).replaceAll(match -> value(file, match.group(1), parameters));
    List<Integer> lines = new ArrayList<>();
    return new SqlScript(file, header(text), text, split(text, lines), lines);
  }

  /**
   * The header of a file, with its parameters as they are written.
   *
   * @throws LakeException when the file cannot be read
   */
  public static String headerOf(Path file) {
    return header(textOf(file));
  }

  private static String textOf(Path file) {
    try {
      return TextFile.read(file);
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.SQL_FILE_UNREADABLE,
          "Cannot read the SQL file " + file + ".",
          "Check the name; the folder holds " + siblings(file) + ".",
          e);
    }
  }

  /** The file's name without {@code .sql}. */
  public String name() {
    return file.getFileName().toString().replaceFirst("\\.sql$", "");
  }

  /** The statements of a text, without comments. */
  public static List<String> split(String text) {
    return split(text, new ArrayList<>());
  }

  /** The same; {@code lines} gets the line in which each begins. */
  private static List<String> split(String text, List<Integer> lines) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    int line = 1;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      String part = token.group();
      if (part.equals(";")) {
        line = add(statement, line, statements, lines);
      } else if (part.startsWith("/*") && !part.startsWith("/*+")) {
        // A comment separates words; a hint is no comment. Lines stay where they are.
        statement.append(' ').append("\n".repeat(newlines(part)));
      } else if (!part.startsWith("--")) {
        statement.append(part);
      }
    }
    add(statement, line, statements, lines);
    return List.copyOf(statements);
  }

  /** Ends a statement that began in a line; returns the line of its end. */
  private static int add(
      StringBuilder statement, int line, List<String> statements, List<Integer> lines) {
    String text = statement.toString();
    if (!text.isBlank()) {
      statements.add(text.strip());
      lines.add(line + newlines(text.substring(0, text.indexOf(text.strip()))));
    }
    statement.setLength(0);
    return line + newlines(text);
  }

  private static int newlines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  private static String header(String text) {
    return String.join(
        "\n",
        text.lines()
            .takeWhile(line -> line.startsWith("--"))
            .map(line -> line.substring(2).strip())
            .toList());
  }

  private static String value(Path file, String name, Map<String, String> parameters) {
    String value = parameters.get(name);
    if (value == null) {
      throw new LakeException(
          ErrorCode.SQL_PARAMETER_UNKNOWN,
          "The parameter ${" + name + "} of " + file.getFileName() + " has no value.",
          "Known parameters: " + parameters.keySet().stream().sorted().toList() + ".");
    }
    return Matcher.quoteReplacement(value);
  }

  private static List<String> siblings(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return Files.isDirectory(folder)
        ? Folders.sqlFiles(folder).stream().map(path -> path.getFileName().toString()).toList()
        : List.of();
  }
}
