package io.tidelake.cli;

import picocli.CommandLine.Command;

/** {@code lake sources}. */
@Command(
    name = "sources",
    description = "The source tables: read them again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SourcesRereadCommand.class},
    footer = {"", "Example: lake sources reread carrier"})
final class SourcesCommand {}
