/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Lineage;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;

/**
 * A table of the lake that mirrors a table of the source: one insert of a streaming job fills it,
 * from that source table alone, and it has a version and says of each row whether it is deleted.
 *
 * @param table its definition
 * @param query what fills it, by position
 * @param pipeline whose insert that is
 * @param job which runs the pipeline
 */
record Mirror(TableDefinition table, String query, Pipeline pipeline, String job) {

  /** Finds the mirrors of source tables, as the pipelines say. */
  static List<Mirror> find(
      LakeConfig config, LakeCatalog catalog, TableEnvironment streaming, Set<String> sources) {
    List<Mirror> mirrors = new ArrayList<>();
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, JobConfig> job : config.jobs().entrySet()) {
      for (String name : job.getValue().pipelines()) {
        Pipeline pipeline = Pipeline.read(config, name);
        written.addAll(pipeline.targets());
        if (sources.stream().anyMatch(pipeline::reads)) {
          pipeline.createViews(streaming);
          mirrors.addAll(find(pipeline, job.getKey(), catalog, streaming, sources));
        }
      }
    }
    mirrors.removeIf(mirror -> Collections.frequency(written, mirror.table().name()) > 1);
    return mirrors;
  }

  private static List<Mirror> find(
      Pipeline pipeline,
      String job,
      LakeCatalog catalog,
      TableEnvironment streaming,
      Set<String> sources) {
    Map<String, List<Lineage.Edge>> edges =
        LineageReader.edges(pipeline, streaming).stream()
            .collect(Collectors.groupingBy(Lineage.Edge::to));
    List<Mirror> mirrors = new ArrayList<>();
    for (Derivation derivation : pipeline.derivations()) {
      TableDefinition table = catalog.find(derivation.target()).orElse(null);
      List<Lineage.Edge> from = edges.getOrDefault(derivation.target(), List.of());
      if (table != null
          && isMirror(table)
          && from.size() == 1
          && sources.contains(from.get(0).from())) {
        mirrors.add(new Mirror(table, derivation.query(), pipeline, job));
      }
    }
    return mirrors;
  }

  private static boolean isMirror(TableDefinition table) {
    return table.column(TableDefinition.IS_DELETED).isPresent()
        && !table.sequenceFields().isEmpty()
        && table.columnGroups().isEmpty();
  }

  /** The column of its version. */
  String version() {
    return table.sequenceFields().get(0);
  }
}
