/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.trino;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.secret.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a Trino is, and who asks.
 *
 * @param server {@code host:port}, or with {@code https://} before it
 * @param user the name that Trino's rules know
 * @param password empty when the server asks for none; needs https
 * @param catalog the catalog of the lake
 * @param schema the schema that names without one mean
 * @param timeZone the zone of times that name none, as Trino's functions and literals take them:
 *     the business time zone
 * @param driverProperties further properties of Trino's JDBC driver, for example {@code
 *     SSLTrustStorePath}
 */
public record TrinoAddress(
    String server,
    String user,
    Optional<String> password,
    String catalog,
    String schema,
    ZoneId timeZone,
    Map<String, String> driverProperties) {

  /** What Trino's rules and logs see as the program that asks. */
  private static final String SOURCE = "tidelake";

  public TrinoAddress {
    driverProperties = new LinkedHashMap<>(driverProperties);
    password.ifPresent(Secrets::remember);
    URI uri = uri(server);
    if (password.isPresent() && !isSecure(uri)) {
      throw new LakeException(
          ErrorCode.TRINO_PASSWORD_NEEDS_HTTPS,
          "A password would go to " + server + " without encryption.",
          "Write https:// before the server's name if it takes passwords, or give no password.");
    }
  }

  /** The address for JDBC clients. */
  public String jdbcUrl() {
    URI uri = uri(server);
    int port = uri.getPort() > 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    return "jdbc:trino://%s:%d/%s/%s".formatted(uri.getHost(), port, catalog, schema);
  }

  /** What the JDBC driver has to know besides. */
  Properties properties() {
    Properties properties = new Properties();
    properties.putAll(driverProperties);
    properties.setProperty("user", user);
    properties.setProperty("source", SOURCE);
    properties.setProperty("timezone", timeZone.getId());
    properties.setProperty("SSL", String.valueOf(isSecure(uri(server))));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    return properties;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return server + " as " + user;
  }

  private static boolean isSecure(URI uri) {
    return uri.getScheme().equals("https");
  }

  private static URI uri(String server) {
    try {
      URI uri = new URI(server.contains("://") ? server : "http://" + server);
      if (uri.getHost() != null
          && uri.getPath().length() <= 1
          && (uri.getScheme().equals("http") || uri.getScheme().equals("https"))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new LakeException(
        ErrorCode.TRINO_ADDRESS_INVALID,
        "'" + server + "' is no address of a Trino.",
        "Write host:port or https://host:port, for example --server localhost:8080.");
  }
}
