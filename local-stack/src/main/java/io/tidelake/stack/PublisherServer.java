/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.config.LakeConfig;
import io.tidelake.publish.Publisher;
import io.tidelake.secret.Secrets;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The publisher of the local stack as a process of its own. */
public final class PublisherServer {

  /** How messages call it. */
  public static final String NAME = "publisher";

  /** Its maximum heap. */
  static final String HEAP = "384m";

  // The log may hold what the publisher of an earlier stack said.
  private static final String READY = "publishing as process ";

  private PublisherServer() {}

  /** Starts the publisher, and waits until it has opened the lake and the metastore. */
  public static ChildProcess start(Path project, Path logs, StackAddresses addresses)
      throws IOException, InterruptedException {
    ChildProcess publisher =
        ChildProcess.startJava(
            NAME,
            logs,
            Jvm.likeThis(HEAP),
            PublisherServer.class.getName(),
            // It reads the values itself: among them is a password.
            List.of(project.toString(), addresses.workDir()));
    publisher.awaitReady(
        Duration.ofSeconds(60),
        () ->
            publisher.pid().isPresent()
                && publisher.lastLines(20).contains(READY + publisher.pid().getAsLong()));
    return publisher;
  }

  /**
   * Publishes until the process is ended.
   *
   * @param arguments the file of the project, and the work directory of the stack
   */
  public static void main(String[] arguments) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> System.err.print(Secrets.stackTrace(error)));
    StackAddresses stack = StackAddresses.find(Path.of(arguments[1])).orElseThrow();
    LakeConfig config = LakeConfig.load(Path.of(arguments[0]), stack.configuration());
    try (Publisher publisher = Publisher.open(config, System.out::println)) {
      System.out.println(READY + ProcessHandle.current().pid());
      publisher.run();
    }
  }
}
