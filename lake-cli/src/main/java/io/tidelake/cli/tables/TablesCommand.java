/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import picocli.CommandLine.Command;

/** {@code lake tables}. */
@Command(
    name = "tables",
    description = "Compare the tables with their SQL files, change them, look at them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TablesPlanCommand.class,
      TablesApplyCommand.class,
      TablesShowCommand.class,
      TablesViewsCommand.class,
      TablesTagCommand.class,
      TablesLineageCommand.class
    },
    footer = {"", "Example: lake tables plan"})
public final class TablesCommand {}
