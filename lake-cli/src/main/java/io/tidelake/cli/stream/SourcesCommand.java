/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import picocli.CommandLine.Command;

/** {@code lake sources}. */
@Command(
    name = "sources",
    description = "The source database of change capture: check it, and read tables of it again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SourcesCheckCommand.class, SourcesRereadCommand.class},
    footer = {"", "Example: lake sources check"})
public final class SourcesCommand {}
