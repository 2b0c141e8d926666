/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.RESTCatalogAdapter;
import org.apache.iceberg.rest.RESTCatalogServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/** Iceberg's REST catalog over a JDBC catalog, served by HTTP on the loopback address. */
final class RestCatalogServer implements AutoCloseable {

  private final Server http;
  private final JdbcCatalog catalog = new JdbcCatalog();

  /**
   * @param port 0 for a free one
   * @param jdbcUrl where it keeps what it knows
   * @param location folder of its tables
   */
  RestCatalogServer(int port, String jdbcUrl, String location) throws Exception {
    catalog.setConf(new Configuration(false));
    catalog.initialize(
        "behind-rest",
        Map.of(
            CatalogProperties.URI,
            jdbcUrl,
            CatalogProperties.WAREHOUSE_LOCATION,
            location,
            "jdbc.schema-version",
            "V1"));
    http = new Server(new InetSocketAddress("127.0.0.1", port));
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(
        new ServletHolder(new RESTCatalogServlet(new RESTCatalogAdapter(catalog))), "/*");
    http.setHandler(context);
    http.start();
  }

  int port() {
    return ((ServerConnector) http.getConnectors()[0]).getLocalPort();
  }

  @Override
  public void close() throws Exception {
    http.stop();
    catalog.close();
  }
}
