/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.backfill.undo.Undo;
import io.tidelake.tables.diff.ColumnGroup;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.apache.paimon.table.FileStoreTable;

/** Takes back what a run wrote. Of the limits of a run only the parallelism is for it. */
record UndoTask(Undo undo) implements PartitionTask {

  @Override
  public FileStoreTable target() {
    return undo.target();
  }

  @Override
  public List<ColumnGroup> groups() {
    return undo.groups();
  }

  @Override
  public List<String> partitions() {
    return undo.partitions();
  }

  @Override
  public OptionalLong rows(List<String> someOfThem) {
    return OptionalLong.empty();
  }

  @Override
  public List<String> problems() {
    return undo.problems();
  }

  @Override
  public long write(Sink sink, String run, String dt, LongConsumer rowsWritten) {
    return undo.write(sink.table(), run, dt, rowsWritten);
  }

  @Override
  public void complete(Sink sink, String run, String dt) {
    // An undo writes nothing but its commit.
  }
}
