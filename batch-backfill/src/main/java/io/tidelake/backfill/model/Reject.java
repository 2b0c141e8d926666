/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.model;

import java.util.Optional;

/**
 * A row or a file that could not be offered, as {@code ops_backfill_reject} records it.
 *
 * @param dt the partition in which it was met
 * @param reason why it was rejected
 * @param sourceFile the file or table it came from
 * @param rowValues the row as text; empty for a whole file
 */
public record Reject(
    String dt, String reason, Optional<String> sourceFile, Optional<String> rowValues) {}
