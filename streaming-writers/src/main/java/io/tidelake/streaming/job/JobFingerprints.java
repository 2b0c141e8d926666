/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.Folders;
import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.state.JobFingerprint;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.schema.SqlScript;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.paimon.table.FileStoreTable;

/** Finds out what a job of the configuration is made of now. */
final class JobFingerprints {

  private final LakeConfig config;

  JobFingerprints(LakeConfig config) {
    this.config = config;
  }

  /**
   * What a job is made of: its pipelines, the tables and sources that they name (all tables for the
   * compaction job), its options, and the versions of what plans it.
   */
  JobFingerprint of(String name) {
    JobConfig job = config.job(name);
    JobFingerprint all =
        JobFingerprint.empty()
            .with("Flink", EnvironmentInformation.getVersion())
            .with("Paimon", versionOfPaimon())
            .withText("warehouse", config.catalog().get("warehouse") + " " + config.database())
            .withFlink(StateExpiry.options(config, job))
            .withFlink(config.flink())
            .withFlink(job.flink());
    for (Map.Entry<String, Map<String, String>> table : job.tableOptions().entrySet()) {
      for (Map.Entry<String, String> option : table.getValue().entrySet()) {
        all = all.with(table.getKey() + " " + option.getKey(), option.getValue());
      }
    }
    Set<String> names = new HashSet<>();
    boolean usesOpenDays = false;
    for (String file : job.pipelines()) {
      Pipeline pipeline = Pipeline.read(config, file);
      all = all.withText("pipeline " + file, String.join(";", pipeline.statements()));
      names.addAll(pipeline.names());
      usesOpenDays |= pipeline.usesOpenDays();
    }
    if (usesOpenDays) {
      all = all.with("open-days", String.valueOf(config.openDays()));
    }
    if (!job.pipelines().isEmpty()) {
      // Days and hours of rows that the state holds are made in it.
      all = all.with("time-zone", config.timeZone().getId());
    }
    return withTables(withSources(all, job, names), job, names);
  }

  /**
   * By its jar's manifest. The Java package says nothing when the class of ours that stands in it
   * is loaded before Paimon's.
   */
  private static String versionOfPaimon() {
    URL place = FileStoreTable.class.getProtectionDomain().getCodeSource().getLocation();
    try (JarFile jar = new JarFile(new File(URI.create(place.toString())))) {
      return jar.getManifest().getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read Paimon's jar " + place, e);
    }
  }

  private JobFingerprint withSources(JobFingerprint all, JobConfig job, Set<String> names) {
    JobFingerprint more = all;
    if (!job.pipelines().isEmpty()) {
      // Brokers may move; a topic is known by Kafka's id for it, which the state has.
      Map<String, String> parameters = new HashMap<>(config.sqlParameters());
      parameters.put("source.bootstrap-servers", "");
      for (Path file : Folders.sqlFiles(config.folders().sources())) {
        SqlScript source = SqlScript.read(file, parameters);
        if (names.contains(source.name())) {
          more = more.withText("source " + source.name(), String.join(";", source.statements()));
        }
      }
    }
    return more;
  }

  private JobFingerprint withTables(JobFingerprint all, JobConfig job, Set<String> names) {
    JobFingerprint more = all;
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      for (String name : catalog.tableNames()) {
        if (job.pipelines().isEmpty()
            || names.contains(name)
            || names.contains(CleanView.nameFor(name))) {
          more = more.withTable(catalog.definition(name), catalog.table(name).uuid());
        }
      }
    }
    return more;
  }
}
