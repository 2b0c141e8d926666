/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * What a layer shows to its readers at a moment.
 *
 * @param layer ods, dwd, dws or ads
 * @param rows rows that a query would see, over all tables of the layer
 * @param rowsPerSecond how many rows came since the sample before
 * @param age how old the layer is: the time since the commit of the first order it does not show
 *     yet; empty while it shows nothing
 */
public record LayerStatus(String layer, long rows, double rowsPerSecond, Optional<Duration> age) {}
