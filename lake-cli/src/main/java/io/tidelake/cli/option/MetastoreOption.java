/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import io.tidelake.stack.StackOptions;
import picocli.CommandLine.Option;

/** {@code --metastore}. */
public final class MetastoreOption {

  @Option(
      names = "--metastore",
      paramLabel = "KIND",
      defaultValue = "filesystem",
      description =
          "Where Paimon keeps its tables' names: filesystem (default), in the warehouse's folders, or"
              + " hive, in the stack's Hive Metastore. A work directory stays with its first.")
  private StackOptions.Metastore metastore;

  /** What the user chose. */
  public StackOptions.Metastore chosen() {
    return metastore;
  }
}
