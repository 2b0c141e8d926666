/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.io.OpsTable;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks whether the pipelines of a project fit together, before anything runs. */
public final class PipelineCheck {

  private final LakeConfig config;

  /** For each table, those that it is made from, and in which pipeline. */
  private final Map<String, Map<String, String>> inputs = new TreeMap<>();

  /** Tables that are known to be made from none that is made from them. */
  private final Set<String> fine = new HashSet<>();

  private PipelineCheck(LakeConfig config) {
    this.config = config;
  }

  /**
   * Refuses pipelines that cannot work together.
   *
   * @throws LakeException when one reads a table that nobody writes, or some write each other's
   *     inputs
   */
  public static void run(LakeConfig config) {
    PipelineCheck check = new PipelineCheck(config);
    List<Pipeline> pipelines = Pipeline.readAll(config);
    Set<String> written = new HashSet<>(Pipeline.sourceNames(config));
    pipelines.forEach(pipeline -> written.addAll(pipeline.targets()));
    for (Pipeline pipeline : pipelines) {
      for (Insert insert : pipeline.parts()) {
        for (String table : new TreeSet<>(insert.reads())) {
          check.refuseUnwritten(pipeline, insert, table, written);
          if (!table.equals(insert.target())) {
            check
                .inputs
                .computeIfAbsent(insert.target(), target -> new TreeMap<>())
                .put(table, pipeline.name());
          }
        }
      }
    }
    check.inputs.keySet().forEach(table -> check.refuseCycle(List.of(table)));
  }

  private void refuseUnwritten(
      Pipeline pipeline, Insert insert, String table, Set<String> written) {
    if (written.contains(table)
        || OpsTable.isOne(table)
        || Files.exists(config.folders().mapping(table))) {
      return;
    }
    throw new LakeException(
        ErrorCode.PIPELINE_INVALID,
        "%s.sql: the insert into %s reads %s, which nobody writes."
            .formatted(pipeline.name(), insert.target(), table),
        "Correct the name; or write a pipeline that fills it, or a mapping for backfills, %s."
            .formatted(config.folders().root().relativize(config.folders().mapping(table))));
  }

  /**
   * @param path tables, each made from the next
   */
  private void refuseCycle(List<String> path) {
    String last = path.get(path.size() - 1);
    if (!fine.contains(last)) {
      for (String input : inputs.getOrDefault(last, Map.of()).keySet()) {
        List<String> longer = new ArrayList<>(path);
        longer.add(input);
        int begin = path.indexOf(input);
        if (begin >= 0) {
          throw cyclic(longer.subList(begin, longer.size()));
        }
        refuseCycle(longer);
      }
      fine.add(last);
    }
  }

  private LakeException cyclic(List<String> circle) {
    return new LakeException(
        ErrorCode.PIPELINE_CYCLE,
        "Tables are made from each other: "
            + String.join(" from ", circle)
            + "; in the pipelines "
            + String.join(", ", pipelines(circle))
            + ".",
        "Let one of them read what comes before: a table may read itself, and tables above it.");
  }

  private Set<String> pipelines(List<String> path) {
    Set<String> pipelines = new TreeSet<>();
    for (int i = 0; i < path.size() - 1; i++) {
      pipelines.add(inputs.get(path.get(i)).get(path.get(i + 1)));
    }
    return pipelines;
  }
}
