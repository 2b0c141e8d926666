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
              + " hive, in the stack's Hive Metastore. Tables that the other kind made are taken over.")
  private StackOptions.Metastore metastore;

  /** What the user chose. */
  StackOptions.Metastore chosen() {
    return metastore;
  }
}
