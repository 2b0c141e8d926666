/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.paimon.fs.FileIO;
import org.apache.paimon.fs.FileIOLoader;
import org.apache.paimon.fs.Path;
import org.apache.paimon.fs.SeekableInputStream;
import org.apache.paimon.fs.VectoredReadable;
import org.apache.paimon.fs.local.LocalFileIO;

/**
 * Local files, read through a buffer and committed safely by several processes. Paimon's own local
 * streams read straight from the file, and its Avro reader looks for the end of a file's header
 * byte by byte: a system call each, for every manifest and every level 0 file (docs/decisions.md).
 */
final class LakeLocalFileIO extends LocalFileIO {

  private static final long serialVersionUID = 1L;

  @Override
  public SeekableInputStream newInputStream(Path path) throws IOException {
    return new BufferedStream((LocalSeekableInputStream) super.newInputStream(path));
  }

  /**
   * Writes a file unless it exists; how Paimon commits a snapshot or a schema. Paimon's own way
   * looks whether the file exists and then renames, which replaces it, under a lock of this process
   * only: when two processes commit at once, both can succeed, and the first commit is lost. Of
   * several hard links of one name the file system makes one.
   */
  @Override
  public boolean tryToWriteAtomic(Path path, String content) throws IOException {
    Path written = path.createTempPath();
    try {
      writeFile(written, content, false);
      Files.createLink(toFile(path).toPath(), toFile(written).toPath());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      deleteQuietly(written);
    }
  }

  /**
   * Replaces a file as a whole; how Paimon writes tags and consumers. Paimon's own way empties the
   * file first: a process that is killed there leaves a tag that cannot be read, and with it no tag
   * of the table can be listed.
   */
  @Override
  public void overwriteFileUtf8(Path path, String content) throws IOException {
    Path written = path.createTempPath();
    try {
      writeFile(written, content, false);
      Files.move(toFile(written).toPath(), toFile(path).toPath(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteQuietly(written);
    }
  }

  /** Has Paimon use it for a warehouse on the local file system. */
  static final class Loader implements FileIOLoader {

    private static final long serialVersionUID = 1L;

    @Override
    public String getScheme() {
      return "file";
    }

    @Override
    public FileIO load(Path path) {
      return new LakeLocalFileIO();
    }
  }

  private static final class BufferedStream extends SeekableInputStream
      implements VectoredReadable {

    private final LocalSeekableInputStream in;
    private final byte[] buffer = new byte[8 * 1024];
    private int next;
    private int limit;

    BufferedStream(LocalSeekableInputStream in) {
      this.in = in;
    }

    @Override
    public void seek(long position) throws IOException {
      long start = in.getPos() - limit;
      if (position >= start && position <= start + limit) {
        next = (int) (position - start);
      } else {
        next = 0;
        limit = 0;
        in.seek(position);
      }
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos() - limit + next;
    }

    @Override
    public int read() throws IOException {
      return next < limit || fill() ? buffer[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (next == limit && length >= buffer.length) {
        next = 0;
        limit = 0;
        return in.read(target, offset, length);
      }
      if (length > 0 && next == limit && !fill()) {
        return -1;
      }
      int count = Math.min(length, limit - next);
      System.arraycopy(buffer, next, target, offset, count);
      next += count;
      return count;
    }

    private boolean fill() throws IOException {
      next = 0;
      limit = 0;
      limit = Math.max(in.read(buffer, 0, buffer.length), 0);
      return limit > 0;
    }

    @Override
    public int pread(long position, byte[] target, int offset, int length) throws IOException {
      return in.pread(position, target, offset, length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
