/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.publish.mirror.TableContent.BucketId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files that readers see of a table, by bucket and location, as far as this process has shown
 * them; and the files of merged rows among them, by key.
 */
final class ShownFiles {

  private final Map<BucketId, Map<String, PublishedFile>> buckets = new HashMap<>();
  private final Map<String, PublishedFile> merged = new HashMap<>();

  /**
   * Begins without any bucket.
   *
   * @param existing files of merged rows of this publication are used again
   */
  ShownFiles(Optional<ExistingPublication> existing) {
    existing.ifPresent(found -> rememberMerged(found.filesByLocation().values()));
  }

  private void rememberMerged(Collection<PublishedFile> files) {
    files.forEach(
        file -> FileMirror.mergedKey(file.location()).ifPresent(key -> merged.put(key, file)));
  }

  /** The file of merged rows with a {@link FileMirror#mergedKey}. */
  Optional<PublishedFile> merged(String key) {
    return Optional.ofNullable(merged.get(key));
  }

  /** The files of some buckets, by location. */
  Map<String, PublishedFile> inBuckets(Collection<BucketId> some) {
    Map<String, PublishedFile> files = new HashMap<>();
    some.forEach(bucket -> files.putAll(buckets.getOrDefault(bucket, Map.of())));
    return files;
  }

  /** The files of all buckets, by location. */
  Map<String, PublishedFile> all() {
    return inBuckets(buckets.keySet());
  }

  /** How many rows readers see of a table once a change is made. */
  long rowsAfter(FileChanges changes) {
    long unchanged =
        buckets.entrySet().stream()
            .filter(bucket -> !changes.visible().containsKey(bucket.getKey()))
            .mapToLong(bucket -> PublishedFile.liveRows(bucket.getValue().values()))
            .sum();
    return unchanged + changes.visibleRows();
  }

  /** Remembers a change that readers see now. */
  void update(FileChanges changes) {
    changes
        .visible()
        .forEach(
            (bucket, files) -> {
              buckets.getOrDefault(bucket, Map.of()).keySet().stream()
                  .flatMap(location -> FileMirror.mergedKey(location).stream())
                  .forEach(merged::remove);
              buckets.put(bucket, files);
              rememberMerged(files.values());
            });
    buckets.values().removeIf(Map::isEmpty);
  }
}
