/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.merge.law.Version;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.schema.Schema;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataTypes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of tables of every kind: after each publication Iceberg's own reader gives what
 * Paimon's batch read gives. The seed is printed; {@code -Dlake.seed=…} replays it.
 */
class PublisherHistoryTest {

  private static final int STEPS = Integer.getInteger("lake.steps", 40);
  private static final List<String> DAYS = List.of("2026-06-17", "2026-06-18", "2026-06-19");

  /** The kinds of tables, each with its options. */
  enum Kind {
    DEDUPLICATE(Map.of("merge-engine", "deduplicate", "sequence.field", "version"), false),
    DEDUPLICATE_WITH_DELETES(Map.of("merge-engine", "deduplicate"), true),
    PARTIAL_UPDATE(
        Map.of(
            "merge-engine", "partial-update",
            "changelog-producer", "lookup",
            "fields.version.sequence-group", "name,amount,number,seen_at"),
        false),
    AGGREGATION(
        Map.of(
            "merge-engine", "aggregation",
            "fields.amount.aggregate-function", "sum",
            "fields.counts.aggregate-function", "cumulative"),
        false),
    FIRST_ROW(
        Map.of(
            "merge-engine",
            "first-row",
            "deletion-vectors.enabled",
            "",
            "file.format.per.level",
            ""),
        false),
    LOOKUP_WITHOUT_VECTORS(
        Map.of(
            "merge-engine", "deduplicate",
            "changelog-producer", "lookup",
            "deletion-vectors.enabled", "false"),
        true),
    PARTIAL_UPDATE_WITHOUT_VECTORS(
        Map.of(
            "merge-engine", "partial-update",
            "deletion-vectors.enabled", "false",
            "fields.version.sequence-group", "name,amount,number,seen_at"),
        false),
    MERGED_ON_READ(
        Map.of("merge-engine", "deduplicate", "deletion-vectors.merge-on-read", "true"), true),
    SMALL_VECTORS(
        Map.of("merge-engine", "deduplicate", "deletion-vectors.bitmap64", "false"), true),
    APPEND(Map.of("bucket", "-1"), false);

    private final Map<String, String> options;
    private final boolean hasDeletes;

