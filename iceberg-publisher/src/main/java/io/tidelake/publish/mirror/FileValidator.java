/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.mirror;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.publish.mirror.PublishedFile.Deletion;
import java.io.DataInputStream;
import java.io.IOException;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.SeekableInputStream;
import org.apache.paimon.table.FileStoreTable;

/** Looks whether the files of a table are whole, before readers are sent to them. */
final class FileValidator {

  // Iceberg's deletion vectors begin with their length and this number.
  private static final int VECTOR_MAGIC = 0xD1D33964;
  private static final int VECTOR_FRAME_BYTES = 8;

  private final FileStoreTable table;

  FileValidator(FileStoreTable table) {
    this.table = table;
  }

  /**
   * Looks at the size of a file.
   *
   * @throws LakeException when it is missing or has another size
   */
  void validate(PublishedFile file) {
    validateSize(file.location(), file.bytes());
  }

  /**
   * Looks whether a deletion vector is whole, and one that Iceberg readers know.
   *
   * @throws LakeException when it is not
   */
  void validate(Deletion deletion) {
    validateSize(deletion.location(), deletion.fileBytes());
    try (SeekableInputStream in = table.fileIO().newInputStream(new Path(deletion.location()))) {
      in.seek(deletion.offset());
      DataInputStream data = new DataInputStream(in);
      int length = data.readInt();
      int magic = data.readInt();
      if (length != deletion.length() - VECTOR_FRAME_BYTES || magic != VECTOR_MAGIC) {
        throw new LakeException(
            ErrorCode.TABLE_NOT_PUBLISHABLE,
            "The table %s has a deletion vector that Iceberg readers do not know, at byte %d of %s."
                .formatted(table.name(), deletion.offset(), deletion.location()),
            "Set 'deletion-vectors.bitmap64' = 'true' for the table and compact it fully; if it is set"
                + " already, the file is damaged.");
      }
    } catch (IOException e) {
      throw damaged(deletion.location(), LakeException.rootMessage(e));
    }
  }

  private void validateSize(String location, long bytes) {
    long found;
    try {
      found = table.fileIO().getFileSize(new Path(location));
    } catch (IOException e) {
      throw damaged(location, LakeException.rootMessage(e));
    }
    if (found != bytes) {
      throw damaged(location, "it has %d bytes instead of %d".formatted(found, bytes));
    }
  }

  private LakeException damaged(String location, String how) {
    return new LakeException(
        ErrorCode.DATA_FILE_DAMAGED,
        "A file of the table %s cannot be read: %s (%s).".formatted(table.name(), location, how),
        "Restore the file, or rebuild the table; until then readers see the snapshot before.");
  }
}
