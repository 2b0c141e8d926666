/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes that a test has started. */
public final class ServerProcesses {

  /** The servers of other tests in this JVM. */
  private final List<ProcessHandle> others = ProcessHandle.current().descendants().toList();

  /** All that live, with the shells that guard them. */
  public List<ProcessHandle> all() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> !others.contains(process))
        .toList();
  }

  /** The JVMs that run a class. */
  public List<ProcessHandle> running(String mainClass) {
    return all().stream()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> commandLine(process).contains(mainClass))
        .toList();
  }

  /** Those among whose arguments a text stands. */
  public List<ProcessHandle> withArgument(String part) {
    return all().stream().filter(process -> commandLine(process).contains(part)).toList();
  }

  /** ProcessHandle leaves out a command line as long as these. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }
}
