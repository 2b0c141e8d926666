/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.iceberg.StagedOperations;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.tag.Tag;
import org.apache.paimon.utils.Pair;

/** Shows the tags of a Paimon table as tags of the Iceberg table. */
final class TagMirror {

  /** Holds a snapshot that has no tag yet, until the same commit gives it one. */
  private static final String TAG_BRANCH = "tidelake-tag";

  private final FileStoreTable table;
  private final String name;
  private final FileIO icebergFiles;
  private final TableOperations operations;
  private final FileMirror mirror;
  private final ShownFiles shown;
  private final FileValidator validator;
  private final List<String> skipTags;
  private Optional<Set<String>> mirrored = Optional.empty();

  /**
   * @param operations the Iceberg table
   * @param skipTags beginnings of the names of tags that are not shown
   */
  TagMirror(
      FileStoreTable table,
      String name,
      FileIO icebergFiles,
      TableOperations operations,
      FileMirror mirror,
      ShownFiles shown,
      List<String> skipTags) {
    this.table = table;
    this.name = name;
    this.icebergFiles = icebergFiles;
    this.operations = operations;
    this.mirror = mirror;
    this.shown = shown;
    this.validator = new FileValidator(table);
    this.skipTags = skipTags;
  }

  /** Makes the tags equal, unless Paimon's are those of the last time. */
  void mirrorIfChanged() throws IOException {
    // Only the names and times of the files: tags are looked at each second.
    Set<String> found = new HashSet<>();
    Path folder = table.tagManager().tagDirectory();
    if (table.fileIO().exists(folder)) {
      for (FileStatus file : table.fileIO().listStatus(folder)) {
        found.add(file.getPath().getName() + " " + file.getModificationTime());
      }
    }
    if (!mirrored.equals(Optional.of(found))) {
      mirrorAll();
      mirrored = Optional.of(found);
    }
  }

  /** Makes one commit of all changes of tags. */
  private void mirrorAll() throws IOException {
    TableMetadata base = operations.current();
    StagedOperations staged = new StagedOperations(icebergFiles, base);
    Set<String> wanted = new HashSet<>();
    for (Pair<Tag, String> tag : table.tagManager().tagObjects()) {
      if (skipTags.stream().noneMatch(tag.getRight()::startsWith)) {
        wanted.add(tag.getRight());
        show(tag.getRight(), tag.getLeft().trimToSnapshot(), staged);
      }
    }
    for (Map.Entry<String, SnapshotRef> ref : base.refs().entrySet()) {
      if (ref.getValue().isTag() && !wanted.contains(ref.getKey())) {
        TableMetadata current = staged.current();
        staged.commit(current, TableMetadata.buildFrom(current).removeRef(ref.getKey()).build());
      }
    }
    if (staged.current() != base) {
      operations.commit(base, staged.current());
    }
  }

  private void show(String tag, org.apache.paimon.Snapshot tagged, StagedOperations staged)
      throws IOException {
    SnapshotRef ref = staged.current().ref(tag);
    if (ref != null
        && PublishedMetadata.shows(staged.current().snapshot(ref.snapshotId()), tagged)) {
      return;
    }
    Optional<Long> existing =
        staged.current().snapshots().stream()
            .filter(snapshot -> PublishedMetadata.shows(snapshot, tagged))
            .map(Snapshot::snapshotId)
            .findAny();
    if (existing.isEmpty()) {
      addSnapshot(tagged, staged);
    }
    TableMetadata current = staged.current();
    TableMetadata.Builder builder = TableMetadata.buildFrom(current);
    long id = existing.orElseGet(() -> current.ref(TAG_BRANCH).snapshotId());
    builder.setRef(tag, SnapshotRef.tagBuilder(id).build());
    if (existing.isEmpty()) {
      builder.removeRef(TAG_BRANCH);
    }
    staged.commit(current, builder.build());
  }

  /** Adds a snapshot that was never published, or not any more, beside those of the table. */
  private void addSnapshot(org.apache.paimon.Snapshot tagged, StagedOperations staged)
      throws IOException {
    TableContent content = TableContent.of(table, tagged);
    FileChanges changes = FileChanges.between(shown.all(), mirror, content, content.buckets());
    changes.validateFiles(validator);
    changes.commit(staged, name, tagged, TAG_BRANCH);
  }
}
