/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A backfill that is asked for.
 *
 * @param target the table to write
 * @param mode fill or correct
 * @param asOf the instant that the snapshot describes
 * @param input where the snapshot is, as {@code SnapshotInputs} understands it
 * @param mapping the file of the mapping
 * @param days the days to write; empty for all days of the snapshot
 */
public record BackfillRequest(
    String target, BackfillMode mode, Instant asOf, String input, Path mapping, List<String> days) {

  public BackfillRequest {
    days = List.copyOf(days);
  }
}
