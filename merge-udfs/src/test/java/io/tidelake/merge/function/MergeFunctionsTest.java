/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.types.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions as SQL calls them, in both modes. */
class MergeFunctionsTest {

  private static final String NOON =
      "CAST(TIMESTAMP '2026-06-18 12:00:00.123456' AS TIMESTAMP_LTZ(6))";
  private static final Instant NOON_INSTANT = Instant.parse("2026-06-18T12:00:00.123456Z");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void orderTheThreeOriginsOfOneInstant(boolean streaming) throws Exception {
    List<Object> versions =
        select(
            streaming,
            "SNAPSHOT_VERSION(t), SNAPSHOT_VERSION(t, 1), REALTIME_VERSION(t), REALTIME_VERSION(t, 767), "
                + "CORRECTION_VERSION(t), CORRECTION_VERSION(t, 255)",
            NOON);
    assertThat(versions).allSatisfy(version -> assertThat(version).isInstanceOf(Long.class));
    assertThat(versions.stream().map(Long.class::cast)).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellWhatAVersionIs(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "VERSION_ORIGIN(SNAPSHOT_VERSION(t)), VERSION_TIME(SNAPSHOT_VERSION(t, 3)), "
                    + "VERSION_ORIGIN(REALTIME_VERSION(t)), VERSION_TIME(REALTIME_VERSION(t, 3)), "
                    + "VERSION_ORIGIN(CORRECTION_VERSION(t)), VERSION_TIME(CORRECTION_VERSION(t, 3)), "
                    + "DESCRIBE_VERSION(CORRECTION_VERSION(t, 3))",
                NOON))
        .containsExactly(
            "snapshot",
            NOON_INSTANT,
            "real-time",
            NOON_INSTANT,
            "correction",
            NOON_INSTANT,
            "correction 2026-06-18T12:00:00.123456Z #3");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void yieldNullForNull(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "SNAPSHOT_VERSION(t), REALTIME_VERSION(t, 1), CORRECTION_VERSION(t, 1), "
                    + "VERSION_ORIGIN(REALTIME_VERSION(t)), VERSION_TIME(REALTIME_VERSION(t)), "
                    + "DESCRIBE_VERSION(REALTIME_VERSION(t))",
                "CAST(NULL AS TIMESTAMP_LTZ(6))"))
        .hasSize(6)
        .containsOnlyNulls();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void countAMissingAttemptAsTheFirst(boolean streaming) throws Exception {
    List<Object> versions =
        select(streaming, "SNAPSHOT_VERSION(t), SNAPSHOT_VERSION(t, CAST(NULL AS INT))", NOON);
    assertThat(versions.get(0)).isEqualTo(versions.get(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refuseAnAttemptOutOfRange(boolean streaming) {
    assertThatThrownBy(() -> select(streaming, "CORRECTION_VERSION(t, 256)", NOON))
        .rootCause()
        .hasMessageContaining("attempt")
        .hasMessageContaining("256");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void guardAGroupWithoutValues(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "VERSION_IF_ANY(5, t, CAST(NULL AS STRING)), VERSION_IF_ANY(5, CAST(NULL AS STRING), t), "
                    + "VERSION_IF_ANY(5, CAST(NULL AS STRING), CAST(NULL AS DECIMAL(10, 2))), "
                    + "VERSION_IF_ANY(CAST(NULL AS BIGINT), t)",
                NOON))
        .containsExactly(5L, 5L, null, null);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void preferTheGreaterVersion(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "PREFER_REALTIME('r', REALTIME_VERSION(t), 's', SNAPSHOT_VERSION(t)), "
                    + "PREFER_REALTIME('r', CAST(NULL AS BIGINT), 's', SNAPSHOT_VERSION(t)), "
                    + "PREFER_REALTIME(CAST(NULL AS STRING), REALTIME_VERSION(t), 's', SNAPSHOT_VERSION(t)), "
                    + "PREFER_REALTIME('r', REALTIME_VERSION(t), 'c', CORRECTION_VERSION(t)), "
                    + "PREFER_REALTIME('r', 7, 's', 7), "
                    + "PREFER_REALTIME('r', CAST(NULL AS BIGINT), 's', CAST(NULL AS BIGINT))",
                NOON))
        .containsExactly("r", "s", null, "c", "r", null);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void preferAmongValuesWithACommonType(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "PREFER_REALTIME(1, 1, CAST(2.50 AS DECIMAL(10, 2)), 2), "
                    + "PREFER_REALTIME(1, 2, CAST(2.50 AS DECIMAL(10, 2)), 1), "
                    + "PREFER_REALTIME(t, 2, TIMESTAMP '2026-06-18 00:00:00', 1)",
                NOON))
        .containsExactly(new BigDecimal("2.50"), new BigDecimal("1.00"), NOON_INSTANT);
    assertThatThrownBy(() -> select(streaming, "PREFER_REALTIME(TRUE, 1, 5, 2)", NOON))
        .rootCause()
        .hasMessageContaining("need a common type")
        .hasMessageContaining("INT");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addUpACumulativeMeasure(boolean streaming) throws Exception {
    assertThat(
            select(
                streaming,
                "CUMULATIVE_TOTAL(MAP[SNAPSHOT_VERSION(t), 100.00, REALTIME_VERSION(t, 1), 5.25, "
                    + "REALTIME_VERSION(t + INTERVAL '1' SECOND), 0.75]), "
                    + "CUMULATIVE_TOTAL(CAST(NULL AS MAP<BIGINT, DECIMAL(8, 2)>))",
                NOON))
        .containsExactly(new BigDecimal("100.75"), null);
    assertThatThrownBy(() -> select(streaming, "CUMULATIVE_TOTAL(MAP[1, 'x'])", NOON))
        .rootCause()
        .hasMessageContaining("MAP<BIGINT, DECIMAL>");
  }

  /** Selects from one row with a column {@code t} that the planner cannot take for a constant. */
  private static List<Object> select(boolean streaming, String columns, String t) throws Exception {
    String query =
        "SELECT %s FROM (SELECT IF(n < 2, %s, CAST(NULL AS TIMESTAMP_LTZ(6))) AS t FROM (VALUES (RAND())) AS single (n))"
            .formatted(columns, t);
    Row row = SqlSession.open(streaming, Map.of()).rows(query).get(0);
    return IntStream.range(0, row.getArity())
        .mapToObj(row::getField)
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