    Kind(Map<String, String> options, boolean hasDeletes) {
      this.options = options;
      this.hasDeletes = hasDeletes;
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void icebergGivesWhatPaimonGives(Kind kind) throws Exception {
    long seed = Long.getLong("lake.seed", System.nanoTime());
    System.out.printf("%s: replay with -Dlake.seed=%d%n", kind, seed);
    try (PublishedLake lake = new PublishedLake(folder)) {
      new History(lake, kind, new Random(seed)).run();
    }
  }

  /** One table and what happens to it. */
  private static final class History {

    private static final String TABLE = "dwd_parcel";

    private final PublishedLake lake;
    private final Kind kind;
    private final Random random;
    private final List<String> log = new ArrayList<>();
    private Publisher publisher;
    private long version;
    private int added;
    private Optional<Long> tagged = Optional.empty();

    private History(PublishedLake lake, Kind kind, Random random) {
      this.lake = lake;
      this.kind = kind;
      this.random = random;
    }

    private void run() throws Exception {
      create();
      publisher = lake.publisher();
      try {
        for (int step = 0; step < STEPS; step++) {
          // Append tables are compacted by jobs only.
          change(kind == Kind.APPEND ? 7 + random.nextInt(13) : random.nextInt(20));
          if (random.nextInt(3) > 0) {
            compare();
          }
        }
        compare();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("After " + log, e);
      } finally {
        publisher.close();
      }
    }

    private void create() throws Exception {
      Map<String, String> options = new HashMap<>(Map.of("bucket", "2"));
      options.putAll(kind.options);
      Schema.Builder schema =
          Schema.newBuilder()
              .column("dt", DataTypes.STRING().notNull())
              .column("id", DataTypes.INT().notNull())
              .column("version", DataTypes.BIGINT())
              .column("name", DataTypes.STRING())
              .column("amount", DataTypes.DECIMAL(10, 2))
              .column("number", DataTypes.INT())
              .column("seen_at", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(6))
              .column("counts", DataTypes.MAP(DataTypes.BIGINT(), DataTypes.DECIMAL(12, 2)))
              .partitionKeys("dt");
      lake.create(TABLE, kind == Kind.APPEND ? schema : schema.primaryKey("dt", "id"), options);
    }

    private void change(int what) throws Exception {
      FileStoreTable table = lake.table(TABLE);
      switch (what) {
        case 0, 1 -> {
          log.add("compact fully");
          lake.compact(table, true);
        }
        case 2, 3, 4, 5, 6 -> {
          log.add("compact");
          lake.compact(table, false);
        }
        case 7 -> {
          String day = day();
          log.add("overwrite " + day);
          lake.overwrite(table, Map.of("dt", day), rows(table, List.of(day)));
        }
        case 8 -> {
          String day = day();
          log.add("drop partition " + day);
          lake.dropPartition(table, Map.of("dt", day));
        }
        case 9 -> evolve();
        case 10 -> rollBack(table);
        case 11 -> {
          log.add("restart");
          publisher.close();
          publisher = lake.publisher();
        }
        case 12 -> {
          if (random.nextInt(3) == 0) {
            log.add("create again");
            lake.drop(TABLE);
            create();
            tagged = Optional.empty();
          }
        }
        case 13 -> tag(table);
        default -> {
          if (kind.hasDeletes && random.nextInt(3) == 0) {
            log.add("delete");
            lake.delete(table, rows(table, DAYS));
          } else {
            log.add("write");
            lake.write(table, rows(table, DAYS));
          }
        }
      }
    }

    private String day() {
      return DAYS.get(random.nextInt(DAYS.size()));
    }

    private List<GenericRow> rows(FileStoreTable table, List<String> days) {
      List<GenericRow> rows = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        Map<String, Object> values = new HashMap<>();
        values.put("dt", days.get(random.nextInt(days.size())));
        values.put("id", random.nextInt(40));
        values.put("version", ++version);
        values.put("name", "n" + random.nextInt(1000));
        values.put("amount", BigDecimal.valueOf(random.nextInt(100_000), 2));
        if (random.nextInt(4) > 0) {
          values.put("seen_at", Instant.EPOCH.plusSeconds(random.nextInt(1_000_000)));
        }
        if (kind == Kind.AGGREGATION) {
          values.put(
              "counts",
              Map.of(
                  Version.realTime(1_781_740_800_000_000L + random.nextInt(1000), 0),
                  BigDecimal.valueOf(random.nextInt(1000), 2)));
        }
        values.keySet().retainAll(table.rowType().getFieldNames());
        rows.add(PublishedLake.row(table, values));
      }
      return rows;
    }

    /** Columns come, go, get other names and other types, some of which Iceberg cannot promote. */
    private void evolve() throws Exception {
      FileStoreTable table = lake.table(TABLE);
      int what = random.nextInt(5);
      log.add("evolve " + what);
      switch (what) {
        case 0 ->
            lake.alter(
                TABLE, SchemaChange.addColumn("added_" + added++, DataTypes.STRING(), "New", null));
        case 1 -> {
          if (added > 0 && table.rowType().containsField("added_" + (added - 1))) {
            lake.alter(TABLE, SchemaChange.dropColumn("added_" + (added - 1)));
          }
        }
        case 2 -> {
          if (added > 0 && table.rowType().containsField("added_" + (added - 1))) {
            lake.alter(
                TABLE, SchemaChange.renameColumn("added_" + (added - 1), "added_" + added++));
          }
        }
        case 3 -> lake.alter(TABLE, SchemaChange.updateColumnType("number", DataTypes.BIGINT()));
        default ->
            lake.alter(TABLE, SchemaChange.updateColumnType("amount", DataTypes.DECIMAL(14, 4)));
      }
    }

    private void rollBack(FileStoreTable table) {
      Long earliest = table.snapshotManager().earliestSnapshotId();
      Long latest = table.snapshotManager().latestSnapshotId();
      if (latest != null && latest > earliest) {
        long to = latest - 1 - random.nextInt((int) Math.min(3, latest - earliest));
        if (tagged.filter(id -> id > to).isEmpty()) {
          log.add("roll back to " + to);
          table.rollbackTo(to);
        }
      }
    }

    private void tag(FileStoreTable table) throws Exception {
      if (tagged.isPresent()) {
        log.add("delete the tag");
        table.deleteTag("month-end");
        tagged = Optional.empty();
      } else if (table.latestSnapshot().isPresent()) {
        tagged = Optional.of(table.latestSnapshot().get().id());
        log.add("tag " + tagged.get());
        table.createTag("month-end");
      }
    }

    private static String oldColumns(String row) {
      return row.substring(0, row.indexOf(", amount="));
    }

    private void compare() throws Exception {
      log.add("publish");
      assertThat(publisher.publishOnce()).allMatch(PublishedTable::isUpToDate);
      List<String> rows = lake.paimonRows(TABLE);
      assertThat(lake.icebergRows(TABLE)).isEqualTo(rows);
      if (tagged.isPresent()) {
        FileStoreTable then =
            lake.table(TABLE).copyWithoutTimeTravel(Map.of("scan.snapshot-id", "" + tagged.get()));
        // Columns that came and went since are left out: Paimon shows them as they are now.
        assertThat(lake.icebergRowsOfTag(TABLE, "month-end"))
            .map(History::oldColumns)
            .containsExactlyInAnyOrderElementsOf(
                lake.paimonRows(then).stream().map(History::oldColumns).toList());
      } else {
        assertThat(lake.icebergTable(TABLE).refs()).doesNotContainKey("month-end");
      }
    }
  }
}
