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
            fallback = "localhost:8080")
        String server,
    @Setting(
            value = "More properties of its JDBC driver.",
            example = "{SSLTrustStorePath: /etc/trust.jks}")
        Map<String, String> jdbc) {

  public TrinoConfig {
    jdbc = Options.of(jdbc);
  }
}
