/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.trino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.result.ResultFormat;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrinoAddressTest {

  private static final String STORE_PASSWORD = "changeit";

  @TempDir private Path folder;

  @Test
  void theAddressIsThatOfTheDriver() {
    assertThat(address("localhost:8080", Optional.empty(), Map.of()).jdbcUrl())
        .isEqualTo("jdbc:trino://localhost:8080/lake/schema");
    assertThat(address("https://trino.example", Optional.of("x"), Map.of()).jdbcUrl())
        .isEqualTo("jdbc:trino://trino.example:443/lake/schema");
  }

  @Test
  void whatIsNoAddressIsNamed() {
    for (String server : List.of("http://", "ftp://host:1", "host:1/path", "a b", "")) {
      assertThatThrownBy(() -> address(server, Optional.empty(), Map.of()).jdbcUrl())
          .as(server)
          .hasMessage("'" + server + "' is no address of a Trino.");
    }
  }

  @Test
  void aPasswordIsNotSentInTheClearAndNotShown() {
    assertThatThrownBy(() -> address("localhost:8080", Optional.of("secret"), Map.of()))
        .hasMessage("A password would go to localhost:8080 without encryption.");
    assertThat(address("https://localhost", Optional.of("secret"), Map.of()).toString())
        .doesNotContain("secret");
  }

  @Test
  void nobodyThereIsSaidSoon() {
    LakeException error = refused(address("localhost:1", Optional.empty(), Map.of()));
    assertThat(error.code()).isEqualTo(ErrorCode.TRINO_UNREACHABLE);
    assertThat(error).hasMessageContaining("localhost:1 does not answer");
  }

  /** The registry serves no plugin for passwords, so this is a server that refuses everybody. */
  @Test
  void aRefusedPasswordIsSaidWithTheUser() throws Exception {
    Path store = keyStore();
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"Trino\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      String address = "https://localhost:" + server.getAddress().getPort();
      Map<String, String> trust =
          Map.of(
              "SSLTrustStorePath",
              store.toString(),
              "SSLTrustStorePassword",
              STORE_PASSWORD,
              "SSLTrustStoreType",
              "PKCS12");

      LakeException error = refused(address(address, Optional.of("wrong"), trust));

      assertThat(error.code()).isEqualTo(ErrorCode.TRINO_CREDENTIALS_REFUSED);
      assertThat(error)
          .hasMessageContaining(address + " refused the user ann with this password")
          .hasMessageNotContaining("wrong");
      assertThat(error.remedy()).contains("--user", "LAKE_TRINO_PASSWORD");
      assertThat(asked).isNotEmpty().allMatch(header -> header.startsWith("Basic "));
      assertThat(refused(address(address, Optional.empty(), trust)))
          .hasMessageContaining("without a password");
    } finally {
      server.stop(0);
    }
  }

  private static LakeException refused(TrinoAddress address) {
    try (TrinoSession session = TrinoSession.open(address)) {
      session.run(
          "SELECT 1",
          new QueryLimits(1, Duration.ZERO),
          ResultFormat.csv.writer(new PrintWriter(Writer.nullWriter())),
          progress -> {});
    } catch (LakeException e) {
      return e;
    }
    throw new AssertionError("Nobody refused " + address);
  }

  private static TrinoAddress address(
      String server, Optional<String> password, Map<String, String> properties) {
    return new TrinoAddress(server, "ann", password, "lake", "schema", ZoneOffset.UTC, properties);
  }

  private Path keyStore() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return store;
  }

  private static SSLContext context(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, STORE_PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
