/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of a project. As a text it hides secrets.
 *
 * @param folders where the project's files lie
 * @param catalog options of Paimon's catalog
 * @param database the Paimon database of all layers
 * @param timeZone the business time zone: what a day is, and when a schedule's hour comes
 * @param openDays a day is open while it is at most so many days before today, in the business time
 *     zone
 * @param tableOptions options of every table, unless its file says otherwise
 * @param source where change events come from
 * @param cluster where streaming jobs run
 * @param flink options of every Flink job
 * @param jobs the streaming jobs by name
 * @param repairs pipelines that {@code lake stream repair} runs in batch beside the streams
 * @param backfill how much backfills may take
 * @param maintain how small tables are kept
 * @param schedules the commands that the scheduler runs, by name
 * @param hive the Hive Metastore of an offline warehouse
 * @param publisher how the tables are shown to Iceberg readers
 * @param trino where queries are asked
 */
@RecordBuilder
public record LakeConfig(
    @Setting("Where the project's files lie. Paths are relative to the file of the configuration.")
        Folders folders,
    @Setting(
            value =
                "Options of Paimon's catalog, passed on as they are. A folder without a leading / lies in the project's folder.",
            required = true,
            example = "{warehouse: .lake/warehouse}")
        Map<String, String> catalog,
    @Setting(value = "The Paimon database of all layers.", fallback = "lake") String database,
    @Setting(
            value =
                "The business time zone: what a day, an hour and a minute are. Everything is stored in UTC.",
            fallback = "UTC",
            example = "Asia/Shanghai")
        ZoneId timeZone,
    @Setting(
            value =
                "A day is open while it is at most so many days before today. Streams maintain open days only of what says so (IS_OPEN_DAY); closed ones are rewritten in batch.",
            fallback = "60",
            min = "0")
        int openDays,
    @Setting(
            "Options of every table, unless its SQL file says otherwise; over those that every project has (below).")
        Map<String, String> tableOptions,
    @Setting(value = "Where change events come from.", required = true) SourceConfig source,
    @Setting(value = "Where streaming jobs run.", required = true) ClusterConfig cluster,
    @Setting("Flink options of every job; over those that every project has (below).")
        Map<String, String> flink,
    @Setting("Streaming jobs by name: each runs its pipelines as one Flink job.")
        Map<String, JobConfig> jobs,
    @Setting(
            value =
                "Pipelines that no stream runs but `lake stream repair`, in batch beside the streams.",
            example = "[dimension_repair]")
        List<String> repairs,
    @Setting("What backfills may take, unless the command says otherwise.") BackfillConfig backfill,
    @Setting("What `lake maintain` keeps.") MaintainConfig maintain,
    @Setting("Commands that the scheduler runs by itself, by name; see docs/scheduling.md.")
        Map<String, ScheduleConfig> schedules,
    @Setting("The Hive Metastore of an offline warehouse, whose Parquet tables backfills read.")
        HiveConfig hive,
    @Setting("How the tables are shown to Trino and other Iceberg readers.")
        PublisherConfig publisher,
    @Setting("Where `lake query` asks.") TrinoConfig trino)
    implements LakeConfigBuilder.With {

  /** The value of the catalog's option {@code metastore} for a Hive Metastore. */
  public static final String HIVE = "hive";

  public LakeConfig {
    catalog = Options.of(catalog);
    tableOptions = Options.of(tableOptions);
    flink = Options.of(flink);
    jobs = jobs == null ? Map.of() : new LinkedHashMap<>(jobs);
    repairs = repairs == null ? List.of() : List.copyOf(repairs);
    schedules = schedules == null ? Map.of() : new LinkedHashMap<>(schedules);
    if (hive == null || hive.uri() == null) {
      hive = new HiveConfig(HIVE.equals(catalog.get("metastore")) ? catalog.get("uri") : null);
    }
  }

  /**
   * Reads the configuration, with the secrets that its values refer to; relative paths of secrets
   * begin beside the file.
   *
   * @param file a YAML file
   * @param overrides values to set over it; keys are paths with {@code /} between the names, as in
   *     {@code catalog/warehouse}
   * @throws LakeException when the file cannot be read, holds an unknown name or a wrong value,
   *     lacks a name that has no default, or refers to a secret that cannot be read
   */
  public static LakeConfig load(Path file, Map<String, String> overrides) {
    return new ConfigReader(file, overrides).read();
  }

  /** The same configuration with a catalog of its own, in a folder of this machine. */
  public LakeConfig withWarehouse(Path folder) {
    return withCatalog(Map.of("warehouse", folder.toAbsolutePath().toString()));
  }

  /** The same configuration with some of its jobs only, in its order. */
  public LakeConfig withJobsOf(Set<String> names) {
    Map<String, JobConfig> some = new LinkedHashMap<>(jobs);
    some.keySet().retainAll(names);
    return withJobs(some);
  }

  /** The job of a name. */
  public JobConfig job(String name) {
    JobConfig job = jobs.get(name);
    if (job == null) {
      throw new LakeException(
          ErrorCode.JOB_UNKNOWN,
          "There is no job '" + name + "'; the configuration has " + jobs.keySet() + ".",
          "Use one of these names, or add the job under `jobs:` in lake.yaml.");
    }
    return job;
  }

  /** The Flink options of a job: those of every job, and its own over them. */
  public Map<String, String> flinkOf(JobConfig job) {
    Map<String, String> options = new LinkedHashMap<>(flink);
    options.putAll(job.flink());
    return options;
  }

  /** Where the tables lie in the Iceberg catalog. */
  public String publishedNamespace() {
    if (publisher.namespace() != null) {
      return publisher.namespace();
    }
    // There a database holds Paimon's tables, which have the same names.
    return HIVE.equals(catalog.get("metastore")) ? database + "_iceberg" : database;
  }

  /** The named parameters of SQL files. */
  public Map<String, String> sqlParameters() {
    return Map.of(
        "source.bootstrap-servers", source.bootstrapServers(),
        "source.topic-prefix", source.topicPrefix(),
        "source.time-zone", source.timeZone().getId());
  }
}
