/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

/**
 * The main class of Trino's process. The registry does not serve Trino's own ({@code
 * trino-server-main}), which does no more than this. Trino's classes are for a newer Java than ours
 * and cannot be compiled against.
 */
public final class TrinoLauncher {

  private TrinoLauncher() {}

  /**
   * Runs Trino until the process is ended; its configuration is {@code etc/} of the working
   * directory.
   *
   * @param arguments the version that it reports
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Class<?> server = Class.forName("io.trino.server.Server");
    server
        .getMethod("start", String.class)
        .invoke(server.getDeclaredConstructor().newInstance(), arguments[0]);
  }
}
