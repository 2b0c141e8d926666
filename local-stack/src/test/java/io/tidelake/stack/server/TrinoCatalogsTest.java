/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TrinoCatalogsTest {

  @Test
  void saysInTrinosWordsWhereThePublisherWrites() {
    assertThat(TrinoCatalogs.icebergCatalog(Map.of("type", "hive", "uri", "thrift://host:9083")))
        .isEqualTo(
            Map.of(
                "iceberg.catalog.type",
                "hive_metastore",
                "hive.metastore.uri",
                "thrift://host:9083"));
    assertThat(
            TrinoCatalogs.icebergCatalog(
                Map.of("type", "rest", "uri", "http://host:8181", "warehouse", "w")))
        .isEqualTo(
            Map.of(
                "iceberg.catalog.type",
                "rest",
                "iceberg.rest-catalog.uri",
                "http://host:8181",
                "iceberg.rest-catalog.warehouse",
                "w"));
    assertThat(
            TrinoCatalogs.icebergCatalog(
                Map.of("type", "jdbc", "uri", "jdbc:postgresql://host/db", "jdbc.user", "u")))
        .containsEntry("iceberg.jdbc-catalog.driver-class", "org.postgresql.Driver")
        .containsEntry("iceberg.jdbc-catalog.connection-url", "jdbc:postgresql://host/db")
        .containsEntry("iceberg.jdbc-catalog.connection-user", "u")
        .doesNotContainKey("iceberg.jdbc-catalog.connection-password");
    assertThatThrownBy(
            () -> TrinoCatalogs.icebergCatalog(Map.of("type", "jdbc", "uri", "jdbc:sqlite:x")))
        .hasMessage("Trino has no driver for jdbc:sqlite:x.");
    assertThatThrownBy(() -> TrinoCatalogs.icebergCatalog(Map.of("type", "glue")))
        .hasMessageContaining("type 'glue'");
  }

  @Test
  void saysInTrinosWordsWhereTheFilesAre() {
    assertThat(TrinoCatalogs.fileSystem(Map.of("warehouse", "/data/my lake")))
        .containsEntry("fs.local.enabled", "true");
    assertThat(
            TrinoCatalogs.fileSystem(
                Map.of(
                    "warehouse",
                    "s3://bucket/lake",
                    "s3.endpoint",
                    "http://host:9000",
                    "s3.access-key",
                    "key")))
        .containsEntry("fs.s3.enabled", "true")
        .containsEntry("s3.endpoint", "http://host:9000")
        .containsEntry("s3.aws-access-key", "key")
        .doesNotContainKey("s3.aws-secret-key");
    assertThatThrownBy(() -> TrinoCatalogs.fileSystem(Map.of("warehouse", "hdfs://host/lake")))
        .hasMessageContaining("a warehouse of hdfs");
  }
}
