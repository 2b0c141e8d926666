/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.IMetaStoreClient;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf;
import org.apache.hadoop.hive.metastore.conf.MetastoreConf.ConfVars;
import org.apache.thrift.TException;

/** A connection to a Hive Metastore. */
public final class HiveMetastore implements AutoCloseable {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

  private final IMetaStoreClient client;

  private HiveMetastore(IMetaStoreClient client) {
    this.client = client;
  }

  /**
   * Connects to a metastore, once.
   *
   * @param uris its addresses as {@code thrift://host:9083}, by commas
   * @throws LakeException when none of them answers within seconds
   */
  public static HiveMetastore connect(String uris) {
    validateReachable(uris);
    Configuration configuration = MetastoreConf.newMetastoreConf();
    MetastoreConf.setVar(configuration, ConfVars.THRIFT_URIS, uris);
    MetastoreConf.setLongVar(configuration, ConfVars.THRIFT_CONNECTION_RETRIES, 1);
    MetastoreConf.setTimeVar(
        configuration, ConfVars.CLIENT_SOCKET_TIMEOUT, ANSWER_WITHIN.toSeconds(), TimeUnit.SECONDS);
    try {
      return new HiveMetastore(new HiveMetaStoreClient(configuration));
    } catch (TException | RuntimeException e) {
      throw unavailable(uris, LakeException.rootMessage(e), e);
    }
  }

  /** Hive's own client. */
  public IMetaStoreClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }

  /**
   * Looks whether a metastore can be reached, since Hive's clients try it for minutes.
   *
   * @throws LakeException when none of its addresses accepts a connection within seconds
   */
  static void validateReachable(String uris) {
    List<String> reasons = new ArrayList<>();
    IOException last = null;
    for (String text : uris.split(",")) {
      try (Socket socket = new Socket()) {
        URI uri = URI.create(text.strip());
        if (uri.getHost() == null || uri.getPort() < 0) {
          throw new IOException("it has no host and port, as thrift://host:9083");
        }
        socket.connect(
            new InetSocketAddress(uri.getHost(), uri.getPort()), (int) CONNECT_WITHIN.toMillis());
        return;
      } catch (IllegalArgumentException e) {
        last = new IOException(e.getMessage(), e);
        reasons.add(e.getMessage());
      } catch (IOException e) {
        last = e;
        reasons.add(LakeException.rootMessage(e));
      }
    }
    throw unavailable(uris, String.join("; ", reasons), last);
  }

  private static LakeException unavailable(String uris, String reason, Exception cause) {
    return new LakeException(
        ErrorCode.METASTORE_UNAVAILABLE,
        "The Hive Metastore " + uris + " cannot be reached: " + reason + ".",
        "Start it (`lake up` has one), or correct its address in lake.yaml, under `catalog:`, `hive:` or `publisher:`.",
        cause);
  }
}
