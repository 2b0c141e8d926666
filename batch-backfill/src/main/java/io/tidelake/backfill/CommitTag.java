package io.tidelake.backfill;

import io.tidelake.tables.LakeConfig;
import java.util.Optional;
import org.apache.flink.util.TimeUtils;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.tag.Tag;

/**
 * The tag on the snapshot of a run's commit. It keeps the files that the commit added and those
 * that it found, for as long as the run can be undone.
 */
final class CommitTag {

  private CommitTag() {}

  /** Tags a commit, unless it has its tag. */
  static void create(
      LakeConfig config, FileStoreTable target, String run, String dt, Snapshot commit) {
    if (!target.tagManager().tagExists(name(run, dt))) {
      target.createTag(
          name(run, dt), commit.id(), TimeUtils.parseDuration(config.backfill().undoFor()));
    }
  }

  /** The snapshot of a run's commit of a partition; empty when it wrote nothing, or long ago. */
  static Optional<Snapshot> find(FileStoreTable target, String run, String dt) {
    return target.tagManager().get(name(run, dt)).map(Tag::trimToSnapshot);
  }

  private static String name(String run, String dt) {
    return "backfill-" + PartitionJob.name(run, dt).replace(' ', '-');
  }
}
