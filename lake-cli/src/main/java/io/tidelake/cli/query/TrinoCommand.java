/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.server.TrinoJdk;
import io.tidelake.stack.server.TrinoServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lake trino}. */
@Command(
    name = "trino",
    description = {
      "Start a Trino for the lake of the configuration, and keep it running until Ctrl-C.",
      "`lake up` starts one with its stack; this one is for a lake whose servers run already."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake trino --set publisher/catalog/uri=thrift://localhost:9083"})
public final class TrinoCommand implements Callable<Integer> {

  private static final Duration CHECK_EVERY = Duration.ofSeconds(2);

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Where it listens, on 127.0.0.1 (${DEFAULT-VALUE}).")
  private int port;

  @Mixin private LakeOptions lake;

  @Override
  public Integer call() throws Exception {
    LakeConfig config = lake.config();
    Path folder = lake.work().resolve("trino");
    try (ChildProcess trino =
        TrinoServer.start(
            config, folder, folder.resolve("logs"), port, TrinoJdk.ofThisMachine().require())) {
      System.out.println("JDBC     " + TrinoServer.jdbcUrl(config, port));
      System.out.println("Trino is up; Ctrl-C ends it.");
      while (trino.awaitEnd(CHECK_EVERY).isEmpty()) {
        // Until Ctrl-C.
      }
      throw new LakeException(
          ErrorCode.SERVER_ENDED,
          "Trino has ended unexpectedly.",
          "Its log is " + trino.log() + ". Run the same command again.");
    }
  }
}
