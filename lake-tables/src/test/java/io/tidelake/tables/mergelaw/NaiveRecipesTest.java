/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.mergelaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.merge.law.Version;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.paimon.types.RowKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The obvious recipes for "real time first, else the newest snapshot" on real tables, and how they
 * fail: so that nobody returns to them. Each gets the same three records of one order, in all six
 * orders of arrival, with a compaction after each record and without any.
 */
class NaiveRecipesTest {

  /** The newest snapshot's value is the right answer: the real-time record carries no carrier. */
  private static final Object[] OLD_SNAPSHOT = carrier("old", Version.snapshot(3, 0));

  private static final Object[] NEW_SNAPSHOT = carrier("new", Version.snapshot(9, 0));
  private static final Object[] REAL_TIME = carrier(null, Version.realTime(5, 0));

  private static final int KEY = 1;
  private static final int CARRIER = 0;
  private static final int BUYER = 2;

  private static Object[] carrier(String carrier, Long version) {
    return new Object[] {KEY, carrier, version, null, null, null};
  }

  @TempDir private Path folder;
  private LakeCatalog catalog;
  private Map<String, String> projectOptions;
  private int tables;

  @BeforeEach
  void open() {
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("w"));
    catalog = LakeCatalog.open(config);
    projectOptions = config.tableOptions();
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  /** The law's recipe, to compare: a version per group, NULL where the writer has nothing. */
  @Test
  void aVersionPerGroupAndNullForNothingIsRightInEveryOrder() throws Exception {
    Object[] nothing = carrier(null, null);
    assertThat(
            outcomes(
                Map.of(
                    "merge-engine", "partial-update",
                    "fields.version.sequence-group", "carrier"),
                CARRIER,
                OLD_SNAPSHOT,
                NEW_SNAPSHOT,
                nothing))
        .containsExactly("new");
  }

  /** Its version is the greatest, so its NULL is taken for "known to be empty". */
  @Test
  void aVersionForNothingLosesTheSnapshot() throws Exception {
    assertThat(
            outcomes(
                Map.of(
                    "merge-engine", "partial-update",
                    "fields.version.sequence-group", "carrier"),
                CARRIER,
                OLD_SNAPSHOT,
                NEW_SNAPSHOT,
                REAL_TIME))
        .containsExactly((String) null);
  }

  @Test
  void lastNonNullValueInAGroupDependsOnTheOrder() throws Exception {
    assertThat(
            outcomes(
                Map.of(
                    "merge-engine", "partial-update",
                    "fields.version.sequence-group", "carrier",
                    "fields.carrier.aggregate-function", "last_non_null_value"),
                CARRIER,
                OLD_SNAPSHOT,
                NEW_SNAPSHOT,
                REAL_TIME))
        .containsExactlyInAnyOrder("old", "new");
  }

  @Test
  void partialUpdateWithASequenceFieldDependsOnTheOrder() throws Exception {
    assertThat(
            outcomes(
                Map.of("merge-engine", "partial-update", "sequence.field", "version"),
                CARRIER,
                OLD_SNAPSHOT,
                NEW_SNAPSHOT,
                REAL_TIME))
        .containsExactlyInAnyOrder("old", "new");
  }

  @Test
  void aggregationWithLastNonNullValueDependsOnTheOrder() throws Exception {
    assertThat(
            outcomes(
                Map.of(
                    "merge-engine", "aggregation",
                    "sequence.field", "version",
                    "fields.default-aggregate-function", "last_non_null_value"),
                CARRIER,
                OLD_SNAPSHOT,
                NEW_SNAPSHOT,
                REAL_TIME))
        .containsExactlyInAnyOrder("old", "new");
  }

  /** The tie-break of one group is overwritten by the other: ties then go by arrival. */
  @Test
  void aTieBreakSharedByTwoGroupsDependsOnTheOrder() throws Exception {
    assertThat(
            outcomes(
                Map.of(
                    "merge-engine", "partial-update",
                    "fields.version,log_position.sequence-group", "carrier",
                    "fields.buyer_version,log_position.sequence-group", "buyer"),
                BUYER,
                new Object[] {KEY, "carrier", 1L, null, null, 9},
                new Object[] {KEY, null, null, "first", 1L, 1},
                new Object[] {KEY, null, null, "second", 1L, 2}))
        .containsExactlyInAnyOrder("first", "second");
  }

