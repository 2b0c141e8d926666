/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.law.Version;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.types.RowType;

/**
 * A column group of a table, as positions in its rows. A table that holds one whole record per key
 * has one group for all of its columns, named after the version in its {@code sequence.field}.
 */
public final class ColumnGroup {

  private final String name;
  private final int version;
  private final int[] positions;
  private final InternalRow.FieldGetter[] columns;
  private final InternalRow.FieldGetter[] values;

  /**
   * @param columns its columns, without the version
   * @param tieBreaks those of them that only order records of one version, as a log position
   */
  private ColumnGroup(String name, RowType type, List<String> columns, List<String> tieBreaks) {
    this.name = name;
    this.version = type.getFieldIndex(name);
    this.positions = columns.stream().mapToInt(type::getFieldIndex).toArray();
    this.columns =
        Arrays.stream(positions)
            .mapToObj(index -> InternalRow.createFieldGetter(type.getTypeAt(index), index))
            .toArray(InternalRow.FieldGetter[]::new);
    this.values =
        columns.stream()
            .filter(column -> !tieBreaks.contains(column))
            .mapToInt(type::getFieldIndex)
            .mapToObj(index -> InternalRow.createFieldGetter(type.getTypeAt(index), index))
            .toArray(InternalRow.FieldGetter[]::new);
  }

  /**
   * The groups of a table.
   *
   * @throws LakeException when its records have no versions, so that a backfill could not know
   *     which of two wins
   */
  public static List<ColumnGroup> of(TableDefinition table, RowType type) {
    List<ColumnGroup> groups = new ArrayList<>();
    table
        .columnGroups()
        .forEach((name, columns) -> groups.add(new ColumnGroup(name, type, columns, List.of())));
    if (groups.isEmpty() && !table.sequenceFields().isEmpty()) {
      Set<String> others = new HashSet<>(table.primaryKey());
      others.add(table.sequenceFields().get(0));
      groups.add(
          new ColumnGroup(
              table.sequenceFields().get(0),
              type,
              type.getFieldNames().stream().filter(name -> !others.contains(name)).toList(),
              table.sequenceFields()));
    }
    if (groups.isEmpty()) {
      throw new LakeException(
          ErrorCode.BACKFILL_TARGET_WITHOUT_VERSIONS,
          table.name() + " has no versions: a backfill could not tell which of two records wins.",
          "Backfill the tables it is made from; `lake backfill sweep` recomputes closed days.");
    }
    return groups;
  }

  /** Name of its version column. */
  String name() {
    return name;
  }

  /** Position of its version column. */
  public int version() {
    return version;
  }

  /** Positions of its columns, without the version. */
  int[] positions() {
    return positions;
  }

  /** Whether a column, by its position, is one of the group's. */
  public boolean contains(int position) {
    return Arrays.stream(positions).anyMatch(own -> own == position);
  }

  /** Whether a row carries a value for this group; a NULL version says that it does not. */
  public boolean isCarriedBy(InternalRow row) {
    return !row.isNullAt(version);
  }

  /** The version in a row that carries the group. */
  public long versionIn(InternalRow row) {
    return row.getLong(version);
  }

  /** Whether a row's value for the group, if it has one, came in real time. */
  boolean isRealTimeIn(InternalRow row) {
    return isCarriedBy(row) && Version.origin(versionIn(row)) == Version.Origin.REAL_TIME;
  }

  /** The merge law: whether the group of a later record replaces that of an earlier one. */
  public boolean replaces(InternalRow later, InternalRow earlier) {
    return isCarriedBy(later) && (!isCarriedBy(earlier) || versionIn(later) >= versionIn(earlier));
  }

  /** Copies the columns of the group, without the version. */
  public void copy(InternalRow from, GenericRow to) {
    for (int i = 0; i < positions.length; i++) {
      to.setField(positions[i], columns[i].getFieldOrNull(from));
    }
  }

  /** Whether two rows hold equal values in the group, whatever their versions. */
  public boolean hasEqualValues(InternalRow one, InternalRow other) {
    for (InternalRow.FieldGetter value : values) {
      if (!Objects.deepEquals(value.getFieldOrNull(one), value.getFieldOrNull(other))) {
        return false;
      }
    }
    return true;
  }
}
