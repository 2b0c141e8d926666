/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LATEST and LATEST_NON_NULL as SQL calls them: over a changelog, in two phases, in batch. */
class LatestInSqlTest {

  private static final int CHANGES = 400;
  private static final int GROUPS = 5;
  private static final String QUERY =
      "SELECT k, LATEST(v, version), LATEST_NON_NULL(v, version) FROM records GROUP BY k";

  /** A type, and two values of it. */
  private record ScalarType(String name, String latest, String earlier) {}

  private static final List<ScalarType> TYPES =
      List.of(
          new ScalarType("BOOLEAN", "TRUE", "FALSE"),
          new ScalarType("TINYINT", "1", "2"),
          new ScalarType("SMALLINT", "1", "2"),
          new ScalarType("INT", "1", "2"),
          new ScalarType("BIGINT", "1", "2"),
          new ScalarType("FLOAT", "1.5", "2.5"),
          new ScalarType("DOUBLE", "1.5", "2.5"),
          new ScalarType("DECIMAL(12, 2)", "1.25", "2.25"),
          new ScalarType("CHAR(3)", "'abc'", "'abd'"),
          new ScalarType("VARCHAR(9)", "'abc'", "'abd'"),
          new ScalarType("STRING", "'abc'", "'abd'"),
          new ScalarType("BINARY(2)", "x'0102'", "x'0103'"),
          new ScalarType("BYTES", "x'0102'", "x'0103'"),
          new ScalarType("DATE", "DATE '2026-06-18'", "DATE '2026-06-19'"),
          new ScalarType("TIME", "TIME '09:12:33'", "TIME '09:12:34'"),
          new ScalarType(
              "TIMESTAMP(6)",
              "TIMESTAMP '2026-06-18 09:12:33.123456'",
              "TIMESTAMP '2026-06-18 09:12:33.123457'"),
          new ScalarType(
              "TIMESTAMP_LTZ(6)",
              "TIMESTAMP '2026-06-18 09:12:33.123456'",
              "TIMESTAMP '2026-06-18 09:12:33.123457'"));

  /** Rows are inserted, updated (also into another group) and deleted, as orders are. */
  @ParameterizedTest
  @CsvSource({"false, ONE_PHASE", "true, ONE_PHASE", "true, TWO_PHASE"})
  void followAChangelog(boolean miniBatch, String phases) throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("LatestInSqlTest seed " + seed);
    List<Row> changelog = new ArrayList<>();
    Collection<Row> remaining = randomChanges(new Random(seed), changelog);
    SqlSession session =
        SqlSession.open(
            true,
            Map.of(
                "table.exec.mini-batch.enabled",
                String.valueOf(miniBatch),
                "table.exec.mini-batch.allow-latency",
                "1 s",
                "table.exec.mini-batch.size",
                "7",
                "table.optimizer.agg-phase-strategy",
                phases));
    session.tables.createTemporaryView(
        "records",
        session.tables.fromChangelogStream(
            session
                .streams
                .fromData(
                    changelog,
                    Types.ROW_NAMED(
                        new String[] {"id", "k", "v", "version"},
                        Types.INT,
                        Types.INT,
                        Types.STRING,
                        Types.LONG))
                .setParallelism(1),
            Schema.newBuilder()
                .column("id", DataTypes.INT())
                .column("k", DataTypes.INT())
                .column("v", DataTypes.STRING())
                .column("version", DataTypes.BIGINT())
                .build()));
    assertThat(session.tables.explainSql(QUERY).contains("LocalGroupAggregate"))
        .isEqualTo(phases.equals("TWO_PHASE"));

    assertThat(fold(session.rows(QUERY))).isEqualTo(expected(remaining));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ONE_PHASE", "TWO_PHASE"})
  void runInBatch(String phases) throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("LatestInSqlTest seed " + seed);
    Collection<Row> remaining = randomChanges(new Random(seed), new ArrayList<>());
    SqlSession session =
        SqlSession.open(false, Map.of("table.optimizer.agg-phase-strategy", phases));
    session.tables.createTemporaryView(
        "records",
        session.tables.fromValues(
            DataTypes.ROW(
                DataTypes.FIELD("id", DataTypes.INT()),
                DataTypes.FIELD("k", DataTypes.INT()),
                DataTypes.FIELD("v", DataTypes.STRING()),
                DataTypes.FIELD("version", DataTypes.BIGINT())),
            List.copyOf(remaining)));

