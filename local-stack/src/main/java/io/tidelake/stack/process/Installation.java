/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.process;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where Tidelake itself lies, whatever project it works for: an unpacked archive, or a checkout of
 * the sources.
 */
public final class Installation {

  /** The system property that names its folder; the {@code lake} script sets it. */
  public static final String PROPERTY = "lake.home";

  private Installation() {}

  /**
   * Its folder.
   *
   * @throws LakeException when the process was started in another way than by the script
   */
  public static Path root() {
    String folder = System.getProperty(PROPERTY);
    if (folder == null) {
      throw new LakeException(
          ErrorCode.INSTALLATION_UNKNOWN,
          "The system property " + PROPERTY + " does not say where Tidelake lies.",
          "Start it with the script `lake`, or set -D" + PROPERTY + "=FOLDER.");
    }
    return Path.of(folder).toAbsolutePath().normalize();
  }

  /** What a JVM of ours needs to find it: a system property. */
  public static Map<String, String> properties() {
    return Map.of(PROPERTY, root().toString());
  }

  /** The script that runs the command. */
  public static Path command() {
    return root().resolve(isArchive() ? "bin/lake" : "lake");
  }

  /** The options of every JVM with Flink and Paimon, a file that {@code java @FILE} reads. */
  public static Path jvmOptions() {
    return root().resolve("conf/jvm.options");
  }

  /** The settings of the local stack's Trino. */
  public static Path trinoSettings() {
    return root().resolve("conf/trino");
  }

  /** The project that is shipped. */
  public static Path project() {
    return isArchive() ? root().resolve("examples/logistics") : root();
  }

  /**
   * The jars of a server that do not go together with ours, as a class path.
   *
   * @param server name of its folder in {@code servers}, for example {@code trino/main}
   * @throws LakeException when it is not there
   */
  public static String jarsOf(String server) {
    Path file = classPathFile(server);
    try {
      return Stream.of(Files.readString(file).strip().split(File.pathSeparator))
          .map(jar -> file.resolveSibling(jar).toString())
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.SERVER_NOT_INSTALLED,
          "The class path of the server " + server + " is not at " + file + ".",
          howToGetJarsOf(server),
          e);
    }
  }

  /**
   * What to do when jars are not there.
   *
   * @param owner a server as above, or anything else for those of the command
   */
  public static String howToGetJarsOf(String owner) {
    return isArchive()
        ? "Unpack the archive tidelake-VERSION%s-bin.tar.gz over %s."
            .formatted(owner.startsWith("trino/") ? "-trino" : "", root())
        : "Run `./mvnw -DskipTests package` in " + root() + ".";
  }

  /** A list of jars, absolute or beside it. */
  private static Path classPathFile(String server) {
    if (isArchive()) {
      return root().resolve("servers").resolve(server).resolve("server.classpath");
    }
    // The artifact of the module is named like its folder, behind the names of those above.
    return root()
        .resolve("local-stack/servers")
        .resolve(server)
        .resolve("target")
        .resolve(server.replace('/', '-') + ".classpath");
  }

  /** The archive has its jars in a folder; the sources have them where they are built. */
  private static boolean isArchive() {
    return Files.isRegularFile(root().resolve("lib/lake.classpath"));
  }
}
