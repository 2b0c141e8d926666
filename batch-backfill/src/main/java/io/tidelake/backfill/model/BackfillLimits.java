/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

/**
 * How much a run may take.
 *
 * @param parallelism partitions that are written at the same time; at least 1
 * @param rowsPerSecond rows written a second at most, over all partitions; 0 for no limit
 * @param maxRejects rejected rows and files of one partition at which the run stops
 */
public record BackfillLimits(int parallelism, double rowsPerSecond, int maxRejects) {}
