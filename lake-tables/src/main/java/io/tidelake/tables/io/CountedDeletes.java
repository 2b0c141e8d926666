/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.paimon.catalog.CatalogContext;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileStatus;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.PositionOutputStream;
import org.apache.paimon.fs.SeekableInputStream;

/**
 * A file system that counts what is deleted. Paimon's own maintenance runs on it as it is; a dry
 * run is the same on a file system of which the disk hears nothing: a deleted file is hidden, and
 * nothing is written. Other threads may delete at the same time.
 */
public final class CountedDeletes implements FileIO {

  private static final long serialVersionUID = 1L;

  private final FileIO files;
  private final boolean isRehearsal;

  /** What a rehearsal hides. */
  private final Set<String> hidden = ConcurrentHashMap.newKeySet();

  private final AtomicLong deletedFiles = new AtomicLong();
  private final AtomicLong deletedBytes = new AtomicLong();
  private final AtomicLong deletedSnapshots = new AtomicLong();

  private CountedDeletes(FileIO files, boolean isRehearsal) {
    this.files = files;
    this.isRehearsal = isRehearsal;
  }

  /** Deletes, and counts. */
  public static CountedDeletes on(FileIO files) {
    return new CountedDeletes(files, false);
  }

  /** Counts what would be deleted, and changes nothing. */
  public static CountedDeletes rehearsedOn(FileIO files) {
    return new CountedDeletes(files, true);
  }

  /** How many files were deleted so far. */
  public long deletedFiles() {
    return deletedFiles.get();
  }

  /** How long they were together, in bytes. */
  public long deletedBytes() {
    return deletedBytes.get();
  }

  /** How many of them were snapshots. */
  public int deletedSnapshots() {
    return Math.toIntExact(deletedSnapshots.get());
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    FileStatus status;
    try {
      status = getFileStatus(path);
    } catch (FileNotFoundException e) {
      return false;
    }
    boolean deleted = isRehearsal ? hide(status, recursive) : files.delete(path, recursive);
    if (deleted && !status.isDir()) {
      deletedFiles.incrementAndGet();
      deletedBytes.addAndGet(status.getLen());
      if (path.getName().startsWith("snapshot-")) {
        deletedSnapshots.incrementAndGet();
      }
    }
    return deleted;
  }

  private boolean hide(FileStatus status, boolean recursive) throws IOException {
    if (status.isDir() && !recursive && listStatus(status.getPath()).length > 0) {
      return false;
    }
    return hidden.add(key(status.getPath()));
  }

  private boolean isHidden(Path path) {
    return isRehearsal && hidden.contains(key(path));
  }

  private static String key(Path path) {
    return path.toUri().getPath();
  }

  private void refuseHidden(Path path) throws IOException {
    if (isHidden(path)) {
      throw new FileNotFoundException(path.toString());
    }
  }

  private void refuseRehearsal(Path path) throws IOException {
    if (isRehearsal) {
      throw new IOException("A dry run would have written " + path);
    }
  }

  @Override
  public SeekableInputStream newInputStream(Path path) throws IOException {
    refuseHidden(path);
    return files.newInputStream(path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    refuseHidden(path);
    return files.getFileStatus(path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] found = files.listStatus(path);
    return found == null || hidden.isEmpty()
        ? found
        : Arrays.stream(found)
            .filter(status -> !isHidden(status.getPath()))
            .toArray(FileStatus[]::new);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return !isHidden(path) && files.exists(path);
  }

  /** A hint only makes the earliest snapshot quicker to find. */
  @Override
  public void overwriteHintFile(Path path, String content) throws IOException {
    if (!isRehearsal) {
      files.overwriteHintFile(path, content);
    }
  }

  @Override
  public boolean tryToWriteAtomic(Path path, String content) throws IOException {
    refuseRehearsal(path);
    return files.tryToWriteAtomic(path, content);
  }

  @Override
  public PositionOutputStream newOutputStream(Path path, boolean overwrite) throws IOException {
    refuseRehearsal(path);
    return files.newOutputStream(path, overwrite);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    refuseRehearsal(path);
    return files.mkdirs(path);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    refuseRehearsal(to);
    return files.rename(from, to);
  }

  @Override
  public boolean isObjectStore() {
    return files.isObjectStore();
  }

  @Override
  public void configure(CatalogContext context) {
    files.configure(context);
  }
}
