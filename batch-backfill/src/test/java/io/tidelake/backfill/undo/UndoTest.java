/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.undo;

import static io.tidelake.backfill.BackfillLake.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.backfill.BackfillLake;
import io.tidelake.backfill.model.BackfillMode;
import io.tidelake.backfill.model.BackfillPlan;
import io.tidelake.backfill.model.BackfillRequest;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.backfill.model.Receipt;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.law.Version;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.tables.diff.ChangeCounts;
import io.tidelake.tables.io.PaimonRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.types.RowType;
import org.apache.paimon.utils.Pair;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Undos against a reference: a list of all records that were ever written, each with the run that
 * wrote it, of which those of undone runs are left out.
 */
class UndoTest {

  private static final String WIDE = "dwd_fulfillment_wide";
  private static final String SCANS = "dwd_logistics_event";
  private static final List<String> DAYS = List.of("2026-06-18", "2026-06-19");
  private static final int KEYS = 5;
  private static final int HISTORIES = 2;

  /** Column groups of the wide fact that the test writes: a column of each, and its version. */
  private static final Map<String, String> GROUPS =
      Map.of(
          "buyer_name", "order_version",
          "status", "fulfillment_version",
          "is_deleted", "is_deleted_version");

  private static BatchEngine engine;

  @TempDir private Path folder;
  private BackfillLake lake;
  private int files;

  /** A value of a column group. */
  private record Written(
      String dt, long key, String column, String value, long version, String run) {}

  @BeforeAll
  static void startEngine() {
    engine = BatchEngine.embedded(2);
  }

  @AfterAll
  static void stopEngine() throws Exception {
    engine.close();
  }

  @BeforeEach
  void createLake() {
    lake = BackfillLake.create(folder.resolve("warehouse"), engine, WIDE, SCANS);
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  @Tag("soak")
  @Test
  void undoneAndBroughtBackInAnyOrderRowsAreWhatTheyWouldBe() throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.println("UndoTest: -Dlake.seed=" + seed);
    Random random = new Random(seed);
    for (int history = 0; history < HISTORIES; history++) {
      if (history > 0) {
        lake.close();
        lake = BackfillLake.create(folder.resolve("warehouse" + history), engine, WIDE);
      }
      List<Written> written = new ArrayList<>();
      List<String> runs = new ArrayList<>();
      for (int step = 0; step < 6; step++) {
        if (random.nextInt(3) == 0) {
          stream(written, random, random.nextInt(1_000));
        } else {
          runs.add(backfill(written, random));
        }
        compactAtTimes(random);
      }
      assertThat(table()).as("before undos, seed %d", seed).isEqualTo(expected(written, Set.of()));

      Set<String> undone = new HashSet<>();
      // The last undo, or return, of each run.
      Map<String, String> last = new HashMap<>();
      for (int step = 0; step < 6 && !runs.isEmpty(); step++) {
        String run = runs.get(random.nextInt(runs.size()));
        boolean takesBack = !undone.contains(run);
        String toUndo = takesBack && random.nextBoolean() ? run : last.getOrDefault(run, run);
        Optional<BackfillPlan> plan =
            step % 3 == 0 ? Optional.of(lake.planner().planUndo(toUndo, LIMITS)) : Optional.empty();
        BackfillRun undo = lake.runner().undo(toUndo, LIMITS);
        last.put(run, undo.id());
        if (takesBack) {
          undone.add(run);
        } else {
          undone.remove(run);
        }
        assertThat(table())
            .as("history %d, after undo %d of %s, seed %d", history, step, toUndo, seed)
            .isEqualTo(expected(written, undone));
        ChangeCounts counts =
            ChangeCounts.sum(
                lake.records().receipts(undo.id()).stream().map(Receipt::counts).toList());
        plan.ifPresent(
            planned ->
                assertThat(counts).as("as planned, seed %d", seed).isEqualTo(planned.counts()));
        assertThat(counts.replacedRealTime()).isZero();
        assertThat(counts.refused()).isZero();
        if (random.nextBoolean()) {
          // Later than everything before.
          stream(written, random, 10_000 + step);
        }
        compactAtTimes(random);
      }
    }
  }

