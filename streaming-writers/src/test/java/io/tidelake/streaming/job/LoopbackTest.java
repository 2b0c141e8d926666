/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.flink.FlinkSession;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who can reach a Flink that runs inside a process of the lake: nobody on another machine. */
@EnabledOnOs(OS.LINUX)
class LoopbackTest {

  private static final String LISTENING = "0A";

  /** More than a job can hand over before anybody reads: it runs until the answer is closed. */
  private static final String LONG_ANSWER =
      """
      SELECT REPEAT('x', 10000) FROM (VALUES %s) AS a(x), (VALUES %s) AS b(x)
      """
          .formatted(numbers(), numbers());

  @TempDir private Path folder;

  @Test
  void theEngineListensOnLoopbackOnly() throws Exception {
    Set<String> before = listening();
    try (FlinkEngine engine = FlinkEngine.start(0, 1)) {
      assertThat(opened(before)).isNotEmpty().allMatch(LoopbackTest::isLoopback);
      assertThat(statusOf("http://" + engine.restAddress() + "/jars")).isEqualTo(404);
    }
  }

  @Test
  void batchSessionsListenOnLoopbackOnly() throws Exception {
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of("catalog/warehouse", folder.toString()));
    Set<String> before = listening();
    try (CloseableIterator<Row> rows =
        FlinkSession.openBatch(config).executeSql(LONG_ANSWER).collect()) {
      assertThat(rows.next().getField(0)).asString().hasSize(10_000);
      // The REST address, and where the answer comes from.
      assertThat(opened(before)).hasSizeGreaterThan(1).allMatch(LoopbackTest::isLoopback);
    }
  }

  private static String numbers() {
    return "(1)" + ", (1)".repeat(49);
  }

  private static int statusOf(String address) throws IOException {
    return ((HttpURLConnection) URI.create(address).toURL().openConnection()).getResponseCode();
  }

  private static Set<String> opened(Set<String> before) throws IOException {
    Set<String> opened = listening();
    opened.removeAll(before);
    return opened;
  }

  /** The addresses that this process listens on, as the kernel writes them: hexadecimal. */
  private static Set<String> listening() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        // The descriptor of this very list is closed by now.
        if (Files.isSymbolicLink(descriptor)) {
          inodes.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    Set<String> addresses = new TreeSet<>();
    for (String file : Set.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(file))) {
        String[] columns = line.strip().split("\\s+");
        if (columns[3].equals(LISTENING) && inodes.contains("socket:[" + columns[9] + "]")) {
          addresses.add(columns[1]);
        }
      }
    }
    return addresses;
  }

  /** 127.0.0.1 in the byte order of the machine, in itself or mapped into IPv6, or ::1. */
  private static boolean isLoopback(String address) {
    return address.startsWith("0100007F:")
        || address.startsWith("0000000000000000FFFF00000100007F:")
        || address.startsWith("00000000000000000000000001000000:");
  }
}
