/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import io.tidelake.tables.diff.ChangeCounts;
import java.time.Instant;

/**
 * What a run did to one partition, as {@code ops_backfill_receipt} records it.
 *
 * @param run the run
 * @param target the table that was written
 * @param dt the partition; empty for a table without partitions
 * @param snapshotBefore the snapshot right before the commit
 * @param snapshotAfter the snapshot that the commit made; the same as before when nothing was
 *     committed
 * @param counts what the written rows did, counted from the table's own files
 * @param rejected rows and files that could not be offered
 * @param startedAt when the partition was begun
 * @param durationMillis how long it took, counting included
 */
public record Receipt(
    String run,
    String target,
    String dt,
    long snapshotBefore,
    long snapshotAfter,
    ChangeCounts counts,
    long rejected,
    Instant startedAt,
    long durationMillis) {}
