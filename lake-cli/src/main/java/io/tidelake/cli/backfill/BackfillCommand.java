/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import picocli.CommandLine.Command;

/** {@code lake backfill}. */
@Command(
    name = "backfill",
    description = {
      "Write offline snapshots into tables while the stream runs, and account for it."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BackfillPlanCommand.class,
      BackfillRunCommand.class,
      BackfillResumeCommand.class,
      BackfillAbandonCommand.class,
      BackfillStatusCommand.class,
      BackfillReceiptCommand.class,
      BackfillVerifyCommand.class,
      BackfillUndoCommand.class,
      SweepCommand.class
    },
    footer = {
      "",
      "Example: lake backfill plan ods_trade_order --parquet export/trade_order --as-of 2026-06-20T00:00:00Z"
    })
public final class BackfillCommand {}
