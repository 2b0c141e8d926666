/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Area;
import io.tidelake.error.LakeException;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.server.HiveMetastoreServer;
import java.nio.file.Files;
import java.util.List;

/** Looks at Tidelake's own files: the jars of the command and of each server. */
final class InstallationChecks {

  /** Servers with class paths of their own; Trino logs in another way. */
  static final List<String> SERVERS =
      List.of(HiveMetastoreServer.NAME, "trino/main", "trino/plugins");

  /** What then does not work. */
  static final String WITHOUT_TRINO =
      " Until then `lake up` starts without Trino, and `lake trino` does not start.";

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

  /** The jars of a server; Trino is an archive of its own, and the rest works without it. */
  static List<Check> jarsOf(String server) {
    boolean isTrino = !server.equals(HiveMetastoreServer.NAME);
    try {
      return jars(server, Installation.jarsOf(server), !isTrino);
    } catch (LakeException e) {
      return List.of(
          isTrino
              ? Check.warning(
                  Area.installation, nameOf(server), e.getMessage(), e.remedy() + WITHOUT_TRINO)
              : Check.problem(Area.installation, nameOf(server), e));
    }
  }

  private static List<Check> jars(String owner, String classPath, boolean logs) {
    return JarCheck.run(
        nameOf(owner),
        ClassPath.of(classPath),
        Files::exists,
        Installation.howToGetJarsOf(owner),
        BuiltWith.thisBuild(),
        logs);
  }
}
