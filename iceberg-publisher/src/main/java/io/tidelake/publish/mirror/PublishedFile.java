/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import java.util.Collection;
import java.util.Optional;
import org.apache.iceberg.StructLike;

/**
 * A data file as Iceberg readers see it.
 *
 * @param location where it lies, with a scheme
 * @param partition values of the partition columns
 * @param rows rows in the file, deleted ones included
 * @param bytes size of the file
 * @param deletion which of its rows are deleted
 */
record PublishedFile(
    String location, StructLike partition, long rows, long bytes, Optional<Deletion> deletion) {

  /**
   * A deletion vector: a part of one of Paimon's index files.
   *
   * @param location of the index file, with a scheme
   * @param fileBytes size of the index file
   * @param offset where the vector begins in it
   * @param length bytes of the vector
   * @param rows how many rows it deletes
   */
  record Deletion(String location, long fileBytes, long offset, long length, long rows) {}

  /** Rows that a reader sees. */
  long liveRows() {
    return rows - deletion.map(Deletion::rows).orElse(0L);
  }

  /** Rows that a reader of all these files sees. */
  static long liveRows(Collection<PublishedFile> files) {
    return files.stream().mapToLong(PublishedFile::liveRows).sum();
  }
}
