/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Area;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.server.HiveMetastoreServer;
import java.nio.file.Files;
import java.util.List;

/** Looks at Tidelake's own files: the jars of the command and of each server. */
final class InstallationChecks {

  /** Servers with class paths of their own; Trino logs in another way. */
  static final List<String> SERVERS =
      List.of(HiveMetastoreServer.NAME, "trino/main", "trino/plugins");

  private InstallationChecks() {}

  /** Where it lies. */
  static List<Check> home() {
    return List.of(
        Check.ok(
            Area.installation,
            "Tidelake",
            "%s, built with Flink %s and Paimon %s"
                .formatted(
                    Installation.root(),
                    BuiltWith.thisBuild().flink(),
                    BuiltWith.thisBuild().paimon())));
  }

  /** What the check of a class path is called. */
  static String nameOf(String server) {
    return "jars of " + server;
  }

  /** The jars of this process, with which Kafka, change capture and Flink run, too. */
  static List<Check> ownJars() {
    return jars("lake", System.getProperty("java.class.path"), true);
  }

  /** The jars of a server. */
  static List<Check> jarsOf(String server) {
    return jars(server, Installation.jarsOf(server), server.equals(HiveMetastoreServer.NAME));
  }

  private static List<Check> jars(String owner, String classPath, boolean logs) {
    return JarCheck.run(
        nameOf(owner), ClassPath.of(classPath), Files::exists, BuiltWith.thisBuild(), logs);
  }
}
