/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.io;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.GenericRow;
import org.apache.paimon.data.InternalArray;
import org.apache.paimon.data.InternalMap;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.predicate.PredicateBuilder;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.ReadBuilder;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.MapType;
import org.apache.paimon.types.RowKind;
import org.apache.paimon.utils.CloseableIterator;

/**
 * A table of the lake's own records, written and read by this process, a few rows at a time. A row
 * is a map from column to value: {@link String}, {@link Boolean}, {@link Integer}, {@link Long},
 * {@link Instant} (in microseconds), or a map of these; NULL where the table allows it.
 */
public final class OpsTable {

  private static final String LAYER = "ops_";

  private final FileStoreTable table;

  private OpsTable(FileStoreTable table) {
    this.table = table;
  }

  /** Whether a table is of the layer OPS: the lake's own records, which nobody computes anew. */
  public static boolean isOne(String table) {
    return table.startsWith(LAYER);
  }

  /** Names of all tables of a lake but its own records. */
  public static List<String> others(LakeCatalog catalog) {
    return catalog.tableNames().stream().filter(table -> !isOne(table)).toList();
  }

  /**
   * Opens a table of the layer OPS.
   *
   * @throws LakeException when there is no such table
   */
  public static OpsTable open(LakeCatalog catalog, String name) {
    return new OpsTable(catalog.table(name));
  }

  /**
   * Writes rows in one commit; a row replaces the one with its key.
   *
   * @param rows columns that a row does not name are NULL
   * @throws LakeException when the commit fails
   */
  public void write(List<Map<String, Object>> rows) {
    try {
      PaimonRows.write(table, rows.stream().map(this::toPaimon).toList());
    } catch (Exception e) {
      throw failed("written", e);
    }
  }

  /**
   * The rows with certain values, in the order of their keys.
   *
   * @param values what the columns must be; empty for all rows
   * @throws LakeException when the table cannot be read
   */
  public List<Map<String, Object>> read(Map<String, Object> values) {
    List<Map<String, Object>> rows = new ArrayList<>();
    forEach(values, rows::add);
    return rows;
  }

  /**
   * The same, one row after the other, for tables that may have many.
   *
   * @param values what the columns must be; empty for all rows
   * @throws LakeException when the table cannot be read
   */
  public void forEach(Map<String, Object> values, Consumer<Map<String, Object>> action) {
    PredicateBuilder predicates = new PredicateBuilder(table.rowType());
    ReadBuilder read = table.newReadBuilder();
    values.forEach(
        (column, value) -> {
          int index = table.rowType().getFieldIndex(column);
          read.withFilter(
              predicates.equal(index, PaimonRows.value(value, table.rowType().getTypeAt(index))));
        });
    try (RecordReader<InternalRow> reader =
        read.newRead().executeFilter().createReader(read.newScan().plan())) {
      reader.forEachRemaining(row -> action.accept(fromPaimon(row)));
    } catch (Exception e) {
      throw failed("read", e);
    }
  }

  /**
   * Deletes rows in one commit.
   *
   * @param which is asked for each row of the table
   * @return how many
   * @throws LakeException when the commit fails
   */
  public long delete(Predicate<Map<String, Object>> which) {
    AtomicLong deleted = new AtomicLong();
    ReadBuilder read = table.newReadBuilder();
    try (RecordReader<InternalRow> reader = read.newRead().createReader(read.newScan().plan())) {
      PaimonRows.write(
          table,
          writer -> {
            try (CloseableIterator<InternalRow> rows = reader.toCloseableIterator()) {
              while (rows.hasNext()) {
                Map<String, Object> row = fromPaimon(rows.next());
                if (which.test(row)) {
                  GenericRow gone = toPaimon(row);
                  gone.setRowKind(RowKind.DELETE);
                  writer.write(gone);
                  deleted.incrementAndGet();
                }
              }
            }
          });
    } catch (Exception e) {
      throw failed("written", e);
    }
    return deleted.get();
  }

  private LakeException failed(String what, Exception cause) {
    return new LakeException(
        ErrorCode.OPS_TABLE_FAILED,
        "The table "
            + table.name()
            + " cannot be "
            + what
            + ": "
            + LakeException.rootMessage(cause),
        "Check that its folder can be " + what + "; `lake tables plan` compares it with its file.",
        cause);
  }

  private GenericRow toPaimon(Map<String, Object> values) {
    GenericRow row = new GenericRow(table.rowType().getFieldCount());
    for (int i = 0; i < row.getFieldCount(); i++) {
      DataField field = table.rowType().getFields().get(i);
      row.setField(i, PaimonRows.value(values.get(field.name()), field.type()));
    }
    return row;
  }

  private Map<String, Object> fromPaimon(InternalRow row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < table.rowType().getFieldCount(); i++) {
      DataField field = table.rowType().getFields().get(i);
      Object value = InternalRow.createFieldGetter(field.type(), i).getFieldOrNull(row);
      values.put(field.name(), fromPaimon(value, field.type()));
    }
    return values;
  }

  private static Object fromPaimon(Object value, DataType type) {
    if (value instanceof BinaryString text) {
      return text.toString();
    }
    if (value instanceof Timestamp timestamp) {
      return timestamp.toInstant();
    }
    if (value instanceof InternalMap map) {
      MapType entry = (MapType) type;
      InternalArray.ElementGetter key = InternalArray.createElementGetter(entry.getKeyType());
      InternalArray.ElementGetter item = InternalArray.createElementGetter(entry.getValueType());
      Map<Object, Object> converted = new LinkedHashMap<>();
      for (int i = 0; i < map.size(); i++) {
        converted.put(
            fromPaimon(key.getElementOrNull(map.keyArray(), i), entry.getKeyType()),
            fromPaimon(item.getElementOrNull(map.valueArray(), i), entry.getValueType()));
      }
      return converted;
    }
    return value;
  }
}
