package io.tidelake.cli;

import picocli.CommandLine.Command;

/** {@code lake sources}. */
@Command(
    name = "sources",
    description = "Look at the source database of change capture.",
    mixinStandardHelpOptions = true,
    subcommands = {SourcesCheckCommand.class},
    footer = {"", "Example: lake sources check"})
final class SourcesCommand {}
