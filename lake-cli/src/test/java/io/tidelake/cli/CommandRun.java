/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands inside the process of a test. */
public final class CommandRun {

  private CommandRun() {}

  /**
   * Runs a command.
   *
   * @param out holds what it printed afterwards, and nothing of an earlier one
   * @param err the same
   * @return its exit code
   */
  public static int of(StringWriter out, StringWriter err, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command = Lake.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
