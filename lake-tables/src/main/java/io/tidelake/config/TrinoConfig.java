/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.util.Map;

/**
 * Where queries are asked.
 *
 * @param server {@code host:port} of a Trino, or {@code https://host:port}
 * @param jdbc further properties of its JDBC driver
 */
public record TrinoConfig(
    @Setting(
            value = "host:port, or https://host:port for one with passwords.",
            fallback = TrinoConfig.USUAL)
        String server,
    @Setting(
            value = "More properties of its JDBC driver.",
            example = "{SSLTrustStorePath: /etc/trust.jks}")
        Map<String, String> jdbc) {

  /** Where a Trino listens that nobody has configured. */
  static final String USUAL = "localhost:8080";

  public TrinoConfig {
    jdbc = Options.of(jdbc);
  }

  /** Whether somebody said where it is; else one may listen where it usually does, or none. */
  public boolean isConfigured() {
    return !server.equals(USUAL);
  }
}
