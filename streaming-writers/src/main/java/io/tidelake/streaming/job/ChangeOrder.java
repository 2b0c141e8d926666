/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Derivation;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.SqlStatement;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.ExecutionConfigOptions.UpsertMaterialize;

/**
 * Whether the changes of a row reach its table in their order.
 *
 * <p>When a row moves from one key of a join to another, as a booking does that gets another room,
 * its removal there and its arrival here come in any order: each key is computed apart, by another
 * task, or later in the same mini-batch. A table with versions does not mind: the newer one wins. A
 * table without takes what comes last, and a removal that comes last deletes the row. Flink knows
 * where this can happen. Its own remedy, to keep all rows in front of the sink, Paimon refuses; so
 * the pipeline has to take one row of each key.
 */
final class ChangeOrder {

  /** A sink in a plan that Flink explains, in front of which it would keep the rows. */
  private static final Pattern UNORDERED =
      Pattern.compile("Sink\\(table=\\[[^\\]]*?([^.\\]]+)\\].*upsertMaterialize=\\[true\\]");

  private ChangeOrder() {}

  /**
   * Refuses a job that would lose rows of a table without versions. One whose configuration sets
   * {@code table.exec.sink.upsert-materialize} answers for that itself.
   *
   * @param statements what the job will run, in a session of its own
   * @throws LakeException with the tables, and what to write into their pipelines
   */
  static void check(
      LakeConfig config, JobConfig job, StatementSet statements, TableEnvironment session) {
    if (config
        .flinkOf(job)
        .containsKey(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE.key())) {
      return;
    }
    SortedMap<String, String> tables = tablesWithoutOrder(config, job);
    if (tables.isEmpty()) {
      return;
    }
    tables.keySet().retainAll(unordered(statements, session));
    if (!tables.isEmpty()) {
      String table = tables.firstKey();
      throw new LakeException(
          ErrorCode.CHANGES_UNORDERED,
          "Rows of "
              + String.join(", ", tables.keySet())
              + " move between keys of a join or of a group, and their removal can overtake their"
              + " arrival: the table would lose them.",
          "Take one row of each key in the pipeline of %1$s: INSERT INTO %1$s SELECT … FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY %2$s ORDER BY %2$s) AS n FROM (…)) WHERE n = 1. Or give the table versions: docs/tables.md has more under Rows that move."
              .formatted(table, tables.get(table)));
    }
  }

  /** The tables of a plan whose changes come in any order. */
  static Set<String> unordered(StatementSet statements, TableEnvironment session) {
    TableConfig plan = session.getConfig();
    UpsertMaterialize usual = plan.get(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE);
    plan.set(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE, UpsertMaterialize.AUTO);
    plan.set(ExecutionConfigOptions.TABLE_EXEC_SINK_REQUIRE_ON_CONFLICT, false);
    try {
      return UNORDERED
          .matcher(statements.explain())
          .results()
          .map(sink -> sink.group(1))
          .collect(Collectors.toSet());
    } finally {
      plan.set(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE, usual);
    }
  }

  /**
   * The tables of a job that take the change that comes last, with their keys; the lake's own
   * records are left out.
   */
  private static SortedMap<String, String> tablesWithoutOrder(LakeConfig config, JobConfig job) {
    SortedMap<String, String> keys = new TreeMap<>();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      for (String pipeline : job.pipelines()) {
        for (String target : Pipeline.read(config, pipeline).targets()) {
          catalog
              .find(target)
              .filter(ChangeOrder::takesWhatComesLast)
              .ifPresent(table -> keys.put(target, key(table)));
        }
      }
    }
    return keys;
  }

  private static String key(TableDefinition table) {
    return table.primaryKey().stream()
        .map(SqlStatement::identifier)
        .collect(Collectors.joining(", "));
  }

  private static boolean takesWhatComesLast(TableDefinition table) {
    return Derivation.determines(table)
        && !table.primaryKey().isEmpty()
        && table.options().getOrDefault("merge-engine", "deduplicate").equals("deduplicate");
  }
}
