/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming;

import static org.awaitility.Awaitility.await;

import io.tidelake.process.FreePorts;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Flink engine in a process of its own, which a test can kill. */
final class EngineProcess implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final int SLOTS = 4;

  private final Process process;
  private final String restAddress;

  private EngineProcess(Process process, String restAddress) {
    this.process = process;
    this.restAddress = restAddress;
  }

  /**
   * Starts an engine and waits until it answers.
   *
   * @param folder where it logs
   */
  static EngineProcess start(Path folder) throws IOException {
    String port = String.valueOf(FreePorts.next());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile", ""));
    command.add("@" + System.getProperty("lake.home") + "/conf/jvm.options");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EngineProcess.class.getName(), port));
    Process process =
        new ProcessBuilder(command)
            // Its log is target/test.log of its working directory.
            .directory(Files.createDirectories(folder).toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    EngineProcess engine = new EngineProcess(process, "127.0.0.1:" + port);
    await("engine that logs to " + folder)
        .atMost(READY_WITHIN)
        .ignoreExceptions()
        .failFast("it ended", () -> !process.isAlive())
        .until(() -> engine.cluster().jobs().isEmpty());
    return engine;
  }

  /** Its REST address, {@code host:port}. */
  String restAddress() {
    return restAddress;
  }

  /** Its jobs. */
  FlinkCluster cluster() {
    return new FlinkCluster(restAddress);
  }

  /** Ends it at once with SIGKILL: no hook of it runs, nothing is closed or written. */
  void kill() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("Process " + process.pid() + " survived SIGKILL");
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /**
   * Runs an engine until the process that started it ends it, or is gone.
   *
   * @param arguments the port of its REST address
   */
  public static void main(String[] arguments) throws Exception {
    FlinkEngine.start(Integer.parseInt(arguments[0]), SLOTS);
    while (System.in.read() >= 0) {
      // The pipe ends with the process that holds its other end.
    }
    Runtime.getRuntime().halt(0);
  }
}
