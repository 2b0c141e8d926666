/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.time.Duration;

/**
 * How much backfills may take, unless the command says otherwise.
 *
 * @param parallelism partitions that are written at the same time
 * @param rowsPerSecond rows written a second at most; 0 for no limit
 * @param maxRejects rejected rows of one partition at which a run stops
 * @param undoFor how long a run can be undone; so long the files that it replaced are kept
 */
public record BackfillConfig(
    @Setting(value = "Days that are written at the same time.", fallback = "2", min = "1")
        int parallelism,
    @Setting(
            value = "Rows written a second at most, over all days; 0 for no limit.",
            fallback = "2000",
            min = "0")
        double rowsPerSecond,
    @Setting(value = "Rejected rows of one day at which a run stops.", fallback = "1000", min = "0")
        int maxRejects,
    @Setting(
            value = "How long a run can be undone; so long the files that it replaced are kept.",
            fallback = "7 d",
            min = "0 s")
        Duration undoFor) {}
