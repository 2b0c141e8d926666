/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import java.time.Duration;

/**
 * How much a query may return and how long it may take.
 *
 * @param rows at most so many rows of each result; 0 for all
 * @param time from its start to its last row, the queue included, in whole seconds; zero for as
 *     long as Trino allows
 */
public record QueryLimits(long rows, Duration time) {}
