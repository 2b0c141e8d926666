/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import io.tidelake.streaming.job.FlinkEngine;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The embedded Flink engine as a process of its own. */
public final class FlinkEngineServer {

  private static final int SLOTS = 8;

  private FlinkEngineServer() {}

  /**
   * Starts one and waits until it answers.
   *
   * @param logs folder of its log
   * @param restPort port of its REST address
   * @param heap maximum heap, for example {@code 512m}
   */
  public static ChildProcess start(Path logs, int restPort, String heap)
      throws IOException, InterruptedException {
    ChildProcess engine =
        ChildProcess.startJava(
            "flink",
            logs,
            Jvm.likeThis(heap),
            FlinkEngineServer.class.getName(),
            List.of("" + restPort));
    engine.awaitReady(
        Duration.ofSeconds(60),
        () ->
            ((HttpURLConnection)
                        URI.create("http://127.0.0.1:" + restPort + "/overview")
                            .toURL()
                            .openConnection())
                    .getResponseCode()
                == 200);
    return engine;
  }

  /**
   * Runs an engine until the process is ended.
   *
   * @param arguments the port of its REST address
   */
  public static void main(String[] arguments) throws Exception {
    FlinkEngine engine = FlinkEngine.start(Integer.parseInt(arguments[0]), SLOTS);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    engine.close();
                  } catch (Exception e) {
                    System.err.println("The engine did not stop in order: " + e);
                  }
                }));
    Thread.currentThread().join();
  }
}
