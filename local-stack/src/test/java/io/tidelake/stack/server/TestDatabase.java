/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.config.LakeConfig;
import io.tidelake.process.FreePorts;
import io.tidelake.project.ProjectFile;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.workload.WorkloadWriter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real MariaDB with the order system's tables, in as many databases as a test wants. */
public final class TestDatabase implements AutoCloseable {

  private static final Duration GRANTED_WITHIN = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final ChildProcess server;

  private TestDatabase(Path folder, String... options) throws Exception {
    this.folder = folder;
    this.port = FreePorts.next();
    this.server =
        MariaDbServer.start(folder.resolve("mariadb"), folder.resolve("logs"), port, options);
  }

  /**
   * Starts one on a folder of its own.
   *
   * @param options of the server, over those of the local stack
   */
  public static TestDatabase start(Path folder, String... options) throws Exception {
    return new TestDatabase(folder, options);
  }

  /** Creates the order system's tables in a database of any name. */
  public void create(String database) throws Exception {
    try (InputStream schema = WorkloadWriter.class.getResourceAsStream("schema.sql")) {
      for (String sql :
          SqlScript.split(new String(schema.readAllBytes(), StandardCharsets.UTF_8))) {
        execute("mysql", sql.replaceAll("\\blogistics\\b", "`" + database + "`"));
      }
    }
  }

  /** Runs statements in one session of a database, as the user of the order system. */
  public void execute(String database, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(MariaDbServer.jdbcUrl(port));
        Statement statement = connection.createStatement()) {
      statement.execute("USE `" + database + "`");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Lets the user of the order system grant privileges. */
  public void allowGrants() throws Exception {
    allowGrants(folder.resolve("mariadb"));
  }

  public static void allowGrants(Path mariaDb) throws Exception {
    Process client =
        new ProcessBuilder(
                mariaDb.resolve("base/bin/mariadb").toString(),
                "--no-defaults",
                "--skip-ssl",
                "--user=root",
                "--socket=" + mariaDb.resolve("data/mysql.sock"),
                "--execute=GRANT ALL ON *.* TO 'shop'@'127.0.0.1' WITH GRANT OPTION")
            .inheritIO()
            .start();
    if (!client.waitFor(GRANTED_WITHIN.toSeconds(), TimeUnit.SECONDS) || client.exitValue() != 0) {
      client.destroyForcibly();
      throw new AssertionError("the client of the database has failed");
    }
  }

  /** What a configuration must say to check one of its databases. */
  public Map<String, String> configuration(String database) {
    Map<String, String> values = new HashMap<>();
    values.put("source/database/url", MariaDbServer.captureUrl(port, database));
    values.put("source/database/user", MariaDbServer.CAPTURE_USER);
    values.put("source/database/password", MariaDbServer.CAPTURE_PASSWORD);
    return values;
  }

  /** The project's configuration for one of its databases, with some values set over it. */
  LakeConfig config(String database, Map<String, String> more) {
    Map<String, String> values = configuration(database);
    values.putAll(more);
    return LakeConfig.load(ProjectFile.find(), values);
  }

  @Override
  public void close() {
    server.close();
  }
}