  /** Without an option for them, deletes are committed, and then nobody can read the table. */
  @Test
  void aDeleteIntoAPartialUpdateTableMakesItUnreadable() throws Exception {
    try (TestTable table = create(Map.of("merge-engine", "partial-update"))) {
      table.write(0, List.<Object[]>of(OLD_SNAPSHOT));
      table.write(0, RowKind.DELETE, List.<Object[]>of(REAL_TIME));
      assertThatThrownBy(table::rows).hasMessageContaining("can not accept delete records");
    }
  }

  /** The deletion forgets its version: a snapshot that comes later brings the row back. */
  @Test
  void removeRecordOnDeleteBringsDeletedRowsBack() throws Exception {
    assertThat(
            rowsAfterDeletion(
                Map.of(
                    "merge-engine", "partial-update",
                    "partial-update.remove-record-on-delete", "true")))
        .as("of the two orders, snapshot last has the row")
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void removeRecordOnSequenceGroupBringsDeletedRowsBack() throws Exception {
    assertThat(
            rowsAfterDeletion(
                Map.of(
                    "merge-engine", "partial-update",
                    "fields.version.sequence-group", "carrier",
                    "partial-update.remove-record-on-sequence-group", "version")))
        .containsExactlyInAnyOrder(true, false);
  }

  /** Whether the row is there, after a snapshot and its later deletion in both orders. */
  private Set<Boolean> rowsAfterDeletion(Map<String, String> options) throws Exception {
    Set<Boolean> outcomes = new HashSet<>();
    for (boolean deletionFirst : List.of(true, false)) {
      try (TestTable table = create(options)) {
        for (boolean deletion : List.of(deletionFirst, !deletionFirst)) {
          table.write(
              0,
              deletion ? RowKind.DELETE : RowKind.INSERT,
              List.<Object[]>of(deletion ? REAL_TIME : NEW_SNAPSHOT));
          table.compactFully();
        }
        outcomes.add(table.rows().containsKey(KEY));
      }
    }
    return outcomes;
  }

  /** The carriers that a table ends with, over all orders of arrival, compacted or not. */
  private Set<String> outcomes(Map<String, String> options, int column, Object[]... records)
      throws Exception {
    Set<String> outcomes = new HashSet<>();
    for (List<Object[]> arrival : permutations(List.of(records))) {
      for (boolean compacted : List.of(true, false)) {
        try (TestTable table = create(options)) {
          for (Object[] record : arrival) {
            table.write(0, List.<Object[]>of(record));
            if (compacted) {
              table.compactFully();
            }
          }
          outcomes.add((String) table.rows().get(KEY).get(column));
        }
      }
    }
    return outcomes;
  }

  private static List<List<Object[]>> permutations(List<Object[]> records) {
    if (records.isEmpty()) {
      return List.of(List.of());
    }
    List<List<Object[]>> permutations = new ArrayList<>();
    for (Object[] first : records) {
      List<Object[]> rest = new ArrayList<>(records);
      rest.remove(first);
      for (List<Object[]> tail : permutations(rest)) {
        List<Object[]> permutation = new ArrayList<>();
        permutation.add(first);
        permutation.addAll(tail);
        permutations.add(permutation);
      }
    }
    return permutations;
  }

  /** A table that is read as it is, without waiting for a compaction. */
  private TestTable create(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(projectOptions);
    all.put("bucket", "1");
    all.put("deletion-vectors.enabled", "false");
    all.putAll(options);
    return TestTable.create(
        catalog,
        new TableDefinition(
            "dwd_naive_" + tables++,
            "",
            List.of(
                new Column("order_id", "INT NOT NULL", "", null),
                new Column("carrier", "STRING", "", null),
                new Column("version", "BIGINT", "", null),
                new Column("buyer", "STRING", "", null),
                new Column("buyer_version", "BIGINT", "", null),
                new Column("log_position", "INT", "", null)),
            List.of("order_id"),
            List.of(),
            all),
        folder.resolve("spill"));
  }
}
