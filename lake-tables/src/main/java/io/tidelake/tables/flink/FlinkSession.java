/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.flink;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.merge.function.MergeFunctions;
import io.tidelake.tables.catalog.CatalogContexts;
import io.tidelake.tables.catalog.CleanViewCatalog;
import io.tidelake.tables.catalog.CommitSafety;
import io.tidelake.tables.model.OpenDays;
import io.tidelake.tables.model.SqlName;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogContext;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.flink.FlinkCatalog;
import org.apache.paimon.flink.FlinkCatalogFactory;

/**
 * The one place that opens Flink environments: the lake's catalog and database are current, the
 * functions of the merge law, {@link IsOpenDay} and the {@code CleanView clean views} are known,
 * and local time is that of the business time zone: {@code DATE_FORMAT}, {@code HOUR}, casts of an
 * instant to a text and {@code TIMESTAMP} literals that are compared with one mean it.
 */
public final class FlinkSession {

  private static final String CATALOG = "tidelake";
  private static final String TABLE_OPTION = "paimon.";
  private static final String LOOPBACK = "127.0.0.1";

  private FlinkSession() {}

  /**
   * Opens a session.
   *
   * @param config which catalog
   * @param mode streaming or batch
   * @param job options of the jobs it starts, over those of the configuration; where they run is
   *     among them ({@code execution.target}, {@code rest.address})
   * @throws LakeException when the catalog cannot be opened
   */
  public static StreamTableEnvironment open(
      LakeConfig config, RuntimeExecutionMode mode, Configuration job) {
    Configuration flink = Configuration.fromMap(config.flink());
    flink.addAll(job);
    flink.set(ExecutionOptions.RUNTIME_MODE, mode);
    if (mode == RuntimeExecutionMode.BATCH) {
      // Else a batch query would not see what the compaction job has not come to yet.
      flink.setString(
          tableOption(config, "*", CoreOptions.DELETION_VECTORS_MERGE_ON_READ.key()), "true");
      // Else two queries of one table would read all its days, and filter afterwards.
      flink.set(
          OptimizerConfigOptions.TABLE_OPTIMIZER_REUSE_OPTIMIZE_BLOCK_WITH_DIGEST_ENABLED, false);
    }
    // The tables order versions themselves; Flink's own materialization would keep state for ever.
    flink.set(
        ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE,
        ExecutionConfigOptions.UpsertMaterialize.NONE);
    StreamTableEnvironment environment =
        StreamTableEnvironment.create(
            environment(flink),
            mode == RuntimeExecutionMode.BATCH
                ? EnvironmentSettings.inBatchMode()
                : EnvironmentSettings.inStreamingMode());
    // Normalized: Flink takes +08:00, but not UTC+8.
    environment.getConfig().setLocalTimeZone(config.timeZone().normalized());
    // Table options go to the session itself: Paimon does not see those of the environment below.
    flink
        .toMap()
        .forEach(
            (option, value) -> {
              if (option.startsWith(TABLE_OPTION)) {
                environment.getConfig().set(option, value);
              }
            });
    try {
      environment.registerCatalog(CATALOG, catalog(CATALOG, config, mode));
      environment.useCatalog(CATALOG);
      environment.executeSql("CREATE DATABASE IF NOT EXISTS " + SqlName.quoted(config.database()));
      environment.useDatabase(config.database());
    } catch (LakeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw CatalogContexts.unavailable(config, e);
    }
    MergeFunctions.register(environment);
    environment.createTemporarySystemFunction(
        "IS_OPEN_DAY",
        mode == RuntimeExecutionMode.BATCH
            ? IsOpenDay.ofBatch()
            : IsOpenDay.ofStream(OpenDays.of(config)));
    return environment;
  }

  private static FlinkCatalog catalog(String name, LakeConfig config, RuntimeExecutionMode mode) {
    CommitSafety.require(config.catalog());
    CatalogContext context = CatalogContexts.of(config.catalog());
    Catalog tables = CatalogFactory.createCatalog(context, FlinkSession.class.getClassLoader());
    return FlinkCatalogFactory.createCatalog(
        name, new CleanViewCatalog(tables, mode), context.options());
  }

  /** A session that runs its batch queries inside this process. */
  public static StreamTableEnvironment openBatch(LakeConfig config) {
    return openBatch(config, new Configuration());
  }

  /**
   * A session for batch queries.
   *
   * @param job options of the jobs it starts; where they run is among them
   */
  public static StreamTableEnvironment openBatch(LakeConfig config, Configuration job) {
    Configuration query = new Configuration(job);
    // A query that fails says so at once.
    query.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    return open(config, RuntimeExecutionMode.BATCH, query);
  }

  /**
   * The full name of a table of another lake in a batch session, for writing to it.
   *
   * @param other a configuration with a warehouse of its own; its catalog is made known to the
   *     session
   */
  public static String tableOf(LakeConfig other, String table, StreamTableEnvironment session) {
    String catalog = "lake_" + Integer.toHexString(other.catalog().hashCode());
    if (session.getCatalog(catalog).isEmpty()) {
      session.registerCatalog(catalog, catalog(catalog, other, RuntimeExecutionMode.BATCH));
    }
    return String.join(
        ".", SqlName.quoted(catalog), SqlName.quoted(other.database()), SqlName.quoted(table));
  }

  /**
   * A DataStream environment whose jobs run where {@code execution.target} says: here by default.
   */
  public static StreamExecutionEnvironment environment(Configuration flink) {
    if (!flink.contains(DeploymentOptions.TARGET)) {
      flink.set(DeploymentOptions.TARGET, LocalExecutor.NAME);
      flink.set(DeploymentOptions.ATTACHED, true);
    }
    if (flink.get(DeploymentOptions.TARGET).equals(LocalExecutor.NAME)) {
      keepToThisMachine(flink);
    }
    // Not getExecutionEnvironment: outside of Flink's own client that one is always local.
    return new StreamExecutionEnvironment(flink);
  }

  /**
   * Has a Flink inside this process listen on the loopback interface only, and take no jars: by
   * itself it listens on every interface, and whoever reaches it runs code.
   */
  public static void keepToThisMachine(Configuration flink) {
    flink.set(RestOptions.ADDRESS, LOOPBACK);
    flink.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    flink.set(JobManagerOptions.ADDRESS, LOOPBACK);
    flink.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    flink.set(TaskManagerOptions.HOST, LOOPBACK);
    flink.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    flink.set(WebOptions.SUBMIT_ENABLE, false);
  }

  /**
   * The session option that sets an option of one table for the jobs of the session only; {@code *}
   * stands for every table.
   */
  public static String tableOption(LakeConfig config, String table, String option) {
    return TABLE_OPTION + String.join(".", "*", config.database(), table, option);
  }
}
