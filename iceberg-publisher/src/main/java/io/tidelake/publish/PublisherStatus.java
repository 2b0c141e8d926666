/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import java.time.Instant;
import java.util.List;

/**
 * How far the lake is published.
 *
 * @param publisher host and process id of the last publisher; NULL when none has ever run
 * @param reportedAt when it reported last; it does so every five seconds
 * @param tables all tables of the lake
 */
public record PublisherStatus(String publisher, Instant reportedAt, List<PublishedTable> tables) {}
