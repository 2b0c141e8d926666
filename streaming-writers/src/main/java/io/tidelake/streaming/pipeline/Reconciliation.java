/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.JobConfig;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.tables.model.OpenDays;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the start of a job without state. Such a job emits what its query yields now, and knows
 * nothing of rows that it wrote earlier and that its query would not yield any more: a group that
 * became empty while the job was down would stay for ever. So these rows are deleted first, in
 * batch, against one snapshot of each input; the job then starts at exactly these snapshots.
 */
public final class Reconciliation {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

  private final LakeConfig config;

  public Reconciliation(LakeConfig config) {
    this.config = config;
  }

  /**
   * Deletes what the pipelines of a job would not yield any more.
   *
   * @return options of the session that starts the job, which bind its inputs to the snapshots that
   *     were compared
   * @throws LakeException when a batch job fails
   */
  public Map<String, String> run(JobConfig job) {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      Map<String, Long> inputs = snapshotsOfChangelogs(catalog);
      Map<String, String> batchOptions = new LinkedHashMap<>();
      Map<String, String> streamOptions = new LinkedHashMap<>();
      inputs.forEach(
          (table, snapshot) -> {
            String id = FlinkSession.tableOption(config, table, "scan.snapshot-id");
            batchOptions.put(id, String.valueOf(snapshot));
            streamOptions.put(id, String.valueOf(snapshot));
            streamOptions.put(
                FlinkSession.tableOption(config, table, "scan.mode"), "from-snapshot-full");
          });
      Set<String> targets = new LinkedHashSet<>();
      for (String pipeline : job.pipelines()) {
        Pipeline.read(config, pipeline).derivations().forEach(made -> targets.add(made.target()));
      }
      for (String target : targets) {
        deleteVanished(catalog, target, batchOptions);
      }
      return streamOptions;
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.RECONCILIATION_FAILED,
          "Rows that vanished while the job was down could not be deleted: "
              + LakeException.rootMessage(e),
          "The job was not started. Start it again; --debug shows the whole error.",
          e);
    }
  }

  /** Inputs whose changes are followed: they have a changelog, and must not be followed twice. */
  private static Map<String, Long> snapshotsOfChangelogs(LakeCatalog catalog) {
    Map<String, Long> snapshots = new LinkedHashMap<>();
    for (String table : catalog.tableNames()) {
      TableDefinition definition = catalog.definition(table);
      long snapshot = catalog.latestSnapshotId(table);
      if (definition.options().containsKey("changelog-producer") && snapshot > 0) {
        snapshots.put(table, snapshot);
      }
    }
    return snapshots;
  }

  private void deleteVanished(LakeCatalog catalog, String table, Map<String, String> options)
      throws InterruptedException, ExecutionException {
    TableDefinition definition = catalog.find(table).orElse(null);
    if (definition == null
        || !Derivation.determines(definition)
        || ReadableRows.count(catalog.table(table)) == 0) {
      return;
    }
    TableEnvironment batch = FlinkSession.openBatch(config);
    options.forEach(
        (option, value) -> {
          // The table itself is compared as it is now.
          if (!option.startsWith(FlinkSession.tableOption(config, table, ""))) {
            batch.getConfig().set(option, value);
          }
        });
    Derivation derivation =
        DerivedViews.create(config, catalog, batch, made -> made.target().equals(table)).get(table);
    if (derivation == null) {
      // Only a repair writes it, which changes what others made.
      return;
    }
    // Not NOT EXISTS: the planner cannot decorrelate it over every query.
    batch
        .executeSql(
            """
            DELETE FROM %1$s WHERE (%2$s) IN (
              SELECT %2$s FROM %1$s WHERE %4$s EXCEPT SELECT %2$s FROM %3$s WHERE %4$s)
            """
                .formatted(
                    SqlName.quoted(table),
                    definition.primaryKey().stream()
                        .map(SqlName::quoted)
                        .collect(Collectors.joining(", ")),
                    SqlName.quoted(DerivedViews.nameOf(table)),
                    maintained(derivation)))
        .await();
    LOG.info("Reconciled {} before its job starts without state", table);
  }

  /** The rows that the job will maintain: closed days stay as batch left them. */
  private String maintained(Derivation derivation) {
    return derivation.leavesClosedDays()
        ? "dt >= '" + OpenDays.of(config).firstAt(Instant.now()) + "'"
        : "TRUE";
  }
}
