/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.config.LakeConfig;
import io.tidelake.query.trino.TrinoAddress;
import io.tidelake.secret.PrivateFiles;
import io.tidelake.stack.process.ChildProcess;
import io.tidelake.stack.process.Installation;
import io.tidelake.stack.process.Jvm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.commons.io.FileUtils;

/**
 * The lake's SQL engine for people: one Trino that is coordinator and worker, in a process of its
 * own on a newer JDK.
 *
 * <p>{@code conf/trino} has what may be changed: memory and limits of queries, who may see what,
 * who waits for whom. Its addresses and catalogs follow from the lake.
 */
public final class TrinoServer {

  /** How messages call it. */
  public static final String NAME = "trino";

  private static final String VERSION = "483";

  /** Its maximum heap. */
  public static final String HEAP = "1200m";

  private static final Duration READY_WITHIN = Duration.ofSeconds(120);

  /** Where its jars and those of its plugins lie, see {@link Installation#jarsOf}. */
  private static final String MAIN = "trino/main";

  private static final String PLUGIN_JARS = "trino/plugins";

  private static final List<String> PLUGINS =
      List.of(
          "io.trino.plugin.iceberg.IcebergPlugin",
          "io.trino.plugin.memory.MemoryPlugin",
          "io.trino.plugin.resourcegroups.ResourceGroupManagerPlugin");
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrinoServer() {}

  /**
   * Starts Trino and waits until it takes queries.
   *
   * @param config the lake that it shows
   * @param folder its working directory; the configuration in it is written anew
   * @param port where it listens, on the loopback address
   * @param jdk folder of its JDK, see {@link TrinoJdk}
   */
  public static ChildProcess start(LakeConfig config, Path folder, Path logs, int port, Path jdk)
      throws IOException, InterruptedException {
    return start(TrinoCatalogs.of(config), folder, logs, port, jdk);
  }

  /**
   * The same with one more catalog, for the same Hive Metastore and files, in which Trino may make
   * and write Iceberg tables of its own.
   *
   * @param writable what it is called
   */
  public static ChildProcess startWithWritableCatalog(
      LakeConfig config, String writable, Path folder, Path logs, int port, Path jdk)
      throws IOException, InterruptedException {
    Map<String, Map<String, String>> catalogs = new HashMap<>(TrinoCatalogs.of(config));
    catalogs.put(writable, TrinoCatalogs.writable(config));
    return start(catalogs, folder, logs, port, jdk);
  }

  private static ChildProcess start(
      Map<String, Map<String, String>> catalogs, Path folder, Path logs, int port, Path jdk)
      throws IOException, InterruptedException {
    configure(folder, port, catalogs);
    linkPlugins(folder.resolve("plugin"));
    Jvm jvm =
        new Jvm(
            jdk,
            Jvm.classPathOf(MAIN),
            List.of(
                "-Xmx" + HEAP,
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ReservedCodeCacheSize=240m",
                "-Duser.timezone=UTC",
                // Else a console is always there for Java 22 and later, and its log is coloured.
                "-Djdk.console=java.base",
                "-Djdk.attach.allowAttachSelf=true",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-Dconfig=etc/config.properties"));
    ChildProcess server =
        ChildProcess.start(
            NAME, logs, folder, jvm.command(TrinoLauncher.class.getName(), List.of(VERSION)));
    server.awaitReady(READY_WITHIN, () -> isReady(port));
    return server;
  }

  /** The address of such a Trino for JDBC clients. */
  public static String jdbcUrl(LakeConfig config, int port) {
    return new TrinoAddress(
            "127.0.0.1:" + port,
            "",
            Optional.empty(),
            config.publisher().trinoCatalog(),
            config.publishedNamespace(),
            config.timeZone(),
            Map.of())
        .jdbcUrl();
  }

  private static boolean isReady(int port) throws IOException {
    JsonNode info = JSON.readTree(URI.create("http://127.0.0.1:" + port + "/v1/info").toURL());
    return !info.get("starting").asBoolean();
  }

  private static void configure(Path folder, int port, Map<String, Map<String, String>> catalogs)
      throws IOException {
    Path etc = folder.resolve("etc");
    FileUtils.deleteDirectory(etc.toFile());
    PrivateFiles.createFolder(etc, true);
    Files.createDirectories(etc.resolve("catalog"));
    Files.writeString(
        etc.resolve("config.properties"),
        """
        coordinator=true
        node-scheduler.include-coordinator=true
        node.environment=lake
        node.id=lake
        node.bind-ip=127.0.0.1
        node.internal-address=127.0.0.1
        http-server.http.port=%1$d
        discovery.uri=http://127.0.0.1:%1$d
        log.levels-file=etc/log.properties

        %2$s"""
            .formatted(
                port, Files.readString(Installation.trinoSettings().resolve("config.properties"))));
    // It logs every option when it starts: 600 lines.
    Files.writeString(etc.resolve("log.properties"), "io.trino.bootstrap=WARN\n");
    PrivateFiles.write(
        etc.resolve("access-control.properties"),
        Map.of(
            "access-control.name",
            "file",
            "security.config-file",
            Installation.trinoSettings().resolve("access-control.json").toString(),
            "security.refresh-period",
            "5s"));
    PrivateFiles.write(
        etc.resolve("resource-groups.properties"),
        Map.of(
            "resource-groups.configuration-manager",
            "file",
            "resource-groups.config-file",
            Installation.trinoSettings().resolve("resource-groups.json").toString()));
    for (Map.Entry<String, Map<String, String>> catalog : catalogs.entrySet()) {
      PrivateFiles.write(
          etc.resolve("catalog").resolve(catalog.getKey() + ".properties"), catalog.getValue());
    }
  }

  /**
   * Refuses an installation without Trino.
   *
   * @throws LakeException when its jars are not there
   */
  public static void requireJars() {
    Installation.jarsOf(MAIN);
    Installation.jarsOf(PLUGIN_JARS);
  }

  /** Trino loads each folder of jars as one plugin; the jars stay where they are. */
  private static void linkPlugins(Path plugins) throws IOException {
    Path folder = plugins.resolve("lake");
    // Links of an earlier build may lead nowhere.
    FileUtils.deleteDirectory(plugins.toFile());
    Files.createDirectories(folder);
    for (String jar : Installation.jarsOf(PLUGIN_JARS).split(File.pathSeparator)) {
      Path target = Path.of(jar);
      try {
        Files.createSymbolicLink(folder.resolve(target.getFileName()), target);
      } catch (FileAlreadyExistsException e) {
        throw new IllegalStateException("Two plugin jars are called " + target.getFileName(), e);
      }
    }
    // Trino's packaging would add it: the jars that Maven serves do not say what they plug in.
    try (OutputStream file = Files.newOutputStream(folder.resolve("services.jar"));
        JarOutputStream services = new JarOutputStream(file)) {
      services.putNextEntry(new JarEntry("META-INF/services/io.trino.spi.Plugin"));
      services.write(String.join("\n", PLUGINS).getBytes(StandardCharsets.UTF_8));
    }
  }
}
