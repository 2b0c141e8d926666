/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Jvm;
import io.tidelake.tables.catalog.HiveMetastore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy;
import org.apache.hadoop.hive.metastore.HiveMetaStore.HMSHandler;
import org.apache.hadoop.hive.metastore.IHMSHandler;
import org.apache.hadoop.hive.metastore.PartitionExpressionProxy;
import org.apache.hadoop.hive.metastore.RetryingHMSHandler;
import org.apache.hadoop.hive.metastore.TSetIpAddressProcessor;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf.ConfVars;
import org.apache.hadoop.hive.metastore.events.EventCleanerTask;
import org.apache.hadoop.hive.metastore.txn.AcidHouseKeeperService;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;

/** The Hive Metastore of the local stack, with a Derby database inside of its process. */
public final class HiveMetastoreServer {

  /** How messages call it, and the folder of its class path. */
  public static final String NAME = "hive-metastore";

  /** Its maximum heap. */
  public static final String HEAP = "192m";

  // Writers hold a lock while they commit a snapshot. Who was killed meanwhile keeps it so long.
  private static final long LOCK_TIMEOUT_SECONDS = 30;

  private HiveMetastoreServer() {}

  /** Starts the metastore on a folder of its own, and waits until it answers. */
  public static ChildProcess start(Path folder, Path logs, int port)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> options = new ArrayList<>(Jvm.commonOptions(HEAP));
    options.add("-XX:+UseSerialGC");
    Jvm jvm = new Jvm(Path.of(System.getProperty("java.home")), Jvm.classPathOf(NAME), options);
    ChildProcess server =
        ChildProcess.startJava(
            NAME,
            logs,
            jvm.with(Map.of("derby.stream.error.file", logs.resolve("hive-derby.log").toString())),
            HiveMetastoreServer.class.getName(),
            List.of(folder.toString(), "" + port));
    server.awaitReady(Duration.ofSeconds(60), () -> answers(port));
    return server;
  }

  /** The metastore's address for clients. */
  public static String uri(int port) {
    return "thrift://127.0.0.1:" + port;
  }

  private static boolean answers(int port) throws Exception {
    try (HiveMetastore metastore = HiveMetastore.connect(uri(port))) {
      return metastore.client().getAllDatabases().contains("default");
    }
  }

  /**
   * Runs a metastore until the process is ended.
   *
   * @param arguments the folder of its data, and its port
   */
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = configuration(Path.of(arguments[0]));
    // The tables of locks. The others are made when they are used first.
    TxnDbUtil.prepDb(configuration);
    IHMSHandler handler =
        RetryingHMSHandler.getProxy(
            configuration, new HMSHandler("lake", configuration, false), false);
    // HiveMetaStore's own server cannot be bound to one address.
    TServerSocket socket =
        new TServerSocket(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1])));
    new TThreadPoolServer(
            new TThreadPoolServer.Args(socket).processor(new TSetIpAddressProcessor<>(handler)))
        .serve();
  }

  private static Configuration configuration(Path folder) {
    Configuration configuration = MetastoreConf.newMetastoreConf();
    MetastoreConf.setVar(
        configuration,
        ConfVars.CONNECT_URL_KEY,
        "jdbc:derby:" + folder.resolve("derby") + ";create=true");
    MetastoreConf.setVar(
        configuration, ConfVars.CONNECTION_DRIVER, "org.apache.derby.jdbc.EmbeddedDriver");
    MetastoreConf.setVar(
        configuration, ConfVars.WAREHOUSE, folder.resolve("warehouse").toUri().toString());
    MetastoreConf.setBoolVar(configuration, ConfVars.AUTO_CREATE_ALL, true);
    MetastoreConf.setBoolVar(configuration, ConfVars.SCHEMA_VERIFICATION, false);
    MetastoreConf.setClass(
        configuration,
        ConfVars.EXPRESSION_PROXY_CLASS,
        DefaultPartitionExpressionProxy.class,
        PartitionExpressionProxy.class);
    MetastoreConf.setVar(
        configuration,
        ConfVars.TASK_THREADS_ALWAYS,
        EventCleanerTask.class.getName() + "," + AcidHouseKeeperService.class.getName());
    // Clients may ask for the columns of such tables without having their libraries.
    MetastoreConf.setVar(
        configuration,
        ConfVars.SERDES_USING_METASTORE_FOR_SCHEMA,
        ConfVars.SERDES_USING_METASTORE_FOR_SCHEMA.getDefaultVal()
            + ",org.apache.paimon.hive.PaimonSerDe,org.apache.iceberg.mr.hive.HiveIcebergSerDe");
    // Else columns could not be dropped or moved.
    MetastoreConf.setBoolVar(configuration, ConfVars.DISALLOW_INCOMPATIBLE_COL_TYPE_CHANGES, false);
    MetastoreConf.setTimeVar(
        configuration, ConfVars.TXN_TIMEOUT, LOCK_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    MetastoreConf.setTimeVar(
        configuration,
        ConfVars.TIMEDOUT_TXN_REAPER_INTERVAL,
        LOCK_TIMEOUT_SECONDS,
        TimeUnit.SECONDS);
    MetastoreConf.setTimeVar(
        configuration, ConfVars.TIMEDOUT_TXN_REAPER_START, 1, TimeUnit.SECONDS);
    return configuration;
  }
}
