/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.run;

import io.tidelake.error.LakeException;
import io.tidelake.tables.diff.ColumnGroup;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.apache.paimon.table.FileStoreTable;

/**
 * What a run does to each of its partitions, and a plan tries out: it writes a snapshot, or takes
 * back what another run wrote.
 */
sealed interface PartitionTask permits SnapshotTask, UndoTask {

  /** The table of the lake that it is about. */
  FileStoreTable target();

  List<ColumnGroup> groups();

  /** The partitions in the order in which they are written; one empty text for a table without. */
  List<String> partitions();

  /**
   * How many rows it will write into some partitions.
   *
   * @return empty when only doing it tells
   */
  OptionalLong rows(List<String> someOfThem);

  /** What is known to go wrong before anything is written, for people. */
  List<String> problems();

  /**
   * Writes a partition in one commit, or none when there is nothing to write.
   *
   * @param run names the run
   * @param rowsWritten is told how many rows it has written
   * @return how many rows fitted, repeated keys counted each time
   * @throws LakeException when it fails; nothing of the partition is visible then
   */
  long write(Sink sink, String run, String dt, LongConsumer rowsWritten)
      throws InterruptedException;

  /**
   * Does what an interruption right after the commit of a partition may have left undone.
   *
   * @param run names the run
   */
  void complete(Sink sink, String run, String dt) throws InterruptedException;
}
