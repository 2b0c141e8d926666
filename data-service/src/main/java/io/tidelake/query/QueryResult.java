/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import java.util.Optional;

/**
 * How a statement ended.
 *
 * @param queryId how Trino calls it
 * @param update what a statement without rows did, for example {@code CREATE TABLE}; empty for one
 *     with rows
 * @param rows rows that were handed on, or that an update changed
 * @param isCut whether it had more rows than its limit
 * @param millis from its start to its last row
 */
public record QueryResult(
    String queryId, Optional<String> update, long rows, boolean isCut, long millis) {}
