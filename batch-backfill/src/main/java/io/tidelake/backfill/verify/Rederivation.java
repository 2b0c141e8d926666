/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.verify;

import io.tidelake.backfill.run.ScratchLake;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.DerivedViews;
import io.tidelake.streaming.pipeline.InputDays;
import io.tidelake.streaming.pipeline.InputDays.Reach;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.model.TableDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Makes a table anew from ODS and DIM, in batch, with the queries of the pipelines: every table
 * between is made anew, too, in a lake of its own. Neither the streams nor what they have written
 * takes part.
 */
final class Rederivation {

  private final LakeCatalog catalog;
  private final StreamTableEnvironment session;
  private final Set<String> derived;

  /** The tables to make, each after those that it is made from, and their days; empty for all. */
  private final Map<String, Optional<Set<String>>> tables = new LinkedHashMap<>();

  /**
   * Understands what there is to do.
   *
   * @param target the table
   * @param days the days of the table to make; empty for all
   * @throws LakeException when no pipeline makes the table from others
   */
  Rederivation(
      LakeConfig config,
      LakeCatalog catalog,
      BatchEngine engine,
      String target,
      List<String> days) {
    this.catalog = catalog;
    this.session = FlinkSession.openBatch(config, engine.job("verify " + target));
    Set<String> made = Pipeline.derived(config);
    this.derived =
        DerivedViews.create(
                config, catalog, session, derivation -> made.contains(derivation.target()))
            .keySet();
    if (!derived.contains(target)) {
      throw new LakeException(
          ErrorCode.VERIFY_SOURCE_TABLE,
          target + " is not made from other tables.",
          "`lake backfill verify --run RUN` verifies what a backfill wrote into it.");
    }
    plan(target, days.isEmpty() ? Optional.empty() : Optional.of(new TreeSet<>(days)));
  }

  /** Adds a table after its inputs, with the days that are needed of it. */
  private void plan(String table, Optional<Set<String>> days) {
    InputDays.of(DerivedViews.nameOf(table), table, catalog, session)
        .forEach(
            (input, reach) -> {
              if (derived.contains(input)) {
                plan(input, reach == Reach.SAME_DAY ? days : Optional.empty());
              }
            });
    Optional<Set<String>> others = tables.getOrDefault(table, days);
    tables.put(
        table,
        others.isEmpty() || days.isEmpty()
            ? Optional.empty()
            : Optional.of(
                Stream.concat(others.get().stream(), days.get().stream())
                    .collect(Collectors.toCollection(TreeSet::new))));
  }

  /** Names of the tables that are made, each after those that it is made from. */
  List<String> tables() {
    return List.copyOf(tables.keySet());
  }

  /**
   * Makes them.
   *
   * @param scratch a lake with these tables, empty
   * @param started is told which table comes next
   * @throws LakeException when a job fails
   */
  void writeTo(ScratchLake scratch, Consumer<String> started) throws InterruptedException {
    for (Map.Entry<String, Optional<Set<String>>> table : tables.entrySet()) {
      started.accept(table.getKey());
      String made = FlinkSession.tableOf(scratch.config(), table.getKey(), session);
      String where =
          table
              .getValue()
              .map(
                  days ->
                      days.stream()
                          .map("'%s'"::formatted)
                          .collect(
                              Collectors.joining(
                                  ", ", " WHERE " + TableDefinition.DAY + " IN (", ")")))
              .orElse("");
      try {
        session
            .executeSql(
                "INSERT INTO %s SELECT * FROM %s%s"
                    .formatted(made, DerivedViews.nameOf(table.getKey()), where))
            .await();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new LakeException(
            ErrorCode.VERIFY_FAILED,
            table.getKey() + " could not be computed: " + LakeException.rootMessage(e),
            "Nothing was changed; run the command again. --debug shows the whole error.",
            e);
      }
      // What is made from it reads it there.
      session.createTemporaryView(table.getKey(), session.from(made));
    }
  }
}
