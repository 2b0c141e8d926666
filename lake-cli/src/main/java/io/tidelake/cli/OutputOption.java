package io.tidelake.cli;

import picocli.CommandLine.Option;

/** The option {@code -o} of every command that prints a result. */
final class OutputOption {

  /** For whom a result is printed. */
  enum Format {
    text,
    json
  }

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "text for people, json for machines (${DEFAULT-VALUE}).")
  private Format format;

  boolean isJson() {
    return format == Format.json;
  }
}
