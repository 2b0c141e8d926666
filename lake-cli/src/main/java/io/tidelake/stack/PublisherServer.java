package io.tidelake.stack;

import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.publish.Publisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The publisher of the local stack as a process of its own. */
public final class PublisherServer {

  /** How messages call it. */
  static final String NAME = "publisher";

  // The log may hold what the publisher of an earlier stack said.
  private static final String READY = "publishing as process ";

  private PublisherServer() {}

  /** Starts the publisher, and waits until it has opened the lake and the metastore. */
  static ChildProcess start(Path logs, StackAddresses addresses)
      throws IOException, InterruptedException {
    LakeHome home = LakeHome.find();
    List<String> values =
        addresses.configuration().entrySet().stream()
            .map(value -> value.getKey() + "=" + value.getValue())
            .toList();
    ChildProcess publisher =
        ChildProcess.startJava(
            NAME,
            logs,
            Jvm.likeThis("384m").with(Map.of("lake.home", home.root().toString())),
            PublisherServer.class.getName(),
            values);
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
   * @param arguments values of the configuration, as {@code path=value}
   */
  public static void main(String[] arguments) throws Exception {
    LakeHome home = LakeHome.find();
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    LakeConfig config = LakeConfig.load(home.config(), values);
    try (Publisher publisher = Publisher.open(config, home.root(), System.out::println)) {
      System.out.println(READY + ProcessHandle.current().pid());
      publisher.run();
    }
  }
}
