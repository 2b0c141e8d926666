/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that stand elsewhere: <code>${env:NAME}</code> in an environment variable, <code>
 * ${file:PATH}</code> in a file. Other names in <code>${…}</code> are left as they are.
 */
public final class SecretReferences {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final Set<PosixFilePermission> OF_STRANGERS =
      PosixFilePermissions.fromString("------rwx");

  private final Path folder;
  private final UnaryOperator<String> environment;

  /**
   * @param folder where relative paths begin
   */
  public SecretReferences(Path folder) {
    this(folder, System::getenv);
  }

  /**
   * @param environment the value of a variable; NULL when it is not set
   */
  SecretReferences(Path folder, UnaryOperator<String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** Whether there is a reference in a text. */
  public static boolean isIn(String text) {
    return REFERENCE.matcher(text).find();
  }

  /**
   * A text with the values in the places of their references. {@link Secrets} knows them from now
   * on.
   *
   * @throws IllegalArgumentException when one is missing, empty, or in a file that others can read;
   *     it says so without the value
   */
  public String resolve(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), found.group(2))));
  }

  private String value(String kind, String name) {
    String value = kind.equals("env") ? ofVariable(name) : ofFile(folder.resolve(name));
    Secrets.remember(value);
    return value;
  }

  private String ofVariable(String name) {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "the environment variable '"
              + name
              + "' is not set; type `export "
              + name
              + "=…` before");
    }
    return value;
  }

  private static String ofFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + file);
    }
    try {
      requirePrivate(file);
      // Editors and `echo` end a file with a line break.
      String value = Files.readString(file).replaceFirst("\\R\\z", "");
      if (value.isEmpty()) {
        throw new IllegalArgumentException("the file " + file + " is empty");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException("the file " + file + " cannot be read: " + e, e);
    }
  }

  /** A group may read a file that somebody else owns: so secrets are handed to services. */
  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes attributes = view.readAttributes();
    boolean own = attributes.owner().getName().equals(System.getProperty("user.name"));
    Set<PosixFilePermission> tooMuch = EnumSet.copyOf(own ? OF_OTHERS : OF_STRANGERS);
    tooMuch.retainAll(attributes.permissions());
    if (!tooMuch.isEmpty()) {
      throw new IllegalArgumentException(
          "others can get at the file %s (%s); type `chmod %s %s`"
              .formatted(
                  file,
                  PosixFilePermissions.toString(attributes.permissions()),
                  own ? "600" : "o-rwx",
                  file));
    }
  }
}
