/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A streaming job.
 *
 * @param pipelines names of pipelines, each a file {@code <name>.sql}
 * @param flink options of this job, over those of every job
 * @param tableOptions table options of this job's readers and writers, by table name
 */
public record JobConfig(
    @Setting("Its pipelines: files of that name with .sql.") List<String> pipelines,
    @Setting("Flink options of this job, over those of every job.") Map<String, String> flink,
    @Setting(
            value = "Options of its readers and writers, by table.",
            example = "{dwd_parcel: {sink.parallelism: \"2\"}}")
        Map<String, Map<String, String>> tableOptions) {

  public JobConfig {
    pipelines = pipelines == null ? List.of() : List.copyOf(pipelines);
    flink = Options.of(flink);
    tableOptions = tableOptions == null ? Map.of() : new LinkedHashMap<>(tableOptions);
  }
}
