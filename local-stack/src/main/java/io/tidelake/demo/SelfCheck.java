/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.SqlScript;
import io.tidelake.workload.Truth;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Compares the layers with what they must hold: DWD with the truth of the workload, DWS and ADS
 * with a recomputation from ODS by batch queries of its own.
 */
public final class SelfCheck {

  private static final int SAMPLES = 3;
  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String SCANS = "dwd_logistics_event";
  private static final List<String> LINES = List.of("domestic", "import", "export");
  private static final List<String> AGGREGATES =
      List.of("dws_fulfillment_day", "dws_carrier_hour", "ads_overview", "ads_trend_minute");

  private final TableEnvironment batch;

  private SelfCheck(TableEnvironment batch) {
    this.batch = batch;
  }

  /**
   * Opens a session for comparisons.
   *
   * @throws LakeException when the lake cannot be opened or lacks a table
   */
  public static SelfCheck open(LakeConfig config) {
    TableEnvironment batch = FlinkSession.openBatch(config);
    refuseMissingTables(config, Set.of(batch.listTables()));
    try (InputStream sql = SelfCheck.class.getResourceAsStream("recomputation.sql")) {
      SqlScript.split(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
          .forEach(batch::executeSql);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read recomputation.sql", e);
    }
    return new SelfCheck(batch);
  }

  private static void refuseMissingTables(LakeConfig config, Set<String> tables) {
    List<String> missing =
        Stream.of(
                Stream.of(WIDE, SCANS),
                LINES.stream().map(SelfCheck::tableOfLine),
                AGGREGATES.stream())
            .flatMap(names -> names)
            .filter(table -> !tables.contains(table))
            .toList();
    if (!missing.isEmpty()) {
      throw new LakeException(
          ErrorCode.TABLES_MISSING,
          "The lake %s does not have the tables %s."
              .formatted(config.catalog().get("warehouse"), String.join(", ", missing)),
          "Start it with `lake up`, create them with `lake tables apply`, or name another lake with"
              + " --set catalog/warehouse=….");
    }
  }

  /** Compares all tables as they are now. */
  public List<Comparison> compare(Truth truth) {
    List<Comparison> comparisons = new ArrayList<>();
    Map<Long, Map<String, Object>> fulfillments = truth.fulfillments();
    comparisons.add(withTruth(batch, WIDE, "fulfillment_id", fulfillments));
    comparisons.add(withTruth(batch, SCANS, "event_id", truth.scans()));
    for (String line : LINES) {
      comparisons.add(
          withTruth(batch, tableOfLine(line), "fulfillment_id", ofLine(fulfillments, line)));
    }
    for (String table : AGGREGATES) {
      comparisons.add(compareWithRecomputation(table));
    }
    return comparisons;
  }

  /** The rows of a query, as lists of values without row kinds. */
  public List<Row> rows(String sql) {
    return rows(batch, sql);
  }

  public static List<Row> rows(TableEnvironment batch, String sql) {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = batch.executeSql(sql).collect()) {
      results.forEachRemaining(rows::add);
    } catch (Exception e) {
      throw new IllegalStateException("The query failed: " + sql, e);
    }
    return rows;
  }

  private static String tableOfLine(String line) {
    return "dwd_" + line + "_fulfillment";
  }

  private static Map<Long, Map<String, Object>> ofLine(
      Map<Long, Map<String, Object>> fulfillments, String line) {
    return fulfillments.entrySet().stream()
        .filter(entry -> line.equals(entry.getValue().get("business_line")))
        .filter(entry -> !Boolean.TRUE.equals(entry.getValue().get("is_deleted")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Compares a table with what it must hold.
   *
   * @param key the column by whose value the expected rows are found
   * @param expected the value of each column that is no version
   */
  public static Comparison withTruth(
      TableEnvironment batch, String table, String key, Map<Long, Map<String, Object>> expected) {
    Map<Object, Map<String, Object>> wanted = new HashMap<>(expected);
    List<String> samples = new ArrayList<>();
    long different = 0;
    for (Row row : rows(batch, "SELECT * FROM " + table)) {
      Map<String, Object> expectedRow = wanted.remove(row.getField(key));
      String difference =
          expectedRow == null ? "is not in the truth" : firstDifference(row, expectedRow);
      if (difference != null) {
        different++;
        samples.add(key + " " + row.getField(key) + " " + difference);
      }
    }
    wanted.keySet().forEach(id -> samples.add(key + " " + id + " is missing"));
    return new Comparison(
        table,
        "truth",
        expected.size(),
        different + wanted.size(),
        List.copyOf(samples.subList(0, Math.min(SAMPLES, samples.size()))));
  }

  /** Compares the columns that the truth knows; versions are the warehouse's own. */
  private static String firstDifference(Row row, Map<String, Object> expected) {
    for (String column : row.getFieldNames(true)) {
      if (!column.endsWith("_version")
          && !Objects.equals(row.getField(column), expected.get(column))) {
        return column + " is " + row.getField(column) + " but should be " + expected.get(column);
      }
    }
    return null;
  }

  private Comparison compareWithRecomputation(String table) {
    Map<String, Long> actual = counted(rows("SELECT * FROM " + table));
    List<Row> recomputed = rows("SELECT * FROM expected_" + table);
    Map<String, Long> expected = counted(recomputed);
    Set<String> all = new TreeSet<>(actual.keySet());
    all.addAll(expected.keySet());
    List<String> samples = new ArrayList<>();
    long different = 0;
    for (String row : all) {
      long surplus = actual.getOrDefault(row, 0L) - expected.getOrDefault(row, 0L);
      if (surplus != 0) {
        different += Math.abs(surplus);
        samples.add((surplus > 0 ? "only in the table: " : "only recomputed: ") + row);
      }
    }
    return new Comparison(
        table,
        "batch recomputation from ODS",
        recomputed.size(),
        different,
        List.copyOf(samples.subList(0, Math.min(SAMPLES, samples.size()))));
  }

  private static Map<String, Long> counted(List<Row> rows) {
    Function<Row, String> text =
        row -> {
          Map<String, Object> values = new LinkedHashMap<>();
          row.getFieldNames(true).forEach(name -> values.put(name, row.getField(name)));
          return values.toString();
        };
    return rows.stream().collect(Collectors.groupingBy(text, Collectors.counting()));
  }
}