  @Test
  void aRowThatNobodyElseKnowsIsDeletedAndKeepsItsValues() throws Exception {
    String run = scans("FALSE", "(1, 'filled')", "(2, 'filled too')");
    lake.sql(
        "INSERT INTO dwd_logistics_event (dt, event_id, station, is_deleted, row_version) SELECT '2026-06-18', 2, 'real', FALSE, REALTIME_VERSION(TO_TIMESTAMP_LTZ(1781700000000, 3))");

    BackfillRun undo = lake.runner().undo(run, LIMITS);

    String scans = "SELECT event_id, station, is_deleted FROM dwd_logistics_event";
    assertThat(lake.query(scans)).containsExactly("1|filled|true", "2|real|false");
    assertThat(undo.undoneRun()).contains(run);
    assertThat(Version.origin(undo.version())).isEqualTo(Version.Origin.SNAPSHOT);
    assertThat(lake.records().receipts(undo.id()).get(0).counts().changed()).isEqualTo(1);

    String again = scans("FALSE", "(1, 'filled')", "(2, 'filled too')");
    assertThat(lake.query(scans)).containsExactly("1|filled|false", "2|real|false");
    lake.runner().undo(again, LIMITS);
    assertThat(lake.query(scans)).containsExactly("1|filled|true", "2|real|false");
  }

  @Test
  void refusesWhatCannotBeUndone() throws Exception {
    String run = scans("FALSE", "(1, 'filled')");
    BackfillRun undo = lake.runner().undo(run, LIMITS);

    assertRefused(ErrorCode.NOTHING_TO_UNDO, run);
    BackfillRun back = lake.runner().undo(undo.id(), LIMITS);
    assertRefused(ErrorCode.NOTHING_TO_UNDO, undo.id());
    lake.catalog().table(SCANS).tagManager().tagObjects().stream()
        .map(Pair::getRight)
        .filter(tag -> tag.contains(run))
        .forEach(tag -> lake.catalog().table(SCANS).deleteTag(tag));
    assertRefused(ErrorCode.UNDO_TOO_LATE, run);
    assertRefused(ErrorCode.UNDO_TOO_LATE, back.id());
    assertRefused(ErrorCode.RUN_UNKNOWN, "no-such-run");
  }

