/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.diff.Verification.Match;
import io.tidelake.tables.diff.Verification.Sample;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.paimon.casting.CastExecutor;
import org.apache.paimon.casting.CastExecutors;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypes;
import org.apache.paimon.types.RowType;

/**
 * Compares the rows of a table with computed ones, key by key and value by value. Versions are not
 * compared: they say when a value came, and what is newer.
 */
public final class TableComparison {

  private static final int SAMPLES = 10;

  /** A column that is compared. */
  private record Compared(String name, InternalRow.FieldGetter value, DataType type) {}

  private final String tableName;
  private final RowType type;
  private final List<String> keys;

  /** The compared columns by the group that orders them; those without versions by no group. */
  private final Map<String, List<Compared>> columns = new TreeMap<>();

  private final Map<String, ColumnGroup> groups = new TreeMap<>();
  private final OptionalLong backfilled;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * @param backfilled the version of a backfill of which the computed rows are; empty when they are
   *     all that the table should hold
   */
  public TableComparison(TableDefinition table, RowType type, OptionalLong backfilled) {
    this.tableName = table.name();
    this.type = type;
    this.keys = table.primaryKey();
    this.backfilled = backfilled;
    Set<String> others = new HashSet<>(keys);
    others.addAll(table.sequenceFields());
    if (!table.columnGroups().isEmpty() || !table.sequenceFields().isEmpty()) {
      for (ColumnGroup group : ColumnGroup.of(table, type)) {
        groups.put(group.name(), group);
        others.add(group.name());
        for (int position : group.positions()) {
          if (!others.contains(type.getFieldNames().get(position))) {
            add(group.name(), position);
          }
        }
      }
    } else {
      for (int i = 0; i < type.getFieldCount(); i++) {
        if (!others.contains(type.getFieldNames().get(i))) {
          add("", i);
        }
      }
    }
  }

  private void add(String group, int position) {
    DataField field = type.getFields().get(position);
    columns
        .computeIfAbsent(group, name -> new ArrayList<>())
        .add(
            new Compared(
                field.name(), InternalRow.createFieldGetter(field.type(), position), field.type()));
  }

  /** Some of the differences found so far. */
  public List<Sample> samples() {
    return samples;
  }

  /**
   * Compares a partition, as both are now.
   *
   * @throws LakeException when files cannot be read
   */
  public Verification.Partition compare(FileStoreTable table, FileStoreTable computed, String dt) {
    return compare(dt, BucketFiles.now(table, dt), BucketFiles.now(computed, dt));
  }

  /**
   * Compares two states of a partition.
   *
   * @param here the table's files, by bucket
   * @param there the files with the rows that it should have
   * @throws LakeException when files cannot be read
   */
  public Verification.Partition compare(
      String dt, Map<Integer, BucketFiles> here, Map<Integer, BucketFiles> there) {
    Set<Integer> buckets = new TreeSet<>(here.keySet());
    buckets.addAll(there.keySet());
    Counts counts = new Counts(dt);
    try {
      BucketFiles.zip(buckets, List.of(here, there), rows -> counts.add(rows[0], rows[1]));
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.COMPARISON_FAILED,
          tableName + " " + dt + " could not be compared: " + LakeException.rootMessage(e),
          "Nothing was changed; run the command again. --debug shows the whole error.",
          e);
    }
    return counts.partition();
  }

  /** What is found in one partition. */
  private final class Counts {

    private final String dt;
    private final Map<String, Match> matches = new TreeMap<>();
    private long equal;
    private long different;
    private long onlyInTable;
    private long onlyComputed;
    private long newer;

    Counts(String dt) {
      this.dt = dt;
    }

    /** Counts a row; one side may be NULL. */
    void add(InternalRow here, InternalRow there) {
      if (there == null) {
        if (isExpectedToBeComputed(here)) {
          onlyInTable++;
          sample(() -> new Sample(dt, key(here), "", key(here), null));
        }
      } else if (here == null) {
        onlyComputed++;
        sample(() -> new Sample(dt, key(there), "", null, key(there)));
      } else {
        compare(here, there);
      }
    }

    private void compare(InternalRow here, InternalRow there) {
      boolean differs = false;
      boolean isNewer = false;
      for (Map.Entry<String, List<Compared>> group : columns.entrySet()) {
        ColumnGroup ordered = groups.get(group.getKey());
        if (ordered != null && wins(ordered, here, there)) {
          isNewer = true;
          continue;
        }
        if (ordered != null && backfilled.isPresent() && !ordered.isCarriedBy(there)) {
          continue;
        }
        for (Compared column : group.getValue()) {
          Object held = column.value().getFieldOrNull(here);
          Object yielded = column.value().getFieldOrNull(there);
          boolean agrees = Objects.deepEquals(held, yielded);
          matches.merge(column.name(), new Match(1, agrees ? 1 : 0), Match::plus);
          if (!agrees) {
            differs = true;
            sample(
                () ->
                    new Sample(
                        dt,
                        key(here),
                        column.name(),
                        text(held, column.type()),
                        text(yielded, column.type())));
          }
        }
      }
      if (differs) {
        different++;
      } else if (isNewer) {
        newer++;
      } else {
        equal++;
      }
    }

    private boolean wins(ColumnGroup group, InternalRow here, InternalRow there) {
      return group.isCarriedBy(here)
          && group.isCarriedBy(there)
          && group.versionIn(here) > group.versionIn(there);
    }

    /** Other rows than those of the backfill are none of its business. */
    private boolean isExpectedToBeComputed(InternalRow here) {
      return backfilled.isEmpty()
          || groups.values().stream()
              .anyMatch(
                  group ->
                      group.isCarriedBy(here) && group.versionIn(here) == backfilled.getAsLong());
    }

    private void sample(Supplier<Sample> difference) {
      if (samples.size() < SAMPLES) {
        samples.add(difference.get());
      }
    }

    Verification.Partition partition() {
      return new Verification.Partition(
          dt, equal, different, onlyInTable, onlyComputed, newer, matches);
    }
  }

  private String key(InternalRow row) {
    return keys.stream()
        .map(
            name -> {
              int position = type.getFieldIndex(name);
              DataType of = type.getTypeAt(position);
              return name
                  + " = "
                  + text(InternalRow.createFieldGetter(of, position).getFieldOrNull(row), of);
            })
        .collect(Collectors.joining(", "));
  }

  @SuppressWarnings("unchecked")
  private static String text(Object value, DataType type) {
    if (value == null) {
      return null;
    }
    CastExecutor<Object, Object> cast =
        (CastExecutor<Object, Object>) CastExecutors.resolve(type, DataTypes.STRING());
    return cast == null ? value.toString() : cast.cast(value).toString();
  }
}
