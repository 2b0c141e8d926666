/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import picocli.CommandLine;

/** The command that has all others, for those that run others of it. */
public interface RootCommand {

  /** The whole command line, as a new process would have it. Its class has the main method. */
  CommandLine newCommandLine();
}
