package io.tidelake.stack;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.LakeHome;
import io.tidelake.publish.Publisher;
import io.tidelake.secret.Secrets;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The publisher of the local stack as a process of its own. */
public final class PublisherServer {

  /** How messages call it. */
  public static final String NAME = "publisher";

  // The log may hold what the publisher of an earlier stack said.
  private static final String READY = "publishing as process ";

  private PublisherServer() {}

  /** Starts the publisher, and waits until it has opened the lake and the metastore. */
  public static ChildProcess start(Path logs, StackAddresses addresses)
      throws IOException, InterruptedException {
    LakeHome home = LakeHome.find();
    ChildProcess publisher =
        ChildProcess.startJava(
            NAME,
            logs,
            Jvm.likeThis("384m").with(Map.of("lake.home", home.root().toString())),
            PublisherServer.class.getName(),
            // It reads the values itself: among them is a password.
            List.of(addresses.workDir()));
    publisher.awaitReady(
        Duration.ofSeconds(60),
        () ->
            publisher.pids().stream()
                .anyMatch(pid -> publisher.lastLines(20).contains(READY + pid)));
    return publisher;
  }

  /**
   * Publishes until the process is ended.
   *
   * @param arguments the work directory of the stack
   */
  public static void main(String[] arguments) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, error) -> System.err.print(Secrets.stackTrace(error)));
    LakeHome home = LakeHome.find();
    StackAddresses stack = StackAddresses.find(Path.of(arguments[0])).orElseThrow();
    LakeConfig config = LakeConfig.load(home.config(), stack.configuration());
    try (Publisher publisher = Publisher.open(config, home.root(), System.out::println)) {
      System.out.println(READY + ProcessHandle.current().pid());
      publisher.run();
    }
  }
}
