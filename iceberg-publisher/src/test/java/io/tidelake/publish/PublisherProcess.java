/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A publisher in a process of its own, to be killed. */
final class PublisherProcess {

  private PublisherProcess() {}

  /** Starts a publisher of the lake in a folder. */
  static Process start(Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.add("@" + System.getProperty("lake.home") + "/conf/jvm.options");
    for (String property : List.of("lake.home", "log4j2.configurationFile")) {
      command.add("-D" + property + "=" + System.getProperty(property));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            PublisherProcess.class.getName(),
            folder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("publisher.log").toFile()))
        .start();
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (Publisher publisher =
        Publisher.open(PublishedLake.config(folder, Map.of()), System.out::println)) {
      publisher.run();
    }
  }
}
