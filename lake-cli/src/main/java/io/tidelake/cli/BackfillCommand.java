package io.tidelake.cli;

import picocli.CommandLine.Command;

/** {@code lake backfill}. */
@Command(
    name = "backfill",
    description = {
      "Write offline snapshots into tables while the stream runs, account for it, check it, undo it."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SweepCommand.class, ScheduleCommand.class},
    footer = {
      "",
      "Example: lake backfill plan ods_trade_order --parquet /export/trade_order --as-of 2026-06-20T00:00:00Z"
    })
final class BackfillCommand {}
