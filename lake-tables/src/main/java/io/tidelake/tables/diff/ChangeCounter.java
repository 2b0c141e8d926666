/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.serializer.InternalRowSerializer;
import org.apache.paimon.types.RowType;

/**
 * Counts what written rows do to the rows that were there. Both are read from a table's files,
 * bucket by bucket and sorted by key, so that nothing needs to be held in memory.
 */
public final class ChangeCounter {

  private final List<ColumnGroup> groups;
  private final InternalRow.FieldGetter[] fields;
  private final InternalRowSerializer serializer;
  private final Checksum castagnoli = new CRC32C();
  private final Checksum ethernet = new CRC32();
  private final long[] filled;
  private final long[] refused;
  private long offered;
  private long inserted;
  private long changedRows;
  private long refusedRows;
  private long unchanged;
  private long replacedRealTime;
  private long checksum;

  private ChangeCounter(RowType type, List<ColumnGroup> groups) {
    this.groups = groups;
    this.serializer = new InternalRowSerializer(type);
    this.filled = new long[groups.size()];
    this.refused = new long[groups.size()];
    this.fields = new InternalRow.FieldGetter[type.getFieldCount()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = InternalRow.createFieldGetter(type.getTypeAt(i), i);
    }
  }

  /**
   * Counts one partition.
   *
   * @param before the state before, by bucket
   * @param written the written rows, by bucket
   * @param groups the column groups of the table
   * @throws LakeException when files cannot be read
   */
  public static ChangeCounts count(
      Map<Integer, BucketFiles> before,
      Map<Integer, BucketFiles> written,
      List<ColumnGroup> groups) {
    if (written.isEmpty()) {
      return ChangeCounts.NONE;
    }
    RowType type = written.values().iterator().next().table().rowType();
    ChangeCounter counter = new ChangeCounter(type, groups);
    try {
      BucketFiles.zip(written.keySet(), List.of(before, written), counter::add);
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.COUNTING_FAILED,
          "The changes could not be counted: " + LakeException.rootMessage(e),
          "What was written stays. `lake backfill resume` counts again; --debug shows the whole error.",
          e);
    }
    return counter.counts();
  }

  private void add(InternalRow[] rows) {
    InternalRow before = rows[0];
    InternalRow written = rows[1];
    if (written == null) {
      return;
    }
    offered++;
    if (before == null) {
      inserted++;
      for (int i = 0; i < filled.length; i++) {
        if (groups.get(i).isCarriedBy(written)) {
          filled[i]++;
        }
      }
      addToChecksum(written);
      return;
    }
    boolean changes = false;
    boolean refuses = false;
    boolean replaces = false;
    GenericRow after = null;
    for (int i = 0; i < filled.length; i++) {
      ColumnGroup group = groups.get(i);
      if (!group.isCarriedBy(written)) {
        continue;
      }
      boolean equal = group.isCarriedBy(before) && group.hasEqualValues(written, before);
      if (group.replaces(written, before)) {
        replaces |= group.isRealTimeIn(before) && !equal;
        after = after == null ? copy(before) : after;
        group.copy(written, after);
        after.setField(group.version(), group.versionIn(written));
        if (!equal) {
          filled[i]++;
          changes = true;
        }
      } else if (!equal) {
        refused[i]++;
        refuses = true;
      }
    }
    if (changes) {
      changedRows++;
    } else if (refuses) {
      refusedRows++;
    } else {
      unchanged++;
    }
    if (replaces) {
      replacedRealTime++;
    }
    addToChecksum(after == null ? before : after);
  }

  private GenericRow copy(InternalRow row) {
    GenericRow copy = new GenericRow(fields.length);
    for (int i = 0; i < fields.length; i++) {
      copy.setField(i, fields[i].getFieldOrNull(row));
    }
    return copy;
  }

  /** A sum does not depend on the order, and 64 bits of two functions seldom collide. */
  private void addToChecksum(InternalRow row) {
    BinaryRow binary = serializer.toBinaryRow(row);
    byte[] bytes = binary.getSegments()[0].getHeapMemory();
    int offset = binary.getOffset();
    if (binary.getSegments().length > 1 || bytes == null) {
      bytes = binary.toBytes();
      offset = 0;
    }
    checksum +=
        sumOf(castagnoli, bytes, offset, binary.getSizeInBytes()) << Integer.SIZE
            | sumOf(ethernet, bytes, offset, binary.getSizeInBytes());
  }

  private static long sumOf(Checksum function, byte[] bytes, int offset, int length) {
    function.reset();
    function.update(bytes, offset, length);
    return function.getValue();
  }

  private ChangeCounts counts() {
    return new ChangeCounts(
        offered,
        inserted,
        changedRows,
        refusedRows,
        unchanged,
        replacedRealTime,
        byGroup(filled),
        byGroup(refused),
        checksum);
  }

  private Map<String, Long> byGroup(long[] counts) {
    Map<String, Long> named = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        named.put(groups.get(i).name(), counts[i]);
      }
    }
    return named;
  }
}
