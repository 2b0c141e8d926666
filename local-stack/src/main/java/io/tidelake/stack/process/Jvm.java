/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.process;

import io.tidelake.error.LakeException;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Java virtual machine that can be started.
 *
 * @param home the folder of the JDK
 * @param classPath its class path
 * @param options its options, for example {@code -Xmx192m}
 */
public record Jvm(Path home, String classPath, List<String> options) {

  public Jvm {
    options = List.copyOf(options);
  }

  /**
   * A JVM like this one, with the same JDK and class path.
   *
   * @param heap maximum heap, for example {@code 512m}
   */
  public static Jvm likeThis(String heap) {
    List<String> options = new ArrayList<>(commonOptions(heap));
    options.add("-XX:+UseParallelGC");
    options.add("@" + Installation.jvmOptions());
    return new Jvm(
        Path.of(System.getProperty("java.home")), System.getProperty("java.class.path"), options);
  }

  /**
   * The class path of a server whose jars do not go together with ours: those that the Maven module
   * {@code local-stack/servers/<server>} names, behind the classes of this module.
   *
   * @param server name of its folder, for example {@code trino/main}
   * @throws LakeException when it was not built
   */
  public static String classPathOf(String server) {
    return ownClasses() + File.pathSeparator + Installation.jarsOf(server);
  }

  /** Options of every JVM of ours: heap, logging, time zone, and a quick compiler. */
  public static List<String> commonOptions(String heap) {
    return List.of(
        "-Xmx" + heap,
        // The optimizing compiler took more than half of two cores for minutes: docs/decisions.md.
        "-XX:TieredStopAtLevel=1",
        // With it the JVM reserves 48 MB only; when they are full it compiles nothing any more.
        "-XX:ReservedCodeCacheSize=240m",
        "-Dlog4j2.configurationFile=classpath:log4j2-server.xml",
        "-Duser.timezone=UTC");
  }

  /** The same with system properties. */
  public Jvm with(Map<String, String> properties) {
    return new Jvm(
        home,
        classPath,
        Stream.concat(
                options.stream(),
                properties.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()))
            .toList());
  }

  /** The command line that runs a class in it. */
  public List<String> command(String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    return command;
  }

  private static String ownClasses() {
    return Path.of(
            URI.create(Jvm.class.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
