/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.diff;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.paimon.KeyValue;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.reader.RecordReaderIterator;

/** The rows of one bucket in the order of their keys. */
final class BucketRows implements AutoCloseable {

  /** What is done with the rows of one key. */
  @FunctionalInterface
  public interface RowsOfKey {

    /**
     * @param rows the row of each input; NULL where the input has none. Valid during the call only.
     */
    void accept(InternalRow[] rows) throws Exception;
  }

  private final RecordReaderIterator<KeyValue> rows;
  private final Comparator<InternalRow> keys;
  private KeyValue current;

  BucketRows(RecordReader<KeyValue> reader, Comparator<InternalRow> keys) {
    this.rows = new RecordReaderIterator<>(reader);
    this.keys = keys;
    advance();
  }

  /** Goes through several inputs side by side, key by key. All have rows of one table's bucket. */
  static void zip(List<BucketRows> inputs, RowsOfKey action) throws Exception {
    InternalRow[] values = new InternalRow[inputs.size()];
    while (true) {
      BucketRows first = null;
      for (BucketRows input : inputs) {
        if (input.current != null
            && (first == null
                || first.keys.compare(input.current.key(), first.current.key()) < 0)) {
          first = input;
        }
      }
      if (first == null) {
        return;
      }
      for (int i = 0; i < values.length; i++) {
        BucketRows input = inputs.get(i);
        boolean hasKey =
            input.current != null
                && first.keys.compare(input.current.key(), first.current.key()) == 0;
        values[i] = hasKey ? input.current.value() : null;
      }
      action.accept(values);
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null) {
          inputs.get(i).advance();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      rows.close();
    } catch (Exception e) {
      throw new IOException("Cannot close the reader of a bucket", e);
    }
  }

  private void advance() {
    current = rows.hasNext() ? rows.next() : null;
  }
}
