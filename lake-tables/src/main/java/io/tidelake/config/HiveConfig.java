/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

/**
 * The Hive Metastore of an offline warehouse, whose tables backfills can read.
 *
 * @param uri several by commas; that of the catalog when it is not configured, and NULL when the
 *     catalog has none
 */
public record HiveConfig(
    @Setting(
            value = "Its address, several by commas. By default that of the catalog.",
            example = "thrift://host:9083")
        String uri) {}
