/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;

/**
 * Jobs aggregate in mini-batches (lake.yaml). Before Flink 2.3 a batch whose first key holds only
 * retractions lost all keys after it (FLINK-35661).
 */
class MiniBatchTest {

  @Test
  void keysAfterOneThatIsOnlyTakenBackAreCounted() throws Exception {
    List<Row> changelog = new ArrayList<>();
    changelog.add(Row.ofKind(RowKind.DELETE, 0));
    IntStream.rangeClosed(1, 99).forEach(key -> changelog.add(Row.ofKind(RowKind.INSERT, key)));
    SqlSession session =
        SqlSession.open(
            true,
            Map.of(
                "table.exec.mini-batch.enabled",
                "true",
                "table.exec.mini-batch.allow-latency",
                "1 min",
                "table.exec.mini-batch.size",
                "1000",
                "table.optimizer.agg-phase-strategy",
                "ONE_PHASE"));
    session.tables.createTemporaryView(
        "records",
        session.tables.fromChangelogStream(
            session
                .streams
                .fromData(changelog, Types.ROW_NAMED(new String[] {"k"}, Types.INT))
                .setParallelism(1),
            Schema.newBuilder().column("k", DataTypes.INT()).build()));

    assertThat(session.rows("SELECT k, COUNT(*) FROM records GROUP BY k"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 99)
                .mapToObj(key -> Row.ofKind(RowKind.INSERT, key, 1L))
                .toList());
  }
}
