/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.flink.FlinkSession;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitSafetyTest {

  private static final String BUCKET = "s3://bucket/lake";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        BUCKET,
        "S3://bucket/lake",
        "s3a://bucket/lake",
        "S3A://bucket/lake",
        "s3n://bucket/lake",
        "oss://bucket/lake",
        "gs://bucket/lake",
        "abfs://container@account.dfs.core.windows.net/lake",
        "abfss://container@account.dfs.core.windows.net/lake",
        "wasbs://container@account.blob.core.windows.net/lake",
        "cosn://bucket/lake",
        "obs://bucket/lake",
        "unheard-of://bucket/lake"
      })
  void aWarehouseInAnObjectStoreNeedsWhatOrdersCommits(String warehouse) {
    LakeConfig config = lake(Map.of("warehouse", warehouse));

    LakeException refused =
        catchThrowableOfType(LakeException.class, () -> LakeCatalog.open(config));

    assertThat(refused.code()).isEqualTo(ErrorCode.CATALOG_UNSAFE);
    assertThat(refused).hasMessageContainingAll(warehouse, "metastore: filesystem", "lost");
    assertThat(refused.remedy()).contains("metastore: hive", "metastore: jdbc", "lock.enabled");
  }

  @Test
  void aFlinkSessionIsRefusedToo() {
    LakeConfig config = lake(Map.of("warehouse", BUCKET));

    assertThatThrownBy(
            () -> FlinkSession.open(config, RuntimeExecutionMode.STREAMING, new Configuration()))
        .isInstanceOfSatisfying(
            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CATALOG_UNSAFE));
  }

  @ParameterizedTest
  @CsvSource({
    "filesystem, ",
    "filesystem, true",
    "hive, false",
    "jdbc, ",
    "jdbc, false",
    "somebody's, "
  })
  void aMetastoreWithoutALockDoesNotOrderCommits(String metastore, String lock) {
    assertThatThrownBy(() -> CommitSafety.require(catalog(BUCKET, metastore, lock)))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("metastore: " + metastore)
        .hasMessageContaining("lock.enabled: " + (lock == null ? "not set" : lock));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/lake, hive, ",
    "S3A://bucket/lake, hive, true",
    "oss://bucket/lake, jdbc, true",
    "gs://bucket/lake, rest, ",
    "hdfs://name-node:8020/lake, filesystem, ",
    "HDFS://name-node:8020/lake, filesystem, ",
    "viewfs://cluster/lake, hive, false",
    "file:/data/lake, filesystem, ",
    "/data/lake, filesystem, ",
    "lake, jdbc, ",
  })
  void whatOrdersCommitsIsTaken(String warehouse, String metastore, String lock) {
    CommitSafety.require(catalog(warehouse, metastore, lock));
  }

  @Test
  void aFolderOpensWithoutAMetastore() {
    try (LakeCatalog catalog = LakeCatalog.open(lake(Map.of("warehouse", folder.toString())))) {
      assertThat(catalog.tableNames()).isEmpty();
    }
  }

  private static Map<String, String> catalog(String warehouse, String metastore, String lock) {
    Map<String, String> catalog = new HashMap<>();
    catalog.put("warehouse", warehouse);
    catalog.put("metastore", metastore);
    if (lock != null) {
      catalog.put("lock.enabled", lock);
    }
    return catalog;
  }

  private static LakeConfig lake(Map<String, String> catalog) {
    return LakeConfig.load(ProjectFile.find(), Map.of()).withCatalog(catalog);
  }
}
