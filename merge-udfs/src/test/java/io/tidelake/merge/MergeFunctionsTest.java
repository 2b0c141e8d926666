package io.tidelake.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.assertj.core.util.Lists;
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

  /** Selects from one row with a column {@code t} that the planner cannot take for a constant. */
  private static List<Object> select(boolean streaming, String columns, String t) throws Exception {
    Configuration options = new Configuration();
    options.setString("restart-strategy.type", "disable");
    options.setString("table.local-time-zone", "UTC");
    TableEnvironment environment =
        TableEnvironment.create(
            (streaming
                    ? EnvironmentSettings.newInstance().inStreamingMode()
                    : EnvironmentSettings.newInstance().inBatchMode())
                .withConfiguration(options)
                .build());
    MergeFunctions.register(environment);
    String query =
        "SELECT %s FROM (SELECT IF(n < 2, %s, CAST(NULL AS TIMESTAMP_LTZ(6))) AS t FROM (VALUES (RAND())) AS single (n))"
            .formatted(columns, t);
    try (CloseableIterator<Row> rows = environment.executeSql(query).collect()) {
      Row row = Lists.newArrayList(rows).get(0);
      return IntStream.range(0, row.getArity())
          .mapToObj(row::getField)
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
