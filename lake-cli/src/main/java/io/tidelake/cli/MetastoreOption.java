package io.tidelake.cli;

import io.tidelake.stack.StackOptions;
import picocli.CommandLine.Option;

/** {@code --metastore}. */
final class MetastoreOption {

  @Option(
      names = "--metastore",
      paramLabel = "KIND",
      defaultValue = "filesystem",
      description =
          "Where Paimon keeps its tables' names: filesystem (default), in the warehouse's folders, or"
              + " hive, in the stack's Hive Metastore. A work directory stays with its first.")
  private StackOptions.Metastore metastore;

  /** What the user chose. */
  StackOptions.Metastore chosen() {
    return metastore;
  }
}
