/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import io.tidelake.streaming.connect.LimitSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** The change log of the local stack: one Kafka node that is broker and controller. */
public final class KafkaBroker {

  /** Its maximum heap. */
  public static final String HEAP = "512m";

  private static final String CLUSTER_ID = "dGlkZWxha2UtbG9jYWwtMQ";
  private static final long TIMEOUT_SECONDS = 20;

  private KafkaBroker() {}

  /** Starts the broker on a folder of its own, and waits until it answers. */
  public static ChildProcess start(Path folder, Path logs, int port, int controllerPort)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path properties = folder.resolve("server.properties");
    Files.writeString(
        properties,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        log.dirs=%3$s
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        auto.create.topics.enable=false
        log.retention.hours=-1
        broker.session.timeout.ms=2000
        broker.heartbeat.interval.ms=500
        message.max.bytes=%4$d
        """
            .formatted(port, controllerPort, folder.resolve("log"), LimitSize.KAFKA_BYTES));
    if (!Files.exists(folder.resolve("log/meta.properties"))) {
      format(properties);
    }
    ChildProcess broker =
        ChildProcess.startJava(
            "kafka", logs, Jvm.likeThis(HEAP), "kafka.Kafka", List.of(properties.toString()));
    broker.awaitReady(Duration.ofSeconds(60), () -> !topics(port).contains(""));
    return broker;
  }

  /**
   * Creates the topics that are missing. Those that are there keep their partitions: more of them
   * would part the events of a key.
   *
   * @param partitions how many partitions a new one gets
   * @param settings Kafka's settings of a new one, over those of the broker
   */
  public static void createTopics(
      int port, Collection<String> names, int partitions, Map<String, String> settings)
      throws Exception {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(topics(port));
    try (Admin admin = admin(port)) {
      admin
          .createTopics(
              missing.stream()
                  .map(name -> new NewTopic(name, partitions, (short) 1).configs(settings))
                  .toList())
          .all()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Set<String> topics(int port) throws Exception {
    try (Admin admin = admin(port)) {
      return admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Admin admin(int port) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            "127.0.0.1:" + port,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            3000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            4000));
  }

  private static void format(Path properties) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int code =
        StorageTool.execute(
            new String[] {"format", "-t", CLUSTER_ID, "-c", properties.toString()},
            new PrintStream(output));
    if (code != 0) {
      throw new IllegalStateException("Kafka's storage could not be formatted: " + output);
    }
  }
}
