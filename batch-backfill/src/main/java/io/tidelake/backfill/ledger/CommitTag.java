/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.ledger;

import io.tidelake.backfill.model.BackfillRun;
import java.time.Duration;
import java.util.Optional;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.tag.Tag;

/**
 * The tag on the snapshot of a run's commit. It keeps the files that the commit added and those
 * that it found, for as long as the run can be undone.
 */
public final class CommitTag {

  /** How all of them begin. */
  public static final String PREFIX = "backfill-";

  private CommitTag() {}

  /** Tags a commit, unless it has its tag. */
  public static void create(
      Duration keptFor, FileStoreTable target, String run, String dt, Snapshot commit) {
    if (!target.tagManager().tagExists(name(run, dt))) {
      target.createTag(name(run, dt), commit.id(), keptFor);
    }
  }

  /** The snapshot of a run's commit of a partition; empty when it wrote nothing, or long ago. */
  public static Optional<Snapshot> find(FileStoreTable target, String run, String dt) {
    return target.tagManager().get(name(run, dt)).map(Tag::trimToSnapshot);
  }

  private static String name(String run, String dt) {
    return PREFIX + BackfillRun.jobName(run, dt).replace(' ', '-');
  }
}
