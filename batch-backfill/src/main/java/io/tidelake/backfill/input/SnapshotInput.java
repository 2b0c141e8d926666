/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import io.tidelake.error.LakeException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Where an offline snapshot is. A mapping reads it as the view {@value #VIEW}, which has the
 * columns of the snapshot and {@value #SOURCE_FILE}, the file or table that a row comes from.
 */
public interface SnapshotInput {

  /** The name under which mappings read the snapshot. */
  String VIEW = "snapshot";

  /** The column that names the file or table of a row. */
  String SOURCE_FILE = "source_file";

  /** A file that cannot be read, and why. */
  record BrokenFile(String file, String reason) {}

  /**
   * The days of the snapshot when it lies in folders of days; empty when its rows must be read to
   * know.
   */
  Optional<Set<String>> days();

  /**
   * How many rows it has by the metadata of its files.
   *
   * @param dt a day of {@link #days}; empty for all of them
   * @return empty when nothing but reading tells
   */
  OptionalLong rows(String dt);

  /**
   * The files that cannot be read.
   *
   * @param dt a day of {@link #days}; empty for all of them
   */
  List<BrokenFile> brokenFiles(String dt);

  /**
   * Leaves a file out that turned out to be broken while it was read.
   *
   * @param message of the error
   * @return the file; empty when the message is not about one
   */
  Optional<BrokenFile> leaveOut(String message);

  /**
   * Makes the view {@value #VIEW}.
   *
   * @param dt the day of {@link #days} to read; empty for all of them. Other snapshots are read as
   *     a whole
   * @throws LakeException when there is no such table or file
   */
  void createView(StreamTableEnvironment session, String dt);
}
