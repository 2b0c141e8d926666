package io.tidelake.cli;

import picocli.CommandLine.Command;

/** {@code lake sources}. */
@Command(
    name = "sources",
    description = "The source database of change capture: check it, and read tables of it again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SourcesCheckCommand.class, SourcesRereadCommand.class},
    footer = {"", "Example: lake sources check"})
final class SourcesCommand {}
