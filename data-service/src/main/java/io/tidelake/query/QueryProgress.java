/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import java.util.OptionalDouble;

/**
 * How far a query is.
 *
 * @param queryId how Trino calls it
 * @param state Trino's word, for example QUEUED or RUNNING
 * @param percent 0 to 100; empty while Trino does not know
 * @param rows rows read from tables so far
 * @param bytes the same in bytes
 * @param millis since it was sent
 */
public record QueryProgress(
    String queryId, String state, OptionalDouble percent, long rows, long bytes, long millis) {}
