/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the tables are shown to Iceberg readers.
 *
 * @param catalog properties of the Iceberg catalog, passed on as they are
 * @param namespace where the tables lie in that catalog; NULL for the lake's database
 * @param location folder of Iceberg's metadata; empty for {@code iceberg} in the warehouse
 * @param pollInterval how often each table is looked at
 * @param opsPollInterval the same of the lake's own records
 * @param keepFor how long files that a published snapshot needed are kept after it was replaced
 * @param parallelism tables that are published at the same time
 * @param skipTags tags whose names begin so are not shown
 * @param trinoCatalog what Trino calls the catalog; clean views are written for that name
 */
@RecordBuilder
public record PublisherConfig(
    @Setting(
            value =
                "Properties of the Iceberg catalog, passed on as they are. type is hive, rest or jdbc.",
            example = "{type: rest, uri: http://host:8181}")
        Map<String, String> catalog,
    @Setting(
            "Where the tables lie in that catalog. By default the database; with _iceberg behind it when Paimon's own tables are in a Hive Metastore.")
        String namespace,
    @Setting(
            value = "Folder of Iceberg's metadata. By default iceberg in the warehouse.",
            example = "s3://bucket/iceberg")
        String location,
    @Setting(value = "How often each table is looked at.", fallback = "1 s", min = "10 ms")
        Duration pollInterval,
    @Setting(
            value = "The same of the lake's own records (ops_…): its clock never stands still.",
            fallback = "10 s",
            min = "10 ms")
        Duration opsPollInterval,
    @Setting(
            value = "How long a query may still read files of a replaced snapshot.",
            fallback = "15 min",
            min = "0 s")
        Duration keepFor,
    @Setting(
            value = "Tables that are published at the same time.",
            fallback = "4",
            min = "1",
            max = "256")
        int parallelism,
    @Setting(
            value = "Tags that begin so are not shown: runs make one for each day.",
            fallback = "[backfill-]")
        List<String> skipTags,
    @Setting(value = "What Trino calls that catalog; clean views name it.", fallback = "lake")
        String trinoCatalog)
    implements PublisherConfigBuilder.With {

  public PublisherConfig {
    catalog = Options.of(catalog);
    location = location == null ? "" : location;
    skipTags = skipTags == null ? List.of() : List.copyOf(skipTags);
  }
}
