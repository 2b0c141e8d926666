/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import io.tidelake.streaming.capture.CaptureConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Change capture of the local stack: Debezium in a standalone worker of Kafka Connect. */
public final class CaptureWorker {

  /** Its maximum heap. */
  public static final String HEAP = "512m";

  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private CaptureWorker() {}

  /**
   * Starts the worker and waits until the connector runs.
   *
   * @param folder holds its configuration and its place in the database's log
   * @param restPort the port at which it is asked
   * @return runs also when the connector has lost its place in the database's log
   * @throws io.tidelake.error.LakeException when it does not start
   */
  public static ChildProcess start(Path folder, Path logs, int restPort, CaptureConfig config)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path worker = folder.resolve("worker.properties");
    Path connector = folder.resolve("connector.properties");
    config.write(folder, restPort, worker, connector);
    ChildProcess process =
        ChildProcess.startJava(
            "capture",
            logs,
            Jvm.likeThis(HEAP),
            "org.apache.kafka.connect.cli.ConnectStandalone",
            List.of(worker.toString(), connector.toString()));
    process.awaitReady(READY_WITHIN, () -> isReadyOrStuck(restPort));
    return process;
  }

  private static boolean isReadyOrStuck(int restPort) throws IOException, InterruptedException {
    CaptureConnector connector = connector(restPort);
    Optional<String> failure = connector.failure();
    if (failure.flatMap(CaptureConnector::whyStuck).isPresent()) {
      // The watch says so; it goes on when all tables are read again.
      return true;
    }
    if (failure.isPresent()) {
      connector.restart();
      throw new IOException(failure.get());
    }
    return connector.isRunning();
  }

  /** Where the connector is asked. */
  public static String address(int restPort) {
    return "http://127.0.0.1:" + restPort + "/connectors/" + CaptureConfig.CONNECTOR;
  }

  public static CaptureConnector connector(int restPort) {
    return new CaptureConnector(address(restPort));
  }
}
