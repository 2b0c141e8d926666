/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.tidelake.doctor.Check.Area;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackMemory;
import io.tidelake.stack.server.TrinoJdk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at this machine: Java, programs, memory, disks, its loopback interface. */
final class MachineChecks {

  private static final int JAVA = 17;
  private static final long ENOUGH_FREE_BYTES = 2L << 30;
  private static final int CONNECT_MILLIS = 2_000;

  /** What starts servers and ends them. */
  private static final List<String> PROGRAMS = List.of("bash", "setsid", "seq", "sleep");

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

  private MachineChecks() {}

  /** The Java that this process runs with. */
  static List<Check> java() {
    return List.of(java(Runtime.version(), System.getProperty("java.home")));
  }

  /**
   * The same.
   *
   * @param home where it lies
   */
  static Check java(Runtime.Version version, String home) {
    String found = "Java %d (%s) in %s".formatted(version.feature(), version, home);
    return version.feature() == JAVA
        ? Check.ok(Area.machine, "Java", found)
        : Check.warning(
            Area.machine,
            "Java",
            found + "; Tidelake is tested with Java " + JAVA,
            "Set JAVA_HOME to the folder of a JDK " + JAVA + ".");
  }

  /** The JDK of the local stack's Trino. */
  static List<Check> javaForTrino(TrinoJdk jdk) {
    String name = "Java for Trino";
    try {
      Path home = jdk.require();
      return List.of(
          Check.ok(Area.machine, name, "Java %d in %s".formatted(TrinoJdk.version(home), home)));
    } catch (LakeException e) {
      // Somebody who names a folder means it; who has none may not need Trino.
      return List.of(
          e.code() == ErrorCode.TRINO_JDK_UNUSABLE
              ? Check.problem(Area.machine, name, e)
              : Check.warning(
                  Area.machine,
                  name,
                  e.getMessage(),
                  e.remedy() + InstallationChecks.WITHOUT_TRINO));
    }
  }

  /** Whether the servers of the local stack can be started here. */
  static List<Check> system() {
    String system =
        "%s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
    List<Check> found = new ArrayList<>();
    boolean fits =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    found.add(
        fits
            ? Check.ok(Area.machine, "system", system)
            : Check.warning(
                Area.machine,
                "system",
                system + "; the database of the local stack needs Linux amd64",
                "Use servers of your own: `lake up` and `lake demo` do not run here."));
    List<String> missing = PROGRAMS.stream().filter(program -> !isOnPath(program)).toList();
    if (!missing.isEmpty()) {
      found.add(
          Check.problem(
              Area.machine,
              "programs",
              "not found: " + String.join(", ", missing),
              "Install them (bash, util-linux, coreutils): every server is started with them."));
    }
    return found;
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Memory, as the local stack would need it. */
  static List<Check> memory(boolean stackRuns) throws IOException {
    long physical =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    Path file = Path.of("/proc/meminfo");
    Matcher meminfo = AVAILABLE.matcher(Files.exists(file) ? Files.readString(file) : "");
    long available =
        meminfo.find() ? Math.min(physical, Long.parseLong(meminfo.group(1)) << 10) : physical;
    return List.of(memory(physical, available, stackRuns));
  }

  /**
   * The same.
   *
   * @param available what processes can still have, in bytes
   * @param stackRuns whether the local stack has its memory already
   */
  static Check memory(long physical, long available, boolean stackRuns) {
    long wanted = StackMemory.ofHeaps(true);
    long without = StackMemory.ofHeaps(false);
    String found =
        "%s, %s available; the heaps of the local stack may take %s (%s without Trino)"
            .formatted(
                gigabytes(physical), gigabytes(available), gigabytes(wanted), gigabytes(without));
    if (stackRuns || available >= wanted) {
      return Check.ok(Area.machine, "memory", found);
    }
    return Check.warning(
        Area.machine,
        "memory",
        found,
        available >= without
            ? "Start the local stack with `lake up --without-trino`."
            : "End what else runs here before `lake up` or `lake demo`; else the system may kill a server.");
  }

  /**
   * The disk of a folder.
   *
   * @param folder need not be there; then the one in which it would be made
   */
  static List<Check> disk(String title, Path folder) throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isWritable(there)) {
      return List.of(
          Check.problem(
              Area.machine,
              title,
              there + " cannot be written by " + System.getProperty("user.name"),
              "Give yourself the right to write there, or name another folder."));
    }
    return List.of(disk(title, folder, Files.getFileStore(there).getUsableSpace()));
  }

  /**
   * The same.
   *
   * @param free bytes
   */
  static Check disk(String title, Path folder, long free) {
    String found = "%s free for %s".formatted(gigabytes(free), folder);
    if (free < LocalStack.MINIMUM_FREE_BYTES) {
      return Check.problem(
          Area.machine,
          title,
          found,
          "Free some space: the local stack does not start below %s."
              .formatted(gigabytes(LocalStack.MINIMUM_FREE_BYTES)));
    }
    return free < ENOUGH_FREE_BYTES
        ? Check.warning(
            Area.machine,
            title,
            found,
            "Free some space before much is written; `lake maintain` removes what tables need no more.")
        : Check.ok(Area.machine, title, found);
  }

  /** Whether servers of this machine find each other. */
  static List<Check> loopback() throws IOException {
    List<Check> found = new ArrayList<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket client = new Socket()) {
      client.connect(server.getLocalSocketAddress(), CONNECT_MILLIS);
    } catch (IOException e) {
      return List.of(
          Check.problem(
              Area.machine,
              "loopback",
              "no connection to %s: %s".formatted(loopback, e.getMessage()),
              "Bring the loopback interface up (ip link set lo up), or look at the firewall."));
    }
    if (!InetAddress.getByName("localhost").isLoopbackAddress()) {
      found.add(
          Check.problem(
              Area.machine,
              "loopback",
              "localhost is " + InetAddress.getByName("localhost"),
              "Correct /etc/hosts: localhost must be 127.0.0.1."));
    } else {
      found.add(Check.ok(Area.machine, "loopback", "connections to this machine work"));
    }
    ownName().ifPresent(found::add);
    return found;
  }

  private static Optional<Check> ownName() {
    try {
      InetAddress.getLocalHost();
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(
          Check.warning(
              Area.machine,
              "host name",
              "the name of this machine has no address: " + e.getMessage(),
              "Add it to /etc/hosts: servers wait for the name service at each start."));
    }
  }

  private static String gigabytes(long bytes) {
    return bytes < 1L << 30
        ? (bytes >> 20) + " MB"
        : String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
  }
}
