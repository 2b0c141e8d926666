/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.publish.iceberg.IcebergSchemas;
import io.tidelake.publish.mirror.TableContent.BucketId;
import io.tidelake.publish.view.CleanViewPublisher;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;

/**
 * Shows one Paimon table as an Iceberg table, and decides at each look what has to be done. It
 * begins by comparing all files of the newest snapshot with all that the Iceberg table shows, and
 * makes these equal; from then on it applies the changes from snapshot to snapshot. Whenever
 * something is not as expected (a rollback, a table created again, a catalog that was away, a
 * damaged file) it compares all files anew.
 */
public final class TableFollower {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration CHECK_ICEBERG = Duration.ofMinutes(1);

  private final LakeCatalog catalog;
  private final IcebergLake iceberg;
  private final CleanViewPublisher views;
  private final List<String> skipTags;
  private final Duration keepFor;
  private final Clock clock;
  private final String name;

  private Optional<Followed> followed = Optional.empty();
  private FileSweep sweep;
  private Instant lookedAgain = Instant.EPOCH;
  private Instant checkedIceberg = Instant.EPOCH;

  /** The table as it was when all files were compared, and what has been shown of it since. */
  private record Followed(
      FileStoreTable table,
      TableContent content,
      FileMirror mirror,
      ShownFiles shown,
      IcebergCommitter committer,
      TagMirror tags,
      ExpiryGuard guard) {}

  /**
   * Follows a table; reads nothing yet.
   *
   * @param skipTags beginnings of the names of tags that are not shown
   * @param keepFor how long readers may use what was replaced
   * @param name of the table
   */
  public TableFollower(
      LakeCatalog catalog,
      IcebergLake iceberg,
      CleanViewPublisher views,
      List<String> skipTags,
      Duration keepFor,
      Clock clock,
      String name) {
    this.catalog = catalog;
    this.iceberg = iceberg;
    this.views = views;
    this.skipTags = skipTags;
    this.keepFor = keepFor;
    this.clock = clock;
    this.name = name;
  }

  /**
   * Shows the newest snapshot, unless it is shown already.
   *
   * @return false when there is no such table any more; what was shown of it still is
   * @throws LakeException when it cannot be shown; readers see what they saw before
   */
  public boolean publish() {
    try {
      boolean exists = (followed.isPresent() && applyIncremental(followed.get())) || reconcileAll();
      if (exists) {
        Followed now = followed.orElseThrow();
        now.tags().mirrorIfChanged();
        now.guard().advance();
        sweep.sweepIfDue(now.committer().operations());
      }
      return exists;
    } catch (LakeException e) {
      followed = Optional.empty();
      throw e;
    } catch (RuntimeException | IOException e) {
      followed = Optional.empty();
      throw failed(name, e);
    }
  }

  /** What went wrong with a table, for a user. */
  public static LakeException failed(String name, Exception cause) {
    return new LakeException(
        ErrorCode.PUBLICATION_FAILED,
        "Cannot publish " + name + ": " + LakeException.rootMessage(cause),
        "The publisher tries again; until then readers see the snapshot before.",
        cause);
  }

  /** Id of the newest Paimon snapshot that readers see; 0 for a table without snapshots. */
  public long publishedSnapshot() {
    return followed.map(now -> now.content().snapshot()).map(Snapshot::id).orElse(0L);
  }

  /**
   * Shows what changed since the last look.
   *
   * @return whether that is all there is to do; else all files have to be compared
   */
  private boolean applyIncremental(Followed last) throws IOException {
    FileStoreTable table = last.table();
    Snapshot newest = table.snapshotManager().latestSnapshot();
    Snapshot before = last.content().snapshot();
    Instant now = clock.instant();
    if (table.schemaManager().schemaExists(table.schema().id() + 1)) {
      return false;
    }
    if (before == null) {
      // A table that is created again has no snapshot either; that is looked at less often.
      return newest == null && lookedAgain.plus(LOOK_AGAIN).isAfter(now);
    }
    if (checkedIceberg.plus(CHECK_ICEBERG).isBefore(now)) {
      checkedIceberg = now;
      if (!last.committer().isUnchangedInCatalog()) {
        return false;
      }
    }
    if (newest != null && isSame(newest, before)) {
      return true;
    }
    if (newest == null || newest.id() <= before.id() || !snapshotExists(table, before)) {
      return false;
    }
    Set<BucketId> changed = last.content().advance(table, newest);
    Map<String, PublishedFile> shown = last.shown().inBuckets(changed);
    last.committer()
        .applyIncremental(
            FileChanges.between(shown, last.mirror(), last.content(), changed), last.content());
    last.guard().published(newest.id());
    return true;
  }

  private static boolean isSame(Snapshot one, Snapshot other) {
    return one.id() == other.id() && one.deltaManifestList().equals(other.deltaManifestList());
  }

  private static boolean snapshotExists(FileStoreTable table, Snapshot snapshot) {
    try {
      return isSame(table.snapshotManager().tryGetSnapshot(snapshot.id()), snapshot);
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /**
   * Compares all files of the newest snapshot with all that is shown, and makes these equal.
   *
   * @return false when there is no such table
   */
  private boolean reconcileAll() throws IOException {
    followed = Optional.empty();
    lookedAgain = clock.instant();
    checkedIceberg = lookedAgain;
    Optional<FileStoreTable> found = catalog.findTable(name);
    if (found.isEmpty()) {
      return false;
    }
    FileStoreTable table = found.get();
    Snapshot newest = table.snapshotManager().latestSnapshot();
    Schema schema = IcebergSchemas.of(name, table.schema());
    // Before the files are looked at: they shall not expire meanwhile.
    ExpiryGuard guard = new ExpiryGuard(table, newest == null ? 1 : newest.id(), keepFor, clock);
    if (sweep == null) {
      sweep = new FileSweep(table.fileIO(), iceberg.folder(name), keepFor, clock);
    }
    TableContent content = TableContent.of(table, newest);
    Optional<ExistingPublication> existing = ExistingPublication.find(iceberg, name, table);
    ShownFiles shown = new ShownFiles(existing);
    IcebergCommitter committer = new IcebergCommitter(iceberg, name, table, existing, shown);
    FileMirror mirror =
        new FileMirror(
            table,
            schema,
            IcebergSchemas.partitions(table.schema(), schema),
            committer.location() + "/data",
            shown::merged);
    FileChanges changes =
        FileChanges.between(
            existing.map(ExistingPublication::filesByLocation).orElseGet(Map::of),
            mirror,
            content,
            content.buckets());
    committer.reconcileAll(changes, content, schema);
    views.show(catalog.definition(name), schema);
    TagMirror tags =
        new TagMirror(
            table, name, iceberg.files(), committer.operations(), mirror, shown, skipTags);
    followed = Optional.of(new Followed(table, content, mirror, shown, committer, tags, guard));
    return true;
  }
}