  private void assertRefused(ErrorCode code, String run) {
    assertThatThrownBy(() -> lake.runner().undo(run, LIMITS))
        .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** A fill of scans; gives the run. */
  private String scans(String isDeleted, String... idsAndStations) throws Exception {
    Path query =
        file("SELECT * FROM (VALUES " + String.join(", ", idsAndStations) + ") AS t (id, station)");
    Path mapping =
        file(
            "SELECT '2026-06-18' AS dt, id AS event_id, station, "
                + isDeleted
                + " AS is_deleted, CAST(${version} AS BIGINT) AS row_version, source_file FROM snapshot");
    return lake.runner()
        .run(
            new BackfillRequest(
                SCANS, BackfillMode.FILL, BackfillLake.AS_OF, "query:" + query, mapping, List.of()),
            LIMITS)
        .id();
  }

  private Path file(String sql) throws Exception {
    return Files.writeString(folder.resolve("file-" + files++ + ".sql"), sql);
  }

  private void compactAtTimes(Random random) throws Exception {
    if (random.nextInt(3) == 0) {
      lake.sql(
          "CALL sys.compact(`table` => 'lake.%s', compact_strategy => 'full')".formatted(WIDE));
    }
  }

  /** Real-time records of random groups of random rows. */
  private void stream(List<Written> written, Random random, int second) throws Exception {
    List<Written> records = new ArrayList<>();
    for (String dt : DAYS) {
      for (long key = 0; key < KEYS; key++) {
        if (random.nextBoolean()) {
          long micros = micros(second) + random.nextInt(1_000_000);
          records.addAll(row(dt, key, Version.realTime(micros, 0), null, "real", random));
        }
      }
    }
    write(records);
    written.addAll(records);
  }

  /** A backfill of random groups of random rows; gives the run. */
  private String backfill(List<Written> written, Random random) throws Exception {
    BackfillMode mode = random.nextBoolean() ? BackfillMode.FILL : BackfillMode.CORRECT;
    Instant asOf = Instant.EPOCH.plus(micros(random.nextInt(1_000)), ChronoUnit.MICROS);
    List<Written> records = new ArrayList<>();
    for (String dt : DAYS) {
      for (long key = 0; key < KEYS; key++) {
        if (random.nextInt(3) > 0) {
          records.addAll(row(dt, key, 0, "run", mode.toString() + files, random));
        }
      }
    }
    if (records.isEmpty()) {
      return backfill(written, random);
    }
    String rows =
        records.stream()
            .collect(Collectors.groupingBy(record -> record.dt() + record.key()))
            .values()
            .stream()
            .map(UndoTest::values)
            .collect(Collectors.joining(", "));
    Path query =
        file(
            "SELECT * FROM (VALUES %s) AS t (dt, id, buyer_name, status, is_deleted)"
                .formatted(rows));
    Path mapping =
        file(
            """
            SELECT dt, id AS fulfillment_id, buyer_name, VERSION_IF_ANY(${version}, buyer_name) AS order_version,
              status, VERSION_IF_ANY(${version}, status) AS fulfillment_version,
              is_deleted, VERSION_IF_ANY(${version}, is_deleted) AS is_deleted_version, source_file
            FROM snapshot
            """);
    BackfillRun run =
        lake.runner()
            .run(
                new BackfillRequest(WIDE, mode, asOf, "query:" + query, mapping, List.of()),
                LIMITS);
    records.forEach(
        record ->
            written.add(
                new Written(
                    record.dt(),
                    record.key(),
                    record.column(),
                    record.value(),
                    run.version(),
                    run.id())));
    return run.id();
  }

  private static String values(List<Written> groups) {
    return "('%s', %d, %s, %s, %s)"
        .formatted(
            groups.get(0).dt(),
            groups.get(0).key(),
            literal(groups, "buyer_name", "STRING"),
            literal(groups, "status", "STRING"),
            literal(groups, "is_deleted", "BOOLEAN"));
  }

  private static String literal(List<Written> groups, String column, String type) {
    return groups.stream()
        .filter(group -> group.column().equals(column))
        .map(group -> "CAST('%s' AS %s)".formatted(group.value(), type))
        .findFirst()
        .orElse("CAST(NULL AS %s)".formatted(type));
  }

  private static List<Written> row(
      String dt, long key, long version, String run, String value, Random random) {
    List<Written> groups = new ArrayList<>();
    for (String column : new TreeSet<>(GROUPS.keySet())) {
      // A real-time record of a row that was taken back must say that the row exists.
      if (random.nextBoolean() || run == null && column.equals("is_deleted")) {
        String text =
            column.equals("is_deleted") ? String.valueOf(random.nextInt(4) == 0) : value + version;
        groups.add(new Written(dt, key, column, text, version, run));
      }
    }
    return groups;
  }

  private void write(List<Written> records) throws Exception {
    RowType type = lake.catalog().table(WIDE).rowType();
    List<GenericRow> rows = new ArrayList<>();
    for (Written record : records) {
      GenericRow row = new GenericRow(type.getFieldCount());
      row.setField(type.getFieldIndex("dt"), BinaryString.fromString(record.dt()));
      row.setField(type.getFieldIndex("fulfillment_id"), record.key());
      row.setField(
          type.getFieldIndex(record.column()),
          record.column().equals("is_deleted")
              ? Boolean.valueOf(record.value())
              : BinaryString.fromString(record.value()));
      row.setField(type.getFieldIndex(GROUPS.get(record.column())), record.version());
      rows.add(row);
    }
    PaimonRows.write(lake.catalog().table(WIDE), rows);
  }

  private static long micros(int second) {
    return ChronoUnit.MICROS.between(
        Instant.EPOCH, Instant.parse("2026-06-19T00:00:00Z").plusSeconds(second));
  }

  private List<String> table() throws Exception {
    return lake.query("SELECT dt, fulfillment_id, buyer_name, status, is_deleted FROM " + WIDE);
  }

  /** The table as the records make it that are not of undone runs. */
  private static List<String> expected(List<Written> written, Set<String> undone) {
    return written.stream()
        .collect(Collectors.groupingBy(record -> record.dt() + "|" + record.key()))
        .entrySet()
        .stream()
        .map(
            row -> {
              List<Written> counting =
                  row.getValue().stream()
                      .filter(record -> record.run() == null || !undone.contains(record.run()))
                      .toList();
              return row.getKey()
                  + "|"
                  + winner(counting, "buyer_name").orElse(null)
                  + "|"
                  + winner(counting, "status").orElse(null)
                  + "|"
                  + (counting.isEmpty() ? "true" : winner(counting, "is_deleted").orElse(null));
            })
        .sorted()
        .toList();
  }

  private static Optional<String> winner(List<Written> records, String column) {
    return records.stream()
        .filter(record -> record.column().equals(column))
        .max(Comparator.comparingLong(Written::version))
        .map(Written::value)
        .filter(Objects::nonNull);
  }
}