    assertThat(fold(session.rows(QUERY))).isEqualTo(expected(remaining));
  }

  /** One query for all of them: each job takes a second. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takeEveryScalarType(boolean streaming) throws Exception {
    SqlSession session = SqlSession.open(streaming, Map.of());
    session.tables.executeSql(
        "CREATE TEMPORARY VIEW records AS "
            + records(2, type -> "CAST(" + type.latest + " AS " + type.name + ")")
            + " UNION ALL "
            + records(1, type -> "CAST(" + type.earlier + " AS " + type.name + ")")
            + " UNION ALL "
            + records(3, type -> "CAST(NULL AS " + type.name + ")"));

    Row latest = last(session.rows("SELECT * FROM records WHERE version = 2"));
    Row ofAll = last(session.rows("SELECT " + aggregates("LATEST(%s, version)")));
    Row nonNull = last(session.rows("SELECT " + aggregates("LATEST_NON_NULL(%s, version)")));
    Row earliest = last(session.rows("SELECT " + aggregates("LATEST_NON_NULL(%s, -version)")));
    for (int i = 0; i < TYPES.size(); i++) {
      Object value = latest.getField(i);
      assertThat(ofAll.getField(i)).as(TYPES.get(i).name).isNull();
      assertThat(nonNull.getField(i)).as(TYPES.get(i).name).isEqualTo(value);
      assertThat(earliest.getField(i))
          .as(TYPES.get(i).name)
          .isNotEqualTo(value)
          .hasSameClassAs(value);
    }
  }

  private static String records(int version, Function<ScalarType, String> value) {
    return IntStream.range(0, TYPES.size())
        .mapToObj(i -> value.apply(TYPES.get(i)) + " AS v" + i)
        .collect(Collectors.joining(", ", "SELECT ", ", " + version + " AS version"));
  }

  private static String aggregates(String function) {
    return IntStream.range(0, TYPES.size())
        .mapToObj(i -> function.formatted("v" + i))
        .collect(Collectors.joining(", ", "", " FROM records"));
  }

  private static Row last(List<Row> rows) {
    return rows.get(rows.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refuseATypeWithoutAnOrder(boolean streaming) {
    SqlSession session = SqlSession.open(streaming, Map.of());
    assertThatThrownBy(() -> session.rows("SELECT LATEST(v, 1) FROM (VALUES (ARRAY[1])) AS t (v)"))
        .hasStackTraceContaining("The value has a scalar type.");
  }

  /** A changelog of random rows; what remains of them is returned. */
  private static Collection<Row> randomChanges(Random random, List<Row> changelog) {
    Map<Integer, Row> rows = new HashMap<>();
    while (changelog.size() < CHANGES) {
      int id = random.nextInt(40);
      Row before = rows.remove(id);
      if (before != null && random.nextInt(3) == 0) {
        changelog.add(copy(RowKind.DELETE, before));
        continue;
      }
      Row after =
          Row.of(
              id,
              random.nextInt(GROUPS),
              random.nextInt(4) == 0 ? null : "v" + random.nextInt(100),
              random.nextInt(6) == 0 ? null : (long) random.nextInt(10));
      if (before != null) {
        changelog.add(copy(RowKind.UPDATE_BEFORE, before));
      }
      changelog.add(copy(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, after));
      rows.put(id, after);
    }
    return rows.values();
  }

  private static Row copy(RowKind kind, Row row) {
    Row copy = Row.copy(row);
    copy.setKind(kind);
    return copy;
  }

  /** What a changelog of groups leaves: group to its two values. */
  private static Map<Object, List<Object>> fold(List<Row> changelog) {
    Map<Object, List<Object>> groups = new TreeMap<>();
    for (Row row : changelog) {
      if (row.getKind() == RowKind.DELETE) {
        groups.remove(row.getField(0));
      } else if (row.getKind() != RowKind.UPDATE_BEFORE) {
        groups.put(row.getField(0), Arrays.asList(row.getField(1), row.getField(2)));
      }
    }
    return groups;
  }

  private static Map<Object, List<Object>> expected(Collection<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getField(1),
                TreeMap::new,
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    group -> Arrays.asList(latest(group, true), latest(group, false)))));
  }

  private static Object latest(List<Row> group, boolean nullsToo) {
    return group.stream()
        .filter(row -> row.getField(3) != null && (nullsToo || row.getField(2) != null))
        .max(
            Comparator.comparing((Row row) -> (Long) row.getField(3))
                .thenComparing(
                    row -> (String) row.getField(2),
                    Comparator.nullsFirst(Comparator.naturalOrder())))
        .map(row -> row.getField(2))
        .orElse(null);
  }
}
