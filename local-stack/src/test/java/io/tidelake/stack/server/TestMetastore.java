/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.process.FreePorts;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.tables.catalog.HiveMetastore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.hadoop.hive.metastore.IMetaStoreClient;

/** A real Hive Metastore in a process of its own, for tests. */
public final class TestMetastore implements AutoCloseable {

  private final Path folder;
  private final int port;
  private ChildProcess server;
  private HiveMetastore connection;

  private TestMetastore(Path folder) throws Exception {
    this.folder = folder;
    this.port = FreePorts.next();
    start();
  }

  /** Starts one on a folder of its own. */
  public static TestMetastore start(Path folder) throws Exception {
    return new TestMetastore(folder);
  }

  private void start() throws Exception {
    server = HiveMetastoreServer.start(folder.resolve("hive"), folder.resolve("logs"), port);
    connection = HiveMetastore.connect(uri());
  }

  int port() {
    return port;
  }

  /** Its address. */
  public String uri() {
    return HiveMetastoreServer.uri(port);
  }

  /** Hive's own client of it. */
  public IMetaStoreClient client() {
    return connection.client();
  }

  /** Kills the process. */
  OptionalInt kill() throws InterruptedException {
    connection.close();
    server.kill();
    return server.awaitEnd(Duration.ofSeconds(10));
  }

  /** Starts it on the same folder and port again. */
  void startAgain() throws Exception {
    start();
  }

  @Override
  public void close() {
    connection.close();
    server.close();
  }
}
