/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.io;

import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.ToLongFunction;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.predicate.PredicateBuilder;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.table.source.Split;

/** Figures of the rows that a query would see now, without a Flink job. */
public final class ReadableRows {

  private ReadableRows() {}

  /**
   * How many rows of a table a query would see now; with deletion vectors from metadata, without
   * reading rows.
   *
   * @throws LakeException when its files cannot be read
   */
  public static long count(FileStoreTable table) {
    return count(table, "");
  }

  /**
   * The same for the days from one on.
   *
   * @param firstDay a value of {@code dt}; empty for all rows
   * @throws LakeException when its files cannot be read
   */
  public static long count(FileStoreTable table, String firstDay) {
    ReadBuilder read = read(table, firstDay).withProjection(new int[] {0});
    try {
      long count = 0;
      for (Split split : read.newScan().plan().splits()) {
        count += split.mergedRowCount().orElseGet(() -> reduce(table, read, split, row -> 1));
      }
      return count;
    } catch (RuntimeException e) {
      throw LakeCatalog.unreadable(table.name(), e);
    }
  }

  /**
   * The sum of a BIGINT column over all rows that a query would see now.
   *
   * @param column a column that is never NULL
   * @param firstDay a value of {@code dt}, for rows of this day and later ones; empty for all rows
   * @throws UncheckedIOException when its files cannot be read
   */
  public static long sum(FileStoreTable table, String column, String firstDay) {
    ReadBuilder read =
        read(table, firstDay).withProjection(new int[] {table.rowType().getFieldIndex(column)});
    return read.newScan().plan().splits().stream()
        .mapToLong(split -> reduce(table, read, split, row -> row.getLong(0)))
        .sum();
  }

  private static ReadBuilder read(FileStoreTable table, String firstDay) {
    ReadBuilder read = table.newReadBuilder();
    if (!firstDay.isEmpty()) {
      int day = table.rowType().getFieldIndex(TableDefinition.DAY);
      read.withFilter(
          new PredicateBuilder(table.rowType())
              .greaterOrEqual(day, BinaryString.fromString(firstDay)));
    }
    return read;
  }

  private static long reduce(
      FileStoreTable table, ReadBuilder read, Split split, ToLongFunction<InternalRow> value) {
    long[] sum = new long[1];
    try (RecordReader<InternalRow> rows = read.newRead().createReader(split)) {
      rows.forEachRemaining(row -> sum[0] += value.applyAsLong(row));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
    return sum[0];
  }
}
