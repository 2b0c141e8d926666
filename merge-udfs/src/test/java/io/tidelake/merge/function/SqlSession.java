/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.assertj.core.util.Lists;

/** A Flink session of a test, with the functions of the merge law. */
final class SqlSession {

  final StreamExecutionEnvironment streams;
  final StreamTableEnvironment tables;

  private SqlSession(StreamExecutionEnvironment streams, StreamTableEnvironment tables) {
    this.streams = streams;
    this.tables = tables;
  }

  /**
   * @param options Flink options over those of the session
   */
  static SqlSession open(boolean streaming, Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put("restart-strategy.type", "disable");
    all.put("table.local-time-zone", "UTC");
    all.put("parallelism.default", "2");
    // Else generated code is parsed again to be split, which takes longer than a test.
    all.put("table.generated-code.max-length", "1000000");
    Configuration flink = Configuration.fromMap(all);
    flink.set(
        ExecutionOptions.RUNTIME_MODE,
        streaming ? RuntimeExecutionMode.STREAMING : RuntimeExecutionMode.BATCH);
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(
            streams,
            streaming ? EnvironmentSettings.inStreamingMode() : EnvironmentSettings.inBatchMode());
    MergeFunctions.register(tables);
    return new SqlSession(streams, tables);
  }

  /** All rows that a statement answers; in streaming mode its changelog. */
  List<Row> rows(String sql) throws Exception {
    TableResult result = tables.executeSql(sql);
    try (CloseableIterator<Row> rows = result.collect()) {
      return Lists.newArrayList(rows);
    }
  }
}
